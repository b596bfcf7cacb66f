import { CodeActionKind, type CodeAction, type CodeActionContext, type Diagnostic } from "vscode-languageserver/node";
import { foldFindings } from "../core/findings/fold.ts";
import type { Finding } from "../core/findings/model.ts";
import type { FixOffer } from "../core/fixes/model.ts";
import type { Service } from "../core/service.ts";
import type { FilePath, TextRange } from "../core/text/text.ts";
import { shows } from "./diagnostics.ts";
import { protocolEdit, type EditAbilities, type EditTexts } from "./edits.ts";
import type { FixItem, SuppressTarget } from "./protocol.ts";
import type { Words } from "./words.ts";
import type { Snapshot } from "./workspace.ts";

export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.plumbline`;

/** Written where no person was asked: it makes the ignore comment valid and asks to be replaced. */

export interface ActionAbilities extends EditAbilities {
  readonly resolveEdit: boolean;
  readonly disabled: boolean;
  readonly preferred: boolean;
  /** The editor's command that asks for a reason. */
  readonly suppressCommand: string | undefined;
}

/** What a lazily resolved action carries. */
type ActionData =
  | { readonly kind: "fix"; readonly finding: string; readonly offer: number; readonly title: string }
  | { readonly kind: "suppress"; readonly findings: readonly string[] };

/** A selection over a whole file would otherwise verify a fix for each of its findings. */
const MOST_FINDINGS = 30;

export class Actions {
  readonly #service: Service;
  readonly #abilities: ActionAbilities;
  readonly #words: Words["actions"];

  constructor(service: Service, abilities: ActionAbilities, words: Words["actions"]) {
    this.#service = service;
    this.#abilities = abilities;
    this.#words = words;
  }

  /** Everything that can be done about the findings in a range. `published` are the file's diagnostics. */
  at(
    snapshot: Snapshot,
    file: FilePath,
    range: TextRange,
    context: CodeActionContext,
    published: readonly Diagnostic[],
  ): CodeAction[] {
    const actions: CodeAction[] = [];
    if (wants(context.only, CodeActionKind.QuickFix, true)) {
      const here = snapshot.report.findings
        .filter(({ location }) => location.file === file && touches(location.range, range))
        .slice(0, MOST_FINDINGS);
      const diagnosticOf = ({ id }: Finding): Diagnostic | undefined => published.find((diagnostic) => shows(diagnostic, id));
      for (const finding of here) actions.push(...this.#fixes(snapshot, finding, diagnosticOf(finding)));
      // What is shown as one can be accepted as one.
      for (const together of foldFindings(here).filter(({ length }) => length > 1))
        actions.push(this.#suppress(snapshot, together, diagnosticOf(together[0])));
      for (const finding of here) actions.push(this.#suppress(snapshot, [finding], diagnosticOf(finding)));
    }
    // Only on request: working it out verifies every safe fix of the file.
    if (wants(context.only, FIX_ALL_KIND, false)) {
      const edit = this.#service.fixAll(file);
      if (edit.size > 0) {
        const action: CodeAction = { title: this.#words.fixAll, kind: FIX_ALL_KIND };
        actions.push({ ...action, edit: protocolEdit(edit, [], textsOf(snapshot), this.#abilities) });
      }
    }
    return actions;
  }

  /** The fixes of a finding, whoever asks. Empty: it is gone, or has none here. */
  fixesOf(snapshot: Snapshot, id: string): readonly FixItem[] {
    const finding = snapshot.finding(id);
    if (finding === undefined) return [];
    return this.#service
      .fixes(finding)
      .flatMap((offer) => (offer.kind === "available" ? [{ title: offer.title, edit: this.#offerEdit(snapshot, offer) }] : []));
  }

  /** Fills in the edit of an action from {@link at}. The action without an edit: its finding is gone. */
  resolve(snapshot: Snapshot, action: CodeAction): CodeAction {
    const data = action.data as ActionData | undefined;
    if (data === undefined || action.edit !== undefined) return action;
    const edit = this.#resolved(snapshot, data);
    return edit === undefined ? action : { ...action, edit };
  }

  #resolved(snapshot: Snapshot, data: ActionData): CodeAction["edit"] {
    if (data.kind === "suppress") return suppressEdit(this.#service, snapshot, data.findings, this.#words.reason, this.#abilities);
    const finding = snapshot.finding(data.finding);
    if (finding === undefined) return undefined;
    const offers = this.#service.fixes(finding);
    const offer = offers[data.offer]?.title === data.title ? offers[data.offer] : offers.find(({ title }) => title === data.title);
    return offer?.kind === "available" ? this.#offerEdit(snapshot, offer) : undefined;
  }

  #fixes(snapshot: Snapshot, finding: Finding, diagnostic: Diagnostic | undefined): CodeAction[] {
    const actions: CodeAction[] = [];
    let preferred = this.#abilities.preferred;
    for (const [index, offer] of this.#service.fixes(finding).entries()) {
      const base: CodeAction = {
        title: offer.title,
        kind: CodeActionKind.QuickFix,
        ...(diagnostic === undefined ? {} : { diagnostics: [diagnostic] }),
      };
      if (offer.kind === "unavailable") {
        if (this.#abilities.disabled) actions.push({ ...base, disabled: { reason: offer.why } });
        continue;
      }
      const data: ActionData = { kind: "fix", finding: finding.id, offer: index, title: offer.title };
      const isPreferred = preferred && offer.safe;
      if (isPreferred) preferred = false;
      actions.push({
        ...base,
        ...(isPreferred ? { isPreferred } : {}),
        ...(this.#abilities.resolveEdit ? { data } : { edit: this.#offerEdit(snapshot, offer) }),
      });
    }
    return actions;
  }

  #suppress(snapshot: Snapshot, findings: readonly [Finding, ...Finding[]], diagnostic: Diagnostic | undefined): CodeAction {
    const what = findings.length === 1 ? findings[0].check.id : this.#words.together(findings.length);
    const ids = findings.map(({ id }) => id);
    const base: CodeAction = {
      title: this.#words.ignore(what),
      kind: CodeActionKind.QuickFix,
      ...(diagnostic === undefined ? {} : { diagnostics: [diagnostic] }),
    };
    if (this.#abilities.suppressCommand !== undefined) {
      const target: SuppressTarget = { findings: ids, title: what };
      return { ...base, command: { title: base.title, command: this.#abilities.suppressCommand, arguments: [target] } };
    }
    if (this.#abilities.resolveEdit) return { ...base, data: { kind: "suppress", findings: ids } satisfies ActionData };
    const edit = suppressEdit(this.#service, snapshot, ids, this.#words.reason, this.#abilities);
    return edit === undefined ? base : { ...base, edit };
  }

  #offerEdit(snapshot: Snapshot, offer: FixOffer & { readonly kind: "available" }): NonNullable<CodeAction["edit"]> {
    return protocolEdit(offer.edit, offer.asks, textsOf(snapshot), this.#abilities);
  }
}

/** The ignore comment for findings at one place. undefined: none of them is there any more. */
export function suppressEdit(
  service: Service,
  snapshot: Snapshot,
  ids: readonly string[],
  reason: string,
  abilities: EditAbilities,
): CodeAction["edit"] {
  const findings = ids.map((id) => snapshot.finding(id)).filter((finding) => finding !== undefined);
  if (findings.length === 0) return undefined;
  return protocolEdit(service.suppress(findings, reason), [], textsOf(snapshot), abilities);
}

export function textsOf(snapshot: Snapshot): EditTexts {
  return { text: (path) => snapshot.text(path), document: (path) => snapshot.documents.get(path) };
}

/** `only` holds kinds or their parents; without it a client wants what belongs in its light bulb. */
function wants(only: readonly string[] | undefined, kind: string, byDefault: boolean): boolean {
  if (only === undefined || only.length === 0) return byDefault;
  return only.some((wanted) => wanted === "" || kind === wanted || kind.startsWith(`${wanted}.`));
}

function touches(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}
