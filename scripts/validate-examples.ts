/**
 * Asks the real terraform about every Terraform example of the bundled checks, and about the text that each source fix makes of
 * it: is it valid, is it formatted?
 * `TF_CLI_CONFIG_FILE=<mirror's terraform.tfrc> node scripts/validate-examples.ts [--all]`
 *
 * Examples of one cloud are child modules of one workspace. Answers go to test/fixtures/example-validation/<cloud>.json by
 * content and provider version; only new examples are asked about, unless `--all` is given. Tests replay the answers.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadCheckTree, root, type CheckTree } from "./check-files.ts";
import type { Cloud } from "../src/core/instances/model.ts";
import { createService } from "../src/core/service.ts";
import { applyEdits } from "../src/core/text/text.ts";

const run = promisify(execFile);

const answersFile = (cloud: Cloud): string => join(root, `test/fixtures/example-validation/${cloud}.json`);

interface Provider {
  readonly name: string;
  readonly source: string;
  readonly version: string;
}

const providers: Readonly<Record<Cloud, Provider>> = {
  aws: { name: "aws", source: "hashicorp/aws", version: "6.66.0" },
  alibaba: { name: "alicloud", source: "aliyun/alicloud", version: "1.289.0" },
  tencent: { name: "tencentcloud", source: "tencentcloudstack/tencentcloud", version: "1.83.25" },
};

/** What terraform says of one example; `errors` is empty for a valid one. */
export interface Answer {
  /** Where the example stood when it was asked about, for readers of the file. */
  readonly example: string;
  readonly errors: readonly string[];
  readonly formatted: boolean;
}

export interface TerraformExample {
  readonly cloud: Cloud;
  readonly label: string;
  readonly text: string;
  readonly key: string;
}

export function terraformExamples(tree: CheckTree): readonly TerraformExample[] {
  return tree.checks.flatMap((check) =>
    (tree.examples.get(check.id) ?? []).flatMap(({ terraform, path }) =>
      terraform === undefined
        ? []
        : [
            {
              cloud: check.cloud,
              label: `${check.id} ${path.slice(1).join(" ")}`,
              text: terraform,
              key: keyOf(check.cloud, terraform),
            },
          ],
    ),
  );
}

/** A failing example after one of its fixes, as the product offers it; what is asked for has its default. */
export interface MendedExample extends TerraformExample {
  readonly title: string;
  readonly before: string;
  /** Findings of the item that are left, of those that the fix was offered for. */
  readonly left: number;
}

/** What every available fix makes of every failing example, one fix of one finding at a time. */
export async function mendedExamples(tree: CheckTree): Promise<readonly MendedExample[]> {
  const files = Object.fromEntries([...tree.sources].map(([path, { data }]) => [path, data]));
  const service = createService({ catalogue: { format: 1, files }, schemas: tree.schemas, now: () => "2026-06-15T12:00:00Z" });
  const file = "/w/main.tf";
  service.setFolders(["/w"]);
  service.setDirectory("/w", { kind: "listing", files: ["main.tf"] });
  const mended: MendedExample[] = [];
  for (const check of tree.checks) {
    const failing = (tree.examples.get(check.id) ?? []).filter(({ verdict }) => verdict === "fail" && check.fixes.length > 0);
    const findings = async (text: string): Promise<Awaited<ReturnType<typeof service.check>>["findings"]> => {
      service.setFile(file, { kind: "text", text });
      return (await service.check()).findings.filter((finding) => finding.check.id === check.id);
    };
    for (const { terraform, path } of failing) {
      if (terraform === undefined) continue;
      const texts = (await findings(terraform)).flatMap((finding) =>
        service
          .fixes(finding)
          .flatMap((offer) =>
            offer.kind === "available"
              ? [{ title: offer.title, id: finding.id, text: applyEdits(terraform, offer.edit.get(file) ?? []) }]
              : [],
          ),
      );
      for (const { title, id, text } of texts) {
        mended.push({
          cloud: check.cloud,
          label: `${check.id} ${path.slice(1).join(" ")} after "${title}"`,
          title,
          before: terraform,
          text,
          key: keyOf(check.cloud, text),
          left: (await findings(text)).filter((finding) => finding.id === id).length,
        });
      }
    }
  }
  return mended;
}

export async function readAnswers(): Promise<ReadonlyMap<string, Answer>> {
  const files = await Promise.all((Object.keys(providers) as Cloud[]).map((cloud) => readFile(answersFile(cloud), "utf8")));
  return new Map(files.flatMap((text) => Object.entries(JSON.parse(text) as Record<string, Answer>)));
}

function keyOf(cloud: Cloud, text: string): string {
  const { source, version } = providers[cloud];
  return createHash("sha256").update(`${source} ${version}\n${text}`).digest("hex").slice(0, 32);
}

async function ask(cloud: Cloud, examples: readonly TerraformExample[]): Promise<ReadonlyMap<string, Answer>> {
  const workspace = await mkdtemp(join(tmpdir(), "plumbline-examples-"));
  try {
    return await askIn(workspace, cloud, examples);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

async function askIn(workspace: string, cloud: Cloud, examples: readonly TerraformExample[]): Promise<ReadonlyMap<string, Answer>> {
  const { name, source, version } = providers[cloud];
  const requirements = `terraform {\n  required_providers {\n    ${name} = {\n      source  = "${source}"\n      version = "${version}"\n    }\n  }\n}\n`;
  const names = new Map(examples.map((example, index) => [`e${index}`, example]));
  for (const [module, { text }] of names) {
    await mkdir(join(workspace, module));
    await writeFile(join(workspace, module, "main.tf"), text);
    if (!text.includes("required_providers")) await writeFile(join(workspace, module, "versions.tf"), requirements);
  }
  const unformatted = new Set(
    (await terraform(workspace, ["fmt", "-check", "-recursive", "-list=true"])).split(/\r?\n/).map(moduleOf),
  );
  const errors = new Map<string, string[]>();
  // An error in one module can hide those of others: ask again without it until nothing is left to say.
  for (let round = 0; round < 30; round++) {
    const asked = [...names.keys()].filter((module) => !errors.has(module));
    await writeFile(
      join(workspace, "main.tf"),
      requirements + asked.map((module) => callOf(module, names.get(module)?.text ?? "")).join(""),
    );
    const initialised = await terraform(workspace, ["init", "-backend=false", "-input=false", "-no-color"]);
    const answer = await terraform(workspace, ["validate", "-json"]);
    const said = answer.startsWith("{") ? diagnosticsIn(answer) : diagnosticsInText(initialised);
    const found = said.filter(({ module, message }) => !isMistaken(message, names.get(module)?.text ?? ""));
    if (said.length === 0 && !answer.startsWith("{")) throw new Error(`terraform can't be asked:\n${initialised}\n${answer}`);
    for (const { module, message } of found) {
      if (!names.has(module)) throw new Error(`terraform complains about the workspace itself: ${message}`);
      errors.set(module, [...(errors.get(module) ?? []), message]);
    }
    if (found.length === 0) break;
  }
  return new Map(
    [...names].map(([module, { key, label }]) => [
      key,
      { example: label, errors: [...new Set(errors.get(module))], formatted: !unformatted.has(module) },
    ]),
  );
}

/**
 * The schema-only providers take an argument whose value is not known yet for one that is left out where one of several is demanded.
 * The plugin SDK counts it as set (`validateExactlyOneAttribute`), so these answers are not the real provider's.
 */
const MISTAKES: readonly { readonly message: RegExp; readonly where: RegExp }[] = [
  {
    message: /^Missing required argument: one of `secret_binary` must be specified$/,
    where: /"tencentcloud_ssm_secret_version"[^}]*\bsecret_string\s*= var\./,
  },
];

function isMistaken(error: string, text: string): boolean {
  return MISTAKES.some(({ message, where }) => message.test(error) && where.test(text));
}

/** Variables without a default must be given; in `validate` their values play no part. */
function callOf(module: string, text: string): string {
  const variables = [...text.matchAll(/^variable "(\w+)" \{([^]*?)^\}/gm)].filter(
    ([, , body]) => !/^\s*default\s*=/m.test(body ?? ""),
  );
  return `module "${module}" {\n  source = "./${module}"\n${variables.map(([, name]) => `  ${name ?? ""} = null\n`).join("")}}\n`;
}

interface Diagnostic {
  readonly module: string;
  readonly message: string;
}

function diagnosticsIn(json: string): readonly Diagnostic[] {
  const { diagnostics } = JSON.parse(json) as {
    diagnostics: { severity: string; summary: string; detail?: string; range?: { filename: string } }[];
  };
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ summary, detail = "", range }) => ({ module: moduleOf(range?.filename ?? ""), message: `${summary}: ${detail}` }));
}

/** Errors of `init`: `on e3/main.tf line 4`. */
function diagnosticsInText(text: string): readonly Diagnostic[] {
  return [...text.matchAll(/Error: ([^\n]*)[^]*?on (e\d+)[\\/]/g)].map(([, message = "", module = ""]) => ({ module, message }));
}

function moduleOf(file: string): string {
  return file.split(/[\\/]/)[0] ?? "";
}

/** Standard output whatever the exit code says; with what went to the error stream when there is nothing else. */
async function terraform(directory: string, words: readonly string[]): Promise<string> {
  try {
    return (await run("terraform", [...words], { cwd: directory, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return stdout === "" ? stderr : stdout + (words[0] === "init" ? stderr : "");
  }
}

/** Two fixes may make the same text: the first label stays. */
function distinct(examples: readonly TerraformExample[]): readonly TerraformExample[] {
  return [...new Map([...examples].reverse().map((example) => [example.key, example])).values()].reverse();
}

if (import.meta.main) {
  const tree = await loadCheckTree();
  const examples = distinct([...terraformExamples(tree), ...(await mendedExamples(tree))]);
  const known = process.argv.includes("--all") ? new Map<string, Answer>() : await readAnswers();
  for (const cloud of Object.keys(providers) as Cloud[]) {
    const answers = new Map<string, Answer>();
    const of = examples.filter((example) => example.cloud === cloud);
    const unasked = of.filter(({ key }) => !known.has(key));
    const fresh = unasked.length === 0 ? new Map<string, Answer>() : await ask(cloud, unasked);
    for (const { key, label } of of) {
      const answer = known.get(key) ?? fresh.get(key);
      if (answer !== undefined) answers.set(key, { ...answer, example: label });
    }
    process.stdout.write(`${cloud}: ${of.length} examples, ${unasked.length} asked about\n`);
    for (const { example, errors, formatted } of answers.values()) {
      for (const error of errors) process.stdout.write(`${example}: ${error}\n`);
      if (!formatted) process.stdout.write(`${example}: terraform fmt would change it\n`);
    }
    const sorted = [...answers].sort(([a], [b]) => (a < b ? -1 : 1));
    await writeFile(answersFile(cloud), `${JSON.stringify(Object.fromEntries(sorted), null, 1)}\n`);
  }
}
