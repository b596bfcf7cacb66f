import * as vscode from "vscode";
import { escapeMarkdown, proseMarkdown } from "../core/text/markdown.ts";
import type { RemedyPreviewView, RemedyRecord, RemedyView, UndoPreviewView } from "../live/protocol.ts";
import { momentText, stateWord, verdictWord } from "./words.ts";

/* Pages about changes of an account, as Markdown. Everything of the account is escaped or fenced. */

export function riskText(risk: RemedyView["risk"]): string {
  switch (risk) {
    case "none":
      return vscode.l10n.t("Risk: none.");
    case "traffic":
      return vscode.l10n.t("Risk: who uses the instance may be cut off.");
    case "restart":
      return vscode.l10n.t("Risk: the instance restarts.");
    case "irreversible":
      return vscode.l10n.t("Risk: it can't be undone.");
  }
}

function restoresText(restores: RemedyView["restores"]): string {
  switch (restores) {
    case "exact":
      return vscode.l10n.t("Undo puts everything back as it was.");
    case "partial":
      return vscode.l10n.t("Undo puts back a part.");
    case "none":
      return vscode.l10n.t("There is no undo.");
  }
}

type Called = RemedyPreviewView["steps"][number]["call"];

export function previewMarkdown(preview: RemedyPreviewView): string {
  const { title, item, name, account, instance, risk, restores, restoresNote, notes, steps, diff, expected, permissions } = preview;
  const lines = [
    `# ${proseMarkdown(title)}`,
    "",
    vscode.l10n.t(
      "{0} on **{1}** in {2}. Nothing has been changed yet.",
      `\`${item}\``,
      escapeMarkdown(name),
      escapeMarkdown(account),
    ),
    "",
    `- ${riskText(risk)}`,
    `- ${restoresText(restores)}${restoresNote === undefined ? "" : ` ${proseMarkdown(restoresNote)}`}`,
    ...notes.map((note) => `- ${proseMarkdown(note)}`),
    `- ${expected === "pass" ? vscode.l10n.t("The check item will pass then.") : proseMarkdown(vscode.l10n.t("The check item will not pass by this alone: {0}", expected))}`,
    "",
    `## ${vscode.l10n.t("What changes")}`,
    "",
    ...fence("diff", diff),
    "",
    `## ${vscode.l10n.t("What is called")}`,
    "",
    ...steps.flatMap(({ title: step, call, undo, lost }, index) => [
      `${index + 1}. ${proseMarkdown(step)}`,
      "",
      ...fence("json", called([call]), "   "),
      ...(undo.length === 0 ? [] : ["", `   ${vscode.l10n.t("Undone by:")}`, "", ...fence("json", called(undo), "   ")]),
      ...(lost === undefined ? [] : ["", `   ${proseMarkdown(lost)}`]),
      "",
    ]),
    `${vscode.l10n.t("Permissions:")} ${permissions.map((action) => `\`${action}\``).join(", ")}`,
    "",
    escapeMarkdown(instance),
  ];
  return `${lines.join("\n")}\n`;
}

export function undoMarkdown({ item, name, instance, calls, lost, changedSince, diff }: UndoPreviewView): string {
  const lines = [
    `# ${escapeMarkdown(vscode.l10n.t("Undo {0} on {1}", item, name))}`,
    "",
    ...(changedSince ? [`**${vscode.l10n.t("It was changed since: undoing overwrites that.")}**`, ""] : []),
    ...lost.map((each) => `- ${proseMarkdown(each)}`),
    "",
    `## ${vscode.l10n.t("What changes")}`,
    "",
    ...fence("diff", diff),
    "",
    `## ${vscode.l10n.t("What is called")}`,
    "",
    ...fence("json", called(calls)),
    "",
    escapeMarkdown(instance),
  ];
  return `${lines.join("\n")}\n`;
}

/** Who changed what and when, and what became of it. */
export function recordMarkdown(record: RemedyRecord): string {
  const {
    item,
    name,
    instance,
    account,
    principal,
    person,
    startedAt,
    endedAt,
    state,
    why,
    verified,
    before,
    after,
    leftAs,
    steps,
  } = record;
  const row = (title: string, value: string): string => `| ${escapeMarkdown(title)} | ${escapeMarkdown(value)} |`;
  const lines = [
    `# ${escapeMarkdown(`${item}: ${name}`)}`,
    "",
    "| | |",
    "| --- | --- |",
    row(vscode.l10n.t("State"), stateWord(state)),
    ...(why === undefined ? [] : [row(vscode.l10n.t("Why"), why)]),
    ...(verified === undefined ? [] : [row(vscode.l10n.t("The check item says"), verdictWord(verified))]),
    row(vscode.l10n.t("Account"), account),
    row(vscode.l10n.t("Instance"), instance),
    row(vscode.l10n.t("By"), `${person}, ${principal}`),
    row(vscode.l10n.t("Begun"), momentText(startedAt)),
    ...(endedAt === undefined ? [] : [row(vscode.l10n.t("Ended"), momentText(endedAt))]),
    "",
    `## ${vscode.l10n.t("Before")}`,
    "",
    ...fence("hcl", before),
    "",
    `## ${vscode.l10n.t("After")}`,
    "",
    ...fence("hcl", leftAs ?? after),
    "",
    `## ${vscode.l10n.t("Steps")}`,
    "",
    ...steps.map(
      ({ step, state: its, why: reason }) =>
        `1. ${proseMarkdown(`${step.title}: ${stateWord(its)}${reason === undefined ? "" : ` (${reason})`}`)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function called(calls: readonly Called[]): string {
  return calls.map(({ action, region, request }) => JSON.stringify({ action, region, ...request }, undefined, 2)).join("\n");
}

/** A fence that the text can't close. */
function fence(language: string, text: string, indent = ""): string[] {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return [`${ticks}${language}`, ...text.trimEnd().split("\n"), ticks].map((line) => `${indent}${line}`);
}
