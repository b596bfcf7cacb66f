import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { FINDINGS, type FindingItem } from "../../src/server/protocol.ts";
import { plumbline } from "../harness/engine.ts";
import { Client, temporaryFolder, uri } from "./client.ts";

const SERVER = [join(import.meta.dirname, "product-server.ts")];
const project = join(import.meta.dirname, "../..");
const layouts = join(project, "test/fixtures/layouts");
const folders = [
  ...readdirSync(layouts).map((name) => [name, join(layouts, name)] as const),
  ["examples/landing-zone", join(project, "examples/landing-zone")] as const,
];

/** What a person sees of a finding, wherever it is shown. Lines and columns count from zero. */
interface Shown {
  readonly id: string;
  readonly check: string;
  readonly uri: string;
  readonly range: string;
  readonly message: string;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface JsonFinding {
  readonly id: string;
  readonly check: string;
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  readonly message: string;
}

async function fromCommandLine(folder: string): Promise<Shown[]> {
  const { out, error } = await plumbline([folder, "--format", "json"]);
  assert.equal(error, "");
  const { findings } = JSON.parse(out) as { readonly findings: readonly JsonFinding[] };
  return sorted(
    findings.map(({ id, check, file, start, end, message }) => ({
      id,
      check,
      uri: uri(join(folder, file)),
      range: `${start.line - 1}:${start.column - 1}-${end.line - 1}:${end.column - 1}`,
      message,
    })),
  );
}

/** The diagnostics that show findings, also several as one: those of problems with a file carry no id. */
function fromEditor(client: Client): Shown[] {
  const latest = new Map(client.published.map((published) => [published.uri, published.diagnostics]));
  return sorted(
    [...latest].flatMap(([file, diagnostics]) =>
      diagnostics.flatMap(({ code, data, range: { start, end }, message }) => {
        const text = typeof message === "string" ? message : message.value;
        const place = { uri: file, range: `${start.line}:${start.character}-${end.line}:${end.character}` };
        if (typeof data === "string") return [{ ...place, id: data, check: String(code), message: text }];
        if (!Array.isArray(data)) return [];
        const lines = text.split("\n").slice(1);
        assert.equal(lines.length, data.length);
        return lines.map((line, index) => {
          const [, said = "", check = ""] = /^- (.*) \[(.*)\]$/.exec(line) ?? [];
          return { ...place, id: String(data[index]), check, message: said };
        });
      }),
    ),
  );
}

function sorted(shown: readonly Shown[]): Shown[] {
  const key = ({ uri: file, range, id }: Shown): string => `${file} ${range} ${id}`;
  return shown.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

describe("The command line and the editor", function () {
  this.timeout(300_000);
  let client: Client;
  let folder: ReturnType<typeof temporaryFolder>;

  afterEach(() => {
    client.kill();
    folder.remove();
  });

  for (const [name, path] of folders) {
    it(`agree to the finding: ${name}`, async () => {
      folder = temporaryFolder(path);
      client = new Client(SERVER);
      const expected = await fromCommandLine(folder.path);
      assert.ok(expected.length > 0);
      await client.start([folder.path]);
      await client.wait(() => isDeepStrictEqual(fromEditor(client), expected), "the same findings").catch(() => undefined);
      assert.deepEqual(fromEditor(client), expected);
      // The view of all findings says the same, and so nothing more is on its way.
      const items = await client.connection.sendRequest<FindingItem[]>(FINDINGS);
      assert.deepEqual(items.map(({ id }) => id).toSorted(), expected.map(({ id }) => id).toSorted());
    });
  }
});
