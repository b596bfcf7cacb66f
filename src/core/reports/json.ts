import type { CheckItem, Result } from "../checks/model.ts";
import type { Finding, PlacedResult, Report } from "../findings/model.ts";
import { fingerprint, fingerprintLength } from "../findings/fingerprint.ts";
import { relativePath } from "../text/path.ts";
import type { FilePath, Location } from "../text/text.ts";
import { countByRisk, fixTitles, isListed, outcomeReasons, Places, type ReportContext } from "./context.ts";

/**
 * The report for programs. `version` grows when a member changes its meaning or goes away; new members may come at any time.
 * Lines and columns count from 1, columns in UTF-16 units, ends are exclusive. Files are relative to the folder where possible.
 */
export function renderJson(report: Report, context: ReportContext): string {
  return [...jsonPieces(report, context)].join("");
}

/**
 * `renderJson` piece by piece: ten thousand findings are twenty megabytes, which nobody has to hold at once. One item a line: it is
 * read by programs and by `grep`, and indenting it doubles it.
 */
export function* jsonPieces(report: Report, context: ReportContext): Generator<string> {
  const items = new ItemTexts(context);
  const { coverage } = report;
  const listed = report.results.filter((item) => {
    const suppressed = item.suppression !== undefined;
    return (item.result.outcome.kind !== "fail" || suppressed) && isListed(item.result.outcome, suppressed, context.show);
  });
  yield `{\n"version": 1,\n"tool": ${JSON.stringify({ name: "plumbline", version: context.version })},\n"roots": `;
  yield* lines(report.roots, (root) => items.path(root));
  yield `,\n"summary": ${JSON.stringify({ findings: report.findings.length, ...countByRisk(report) })},\n"findings": `;
  yield* lines(report.findings, (finding) => items.finding(finding));
  yield `,\n"results": `;
  yield* lines(listed, (item) => items.result(item));
  yield `,\n"problems": `;
  yield* lines(report.problems, ({ severity, code, file, range, message }) => {
    return `{${members({ severity, code })},${items.place({ file, range })},${members({ message })}}`;
  });
  const summary = {
    resources: coverage.resources,
    assessed: coverage.assessed,
    unsupported: Object.fromEntries(coverage.unsupported),
    unreadNames: Object.fromEntries(coverage.unreadNames),
    results: coverage.results,
    unknownReasons: Object.fromEntries(coverage.unknownReasons),
    checks: coverage.checks,
    checksOff: coverage.checksOff,
    skippedFiles: coverage.skippedFiles.map(({ file, why }) => ({ file: items.relative(file), why })),
  };
  yield `,\n"coverage": ${JSON.stringify(summary)}\n}\n`;
}

/** What a check item says in each of its findings, before and after what is the finding's own. */
interface CheckText {
  readonly before: string;
  readonly after: string;
}

/** Items as text. What many share, which is most of the text, is written once. */
class ItemTexts {
  readonly #base: FilePath;
  readonly #places: Places;
  readonly #paths = new Map<FilePath, string>();
  readonly #checks = new Map<CheckItem, CheckText>();
  readonly #roots = new Map<FilePath, string>();
  /** Whether a root's findings have the names that their first instances have here. */
  readonly #namedAlike = new Map<FilePath, boolean>();

  constructor(context: ReportContext) {
    this.#base = context.base;
    this.#places = new Places(context);
  }

  relative(file: FilePath): string {
    return this.#places.path(file);
  }

  /** A path as JSON. */
  path(file: FilePath): string {
    let text = this.#paths.get(file);
    if (text === undefined) {
      text = JSON.stringify(this.relative(file));
      this.#paths.set(file, text);
    }
    return text;
  }

  place(location: Location): string {
    const { start, end } = this.#places.region(location);
    return `"file":${this.path(location.file)},"start":${position(start)},"end":${position(end)}`;
  }

  finding({ id, check, location, message, environments, results, related }: Finding): string {
    const { before, after } = this.#check(check);
    const where = environments === undefined ? { message } : { message, environments };
    const instances = results.map((item, at) => `{${this.#instance(item, at === 0 ? id : undefined)}}`).join(",");
    const places = related.map((other) => `{${this.place(other.location)},${members({ message: other.message })}}`).join(",");
    return `{${members({ id })},${before},${this.place(location)},${members(where)},${after},"instances":[${instances}],"related":[${places}]}`;
  }

  result(item: PlacedResult): string {
    const { suppression, location } = item;
    const { check, outcome } = item.result;
    const kind = suppression === undefined ? outcome.kind : suppression.by === "baseline" ? "known" : "suppressed";
    const rest = {
      reasons: outcomeReasons(outcome),
      ...(suppression === undefined
        ? {}
        : { suppression: { by: suppression.by, reason: suppression.reason, until: suppression.until ?? null } }),
    };
    const place = location === undefined ? "" : `,${this.place(location)}`;
    return `{${members({ check: check.id, kind })},${this.#instance(item)}${place},${members(rest)}}`;
  }

  #check(check: CheckItem): CheckText {
    let text = this.#checks.get(check);
    if (text === undefined) {
      const { id, title, risk, dimensions, category, cloud, service, why, advice, benchmarks, references } = check;
      text = {
        before: members({ check: id, title, risk, dimensions, category, cloud, service }),
        after: members({ why, advice, benchmarks, references, fixes: fixTitles(check) }),
      };
      this.#checks.set(check, text);
    }
    return text;
  }

  /** `id`: of the finding whose first instance it is. */
  #instance({ root, environment, result }: PlacedResult, id?: string): string {
    const { address, type } = result.instance;
    let below = this.#roots.get(root);
    if (below === undefined) {
      below = relativePath(this.#base, root);
      this.#roots.set(root, below);
    }
    const named = environment === undefined ? "" : `,${members({ environment })}`;
    const own = `"address":${JSON.stringify(address)},"type":${JSON.stringify(type)},"root":${this.path(root)}${named}`;
    return `${own},"fingerprint":"${this.#fingerprint(result, root, below, id)}"`;
  }

  /** A finding is named as its first instance is, seen from the folder that was assessed: most often paths are seen from there too. */
  #fingerprint(result: Result, root: FilePath, below: string, id: string | undefined): string {
    // One of several with the same name has a longer one.
    if (id?.length === fingerprintLength && this.#namedAlike.get(root) === true) return id;
    const own = fingerprint(result, below);
    if (id !== undefined && !this.#namedAlike.has(root)) this.#namedAlike.set(root, own === id);
    return own;
  }
}

function position({ line, column }: { readonly line: number; readonly column: number }): string {
  return `{"line":${String(line)},"column":${String(column)}}`;
}

/** An object's members without its braces. */
function members(of: object): string {
  return JSON.stringify(of).slice(1, -1);
}

/** Pieces of about so many characters: large enough to write, small enough to hold. */
const pieceLength = 1 << 16;

function* lines<T>(items: readonly T[], text: (item: T) => string): Generator<string> {
  if (items.length === 0) {
    yield "[]";
    return;
  }
  let piece = "[\n";
  for (const [index, item] of items.entries()) {
    piece += index === 0 ? text(item) : `,\n${text(item)}`;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}\n]`;
}
