import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema, type CallToolResult } from "@modelcontextprotocol/sdk/types.js";

/* `plumbline mcp` as an agent uses it: the built program, and the protocol's own client. */

const cli = join(import.meta.dirname, "../../dist/cli.js");

const text = `variable "password" {
  default = "correct-Horse-battery9"
}

resource "aws_s3_bucket" "uploads" {
  bucket = "pinewood-uploads"
}

resource "aws_s3_bucket_acl" "uploads" {
  bucket = aws_s3_bucket.uploads.id
  acl    = "public-read"
}

resource "aws_db_instance" "orders" {
  identifier          = "orders"
  engine              = "mysql"
  instance_class      = "db.t3.micro"
  password            = "correct-Horse-battery9"
  publicly_accessible = true
}
`;

interface Found {
  readonly of: number;
  readonly findings: readonly {
    readonly id: string;
    readonly check: string;
    readonly risk: string;
    readonly file: string;
    readonly line: number;
    readonly fixes: readonly string[];
  }[];
}

describe("plumbline mcp", function () {
  this.timeout(120_000);
  let folder = "";
  let client: Client;
  /** What the user is asked, and says. */
  const asked: string[] = [];
  let says: "yes" | "no" | "cancel" = "yes";

  async function connect(capabilities: { elicitation?: Record<string, unknown> }): Promise<Client> {
    const made = new Client({ name: "test", version: "1" }, { capabilities });
    if (capabilities.elicitation !== undefined)
      made.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        asked.push(params.message);
        return Promise.resolve(says === "cancel" ? { action: "cancel" } : { action: "accept", content: { scan: says === "yes" } });
      });
    await made.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [cli, "mcp"],
        cwd: folder,
        env: { PATH: process.env["PATH"] ?? "", HOME: folder, PLUMBLINE_DATABASE: join(folder, "live.db") },
      }),
    );
    return made;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "plumbline-mcp-"));
    writeFileSync(join(folder, "main.tf"), text);
    client = await connect({ elicitation: {} });
  });
  after(async () => {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function raw(name: string, input: Record<string, unknown> = {}, by = client): Promise<{ text: string; failed: boolean }> {
    const { content, isError } = (await by.callTool({ name, arguments: input })) as CallToolResult;
    const [only] = content;
    assert.ok(only?.type === "text");
    return { text: only.text, failed: isError === true };
  }
  async function call<T>(name: string, input?: Record<string, unknown>): Promise<T> {
    const { text: said, failed } = await raw(name, input);
    assert.ok(!failed, said);
    return JSON.parse(said) as T;
  }

  it("tells what tools there are, with schemas that clients can use", async () => {
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      [
        "plumbline_check",
        "plumbline_explain",
        "plumbline_propose_fix",
        "plumbline_accounts",
        "plumbline_preview_scan",
        "plumbline_scan",
        "plumbline_scan_results",
      ],
    );
    for (const { inputSchema, description, annotations, name } of tools) {
      assert.equal(inputSchema.type, "object");
      assert.ok((description ?? "").length > 40);
      assert.equal(annotations?.readOnlyHint, name !== "plumbline_scan");
    }
  });

  it("checks a folder, explains a finding and proposes a fix as a diff that terraform's formatter leaves alone", async () => {
    const found = await call<Found>("plumbline_check");
    assert.ok(found.of > 3);
    const finding = found.findings.find(({ check }) => check === "aws-s3-bucket-acl-public-read");
    assert.deepEqual([finding?.risk, finding?.file, finding?.line], ["high", "main.tf", 11]);
    const explained = await raw("plumbline_explain", { finding: finding?.id });
    assert.match(explained.text, /"why":".*"advice":"/);
    assert.match(explained.text, /"decidedBy":\[/);
    const { fixes } = await call<{ fixes: { title: string; available: boolean; diff: string }[] }>("plumbline_propose_fix", {
      finding: finding?.id,
    });
    assert.match(fixes[0]?.diff ?? "", /^--- .*main\.tf\n\+\+\+ .*main\.tf\n@@ /);
    assert.match(fixes[0]?.diff ?? "", /^- {2}acl {4}= "public-read"\n\+ {2}acl {4}= "private"$/m);
    assert.equal(readFileSync(join(folder, "main.tf"), "utf8"), text);
    const { title } = await call<{ title: string }>("plumbline_explain", { finding: "aws-s3-bucket-versioning" });
    assert.match(title, /version/i);
  });

  it("narrows what it tells, and says how much there is", async () => {
    const all = await call<Found>("plumbline_check");
    const high = await call<Found>("plumbline_check", { minimumRisk: "high" });
    assert.ok(high.of < all.of && high.findings.every(({ risk }) => risk === "high"));
    const one = await call<Found>("plumbline_check", { limit: 1 });
    assert.deepEqual([one.of, one.findings.length], [all.of, 1]);
    const s3 = await call<Found>("plumbline_check", { checks: ["aws-s3-*"], file: "main.tf" });
    assert.ok(s3.of > 0 && s3.findings.every(({ check }) => check.startsWith("aws-s3-")));
    assert.equal((await call<Found>("plumbline_check", { file: "other.tf" })).of, 0);
  });

  it("sees what changes between two questions", async () => {
    writeFileSync(join(folder, "main.tf"), text.replace('"public-read"', '"private"'));
    writeFileSync(
      join(folder, "more.tf"),
      'resource "aws_ebs_volume" "data" {\n  availability_zone = "eu-west-1a"\n  size = 8\n  encrypted = false\n}\n',
    );
    const found = await call<Found>("plumbline_check");
    assert.ok(!found.findings.some(({ check }) => check === "aws-s3-bucket-acl-public-read"));
    assert.ok(found.findings.some(({ file }) => file === "more.tf"));
    rmSync(join(folder, "more.tf"));
    writeFileSync(join(folder, "main.tf"), text);
    assert.ok(!(await call<Found>("plumbline_check")).findings.some(({ file }) => file === "more.tf"));
  });

  it("never tells a secret", async () => {
    const found = await call<Found>("plumbline_check", { limit: 500 });
    const secrets = found.findings.filter(({ check }) => /password|secret|credential/.test(check));
    assert.ok(secrets.length > 0);
    const said = [JSON.stringify(found)];
    for (const { id } of found.findings) {
      said.push((await raw("plumbline_explain", { finding: id })).text, (await raw("plumbline_propose_fix", { finding: id })).text);
    }
    assert.ok(!said.join("").includes("correct-Horse-battery9"));
  });

  it("says what is wrong with a question", async () => {
    for (const [name, input, message] of [
      ["plumbline_check", { folder: "nowhere" }, /There is no "nowhere"/],
      ["plumbline_check", { folder: "main.tf" }, /is no folder/],
      ["plumbline_check", { limit: 0 }, /limit/],
      ["plumbline_check", { foldr: "." }, /foldr/],
      ["plumbline_explain", { finding: "aws-s3-bucket-versionin" }, /Did you mean `aws-s3-bucket-versioning`/],
      ["plumbline_explain", {}, /finding/],
      ["plumbline_propose_fix", { finding: "0123456789abcdef" }, /There is no finding/],
      ["plumbline_chek", {}, /plumbline_chek/],
      ["plumbline_preview_scan", {}, /No account is connected/],
      ["plumbline_preview_scan", { account: "123" }, /No account is connected/],
    ] as const) {
      const { text: said, failed } = await raw(name, input);
      assert.ok(failed, name);
      assert.match(said, message);
    }
  });

  describe("with an account", () => {
    before(async () => {
      const { spawnSync } = await import("node:child_process");
      const env = { PATH: process.env["PATH"], HOME: folder, PLUMBLINE_DATABASE: join(folder, "live.db") };
      const run = (...args: string[]): void => {
        const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { env, encoding: "utf8" });
        assert.equal(status, 0, stderr);
      };
      run("accounts", "connect", "aws", "--source", "sample");
      run("plan", "activate", "--accept-terms");
    });

    interface Cost {
      readonly account: string;
      readonly scanTimes: number;
      readonly charged: number;
      readonly fee: string;
    }

    const scope = { checks: ["aws-s3-*"] };

    it("previews what a scan costs, and scans nothing", async () => {
      const cost = await call<Cost>("plumbline_preview_scan", scope);
      assert.equal(cost.account, "aws:111122223333");
      assert.ok(cost.charged > 0 && cost.charged < cost.scanTimes);
      assert.equal(cost.fee, `USD ${(cost.charged * 0.02).toFixed(2)}`);
      assert.match((await raw("plumbline_scan_results")).text, /was never scanned/);
      assert.deepEqual(asked, []);
    });

    it("scans nothing without the user's agreement, who sees account, count and amount", async () => {
      const { charged, scanTimes, fee } = await call<Cost>("plumbline_preview_scan", scope);
      for (const answer of ["no", "cancel"] as const) {
        says = answer;
        const { text: said, failed } = await raw("plumbline_scan", scope);
        assert.ok(failed);
        assert.match(said, /Nothing was scanned, and nothing was charged\. The user did not agree/);
        const question = asked.pop() ?? "";
        for (const part of ["aws:111122223333", `${scanTimes} scan times`, `${charged} of them charged`, fee])
          assert.ok(question.includes(part), `${question} lacks ${part}`);
      }
      const mute = await connect({});
      try {
        const { text: said, failed } = await raw("plumbline_scan", scope, mute);
        assert.ok(failed);
        assert.match(said, /can't ask its user.*plumbline scan/);
      } finally {
        await mute.close();
      }
      const { accounts } = await call<{ accounts: { lastScan?: object; plan: { used?: number } }[] }>("plumbline_accounts");
      assert.equal(accounts[0]?.lastScan, undefined);
    });

    it("scans when the user agrees, and charges what they saw", async () => {
      const { charged, fee } = await call<Cost>("plumbline_preview_scan", scope);
      says = "yes";
      const done = await call<Cost & { state: string; of: number; reconciliation: { wrong: string[] } }>("plumbline_scan", scope);
      assert.deepEqual([done.state, done.charged, done.fee, done.reconciliation.wrong], ["done", charged, fee, []]);
      const read = await call<{ of: number; failed: { advice: string }[] }>("plumbline_scan_results", { minimumRisk: "high" });
      assert.ok(read.of > 0 && read.of <= done.of && read.failed.every(({ advice }) => advice.length > 0));
    });
  });
});
