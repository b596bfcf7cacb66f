import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { readArguments } from "../../src/cli/arguments.ts";
import { runConsole } from "../../src/cli/console.ts";
import { openService, type Ran, withFolder } from "../harness/engine.ts";
import { worldFolder } from "../core/terraform/expressions/world.ts";
import { questions } from "./console-questions.ts";

const recorded = JSON.parse(readFileSync(new URL("../fixtures/console.json", import.meta.url), "utf8")) as readonly (readonly [
  string,
  string | null,
])[];

async function ask(
  args: readonly string[],
  lines: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const command = readArguments(["console", ...args]);
  if (command.kind !== "console") throw new Error(command.kind === "wrong" ? command.message : command.kind);
  let out = "";
  let error = "";
  const terminal = { out: (text: string) => (out += text), error: (text: string) => (error += text), color: false, environment };
  const input = Readable.from(lines.map((line) => `${line}\n`));
  const code = await runConsole(command, () => openService(), input, terminal);
  return { code, out, error };
}

describe("plumbline console", () => {
  const world = fileURLToPath(worldFolder);

  it("was recorded beside the real one", () => {
    deepEqual(
      recorded.map(([question]) => question),
      questions,
    );
  });

  it("prints what terraform console prints, and refuses what it refuses", async () => {
    const wrong: string[] = [];
    for (const [question, theirs] of recorded) {
      const { code, out, error } = await ask([world], [question]);
      const ours = code === 1 ? null : out.replace(/\n$/, "");
      if (code === 1) match(error, /^Error: ./);
      if (ours !== theirs) wrong.push(`${question}\n  ours: ${String(ours)}\n  terraform: ${String(theirs)}`);
    }
    deepEqual(wrong, []);
  });

  it("answers line by line, goes on after what is refused, and says so in the exit code", async () => {
    const { code, out, error } = await ask([world], ["1 + 1", "", "nope", "[]", "exit", "2 + 2"]);
    deepEqual({ code, out }, { code: 1, out: "2\n[]\n" });
    match(error, /^Error: Nothing named "nope"/);
    equal((await ask([world], ["1 + 1"])).code, 0);
  });

  it("has resources, module outputs and given variables in scope", async () => {
    const files = {
      "main.tf": `variable "name" {}\nlocals {\n  upper = upper(var.name)\n}\nresource "aws_s3_bucket" "b" {\n  bucket = "x-\${var.name}"\n}\nmodule "m" {\n  source = "./m"\n}\n`,
      "m/main.tf": 'output "o" {\n  value = [for name in fileset(path.module, "**/*.txt") : name]\n}\n',
      "m/deep/a.txt": "a",
      "given.tfvars": 'name = "file"\n',
    };
    await withFolder(files, async (folder) => {
      const lines = ["local.upper", "aws_s3_bucket.b.bucket", "aws_s3_bucket.b.arn", "module.m.o"];
      const file = await ask([folder, "--var-file", `${folder}/given.tfvars`], lines);
      equal(file.out, '"FILE"\n"x-file"\n(known after apply)\n[\n  "deep/a.txt",\n]\n');
      equal((await ask([folder, "--var", "name=a"], lines.slice(0, 1))).out, '"A"\n');
      equal((await ask([folder], lines.slice(0, 1), { TF_VAR_name: "e" })).out, '"E"\n');
    });
  });

  it("says an object a line with --json, and never what is sensitive", async () => {
    const asked = ["var.words", "local.secret_half", "terraform_data.one.id", "9007199254740993", "nope", "var.temporary"];
    const { out, code } = await ask([world, "--json"], asked);
    ok(!out.includes("s3cr3t") && !out.includes("t0ken"));
    equal(code, 1);
    deepEqual(out.trim().split("\n"), [
      '{"status":"value","value":["b","a","c","a"],"type":["list","string"],"sensitive":false,"reasons":[]}',
      '{"status":"value","value":{"hidden":null,"open":"x"},"type":["object",{"hidden":"string","open":"string"}],"sensitive":true,"reasons":[]}',
      '{"status":"unknown","value":null,"type":"string","sensitive":false,"reasons":["computed: terraform_data.one.id"]}',
      '{"status":"value","value":9007199254740993,"type":"number","sensitive":false,"reasons":[]}',
      '{"status":"error","message":"Nothing named \\"nope\\" can be referred to here."}',
      '{"status":"value","value":null,"type":"string","sensitive":true,"reasons":[]}',
    ]);
  });

  it("could not run where there is no folder, no variable file or no root module", async () => {
    equal((await ask(["/nowhere/at/all"], [])).code, 2);
    equal((await ask([world, "--var-file", "/nowhere.tfvars"], [])).code, 2);
    await withFolder({ "readme.txt": "" }, async (folder) => {
      equal((await ask([folder], ["1"])).code, 2);
    });
  });
});
