import { diffLines, splitLines } from "../core/reports/line-diff.ts";
import type { CheckItem, LiveFix } from "../core/checks/model.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { Json } from "../core/snapshots/model.ts";
import { toJson } from "../core/values/json.ts";
import type { RemedyPreview, UndoPreview } from "./remedy-service.ts";
import type { Call, RemedyParameters } from "./remedy.ts";

/* Remedies as the live process tells others of them: plain JSON. */

export interface RemedyParameterView {
  readonly name: string;
  readonly type: string;
  readonly title: string;
  /** null: it has to be given. */
  readonly default: Json;
  readonly allowed: readonly Json[] | undefined;
}

/** A remedy that there is. */
export interface RemedyView {
  readonly item: string;
  readonly cloud: Cloud;
  readonly service: string;
  /** What it does. */
  readonly title: string;
  readonly risk: LiveFix["risk"];
  readonly restores: LiveFix["restores"];
  readonly restoresNote: string | undefined;
  readonly permissions: readonly string[];
  readonly parameters: readonly RemedyParameterView[];
}

export interface RemedyPreviewView extends RemedyView {
  /** Names the preview when it is approved. */
  readonly id: string;
  readonly account: string;
  readonly instance: string;
  readonly name: string;
  readonly values: RemedyParameters;
  readonly steps: readonly {
    readonly title: string;
    readonly call: Call;
    readonly undo: readonly Call[];
    readonly lost: string | undefined;
  }[];
  /** What it changes, as Terraform. */
  readonly before: string;
  readonly after: string;
  /** Lines of both: `-`, `+` or a space before each. */
  readonly diff: string;
  readonly notes: readonly string[];
  /** The item's outcome afterwards, as far as can be told: `pass`, or why not. */
  readonly expected: string;
}

export interface UndoPreviewView {
  readonly id: string;
  readonly item: string;
  readonly instance: string;
  readonly name: string;
  readonly calls: readonly Call[];
  readonly lost: readonly string[];
  readonly changedSince: boolean;
  /** From what it is now to what it was. */
  readonly diff: string;
}

export function remedyView({ id, cloud, service }: CheckItem, fix: LiveFix): RemedyView {
  const { title, risk, restores, restoresNote, permissions, parameters } = fix;
  return {
    item: id,
    cloud,
    service,
    title,
    risk,
    restores,
    restoresNote,
    permissions,
    parameters: [...parameters].map(([name, parameter]) => ({
      name,
      type: parameter.type,
      title: parameter.title,
      default: (toJson(parameter.default) ?? null) as Json,
      allowed: parameter.allowed?.map((value) => (toJson(value) ?? null) as Json),
    })),
  };
}

export function remedyPreviewView(preview: RemedyPreview, check: CheckItem): RemedyPreviewView {
  const { id, account, instance, name, fix, parameters, steps, before, after, notes, expected } = preview;
  return {
    ...remedyView(check, fix),
    id,
    account: account.key,
    instance,
    name,
    values: parameters,
    steps: steps.map(({ title, call, undo, lost }) => ({ title, call, undo, lost })),
    before,
    after,
    diff: diffText(before, after),
    notes,
    expected,
  };
}

export function undoPreviewView({ record, calls, lost, changedSince, now }: UndoPreview): UndoPreviewView {
  const { id, item, instance, name, before } = record;
  return { id, item, instance, name, calls, lost, changedSince, diff: diffText(now, before) };
}

/** All lines of both texts: they are short. */
function diffText(before: string, after: string): string {
  const [a, b] = [splitLines(before), splitLines(after)];
  const lines: string[] = [];
  let at = 0;
  for (const hunk of diffLines(a, b)) {
    lines.push(...a.slice(at, hunk.before.start).map((line) => `  ${line}`));
    lines.push(...a.slice(hunk.before.start, hunk.before.end).map((line) => `- ${line}`));
    lines.push(...b.slice(hunk.after.start, hunk.after.end).map((line) => `+ ${line}`));
    at = hunk.before.end;
  }
  lines.push(...a.slice(at).map((line) => `  ${line}`));
  return lines.join("");
}
