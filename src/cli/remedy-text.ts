import type { RemedyPreviewView, RemedyRecord, RemedyView, UndoPreviewView } from "../live/protocol.ts";

/* Remedies for people at a terminal. */

const risks: Readonly<Record<RemedyView["risk"], string>> = {
  none: "none",
  traffic: "traffic may be cut",
  restart: "the instance restarts",
  irreversible: "it can't be undone",
};

export function remediesText(remedies: readonly RemedyView[]): string {
  if (remedies.length === 0) return "There are no remedies.\n";
  const width = Math.max(...remedies.map(({ item }) => item.length));
  const lines = remedies.map(({ item, title, risk, restores, parameters }) => {
    const more = [
      ...(risk === "none" ? [] : [risks[risk]]),
      ...(restores === "exact" ? [] : [restores === "none" ? "no undo" : "undo in part"]),
      ...parameters.filter((parameter) => parameter.default === null).map(({ name }) => `needs --set ${name}=…`),
    ];
    return `${item.padEnd(width)}  ${title}${more.length === 0 ? "" : ` (${more.join("; ")})`}`;
  });
  return `${lines.join("\n")}\n${remedies.length} remedies.\n`;
}

export function remedyPreviewText(preview: RemedyPreviewView): string {
  const { title, account, item, name, instance, risk, restores, restoresNote, steps, diff, notes, expected, values } = preview;
  const given = Object.entries(values).map(([parameter, value]) => `${parameter}: ${JSON.stringify(value)}`);
  return [
    title,
    `  ${item} on ${name} in ${account} (${instance})`,
    ...(given.length === 0 ? [] : [`  with ${given.join(", ")}`]),
    `Risk: ${risks[risk]}. Undo: ${restores === "exact" ? "puts it back as it was" : restores === "partial" ? "in part" : "not possible"}.${restoresNote === undefined ? "" : ` ${restoresNote}`}`,
    ...notes.map((note) => `Note: ${note}`),
    "",
    ...steps.flatMap(({ title: step, call, undo, lost }, index) => [
      `${index + 1}. ${step}`,
      `   ${call.action} ${JSON.stringify(call.request)}`,
      ...undo.map(({ action, request }) => `   undo: ${action} ${JSON.stringify(request)}`),
      ...(lost === undefined ? [] : [`   ${lost}`]),
    ]),
    "",
    diff.trimEnd(),
    "",
    expected === "pass" ? "The check item will pass then." : `The check item will not pass by this alone: ${expected}.`,
    "",
  ].join("\n");
}

export function undoPreviewText({ item, name, instance, calls, lost, changedSince, diff }: UndoPreviewView): string {
  return [
    `Undo ${item} on ${name} (${instance})`,
    ...(changedSince ? ["It was changed since the remedy: undoing overwrites that."] : []),
    ...calls.map(({ action, request }) => `   ${action} ${JSON.stringify(request)}`),
    ...lost,
    "",
    diff.trimEnd(),
    "",
  ].join("\n");
}

export function remedyText(record: RemedyRecord): string {
  const { id, item, name, state, verified, why, steps } = record;
  const done = steps.filter((step) => step.state === "done").length;
  const lines = [`${item} on ${name}: ${state}${verified === undefined ? "" : `, and the check item says: ${verified}`}.`];
  if (why !== undefined) lines.push(why);
  if (state === "failed") {
    lines.push(
      `${done} of ${steps.length} steps are done. \`plumbline remedies finish ${shortId(id)}\` goes on, \`plumbline undo ${shortId(id)}\` takes them back.`,
    );
  } else if (state === "applied") lines.push(`\`plumbline undo ${shortId(id)}\` takes it back.`);
  return `${lines.join("\n")}\n`;
}

export function remedyHistoryText(records: readonly RemedyRecord[]): string {
  if (records.length === 0) return "Nothing was changed.\n";
  const rows = records.map(({ id, startedAt, item, name, state, verified, person, principal, why }) =>
    [
      shortId(id),
      startedAt.slice(0, 16).replace("T", " "),
      state,
      item,
      name,
      verified === undefined ? "" : `now ${verified}`,
      `by ${person} as ${principal}`,
      why ?? "",
    ]
      .join("  ")
      .trimEnd(),
  );
  return `${rows.join("\n")}\n`;
}

/** Enough of it to be typed. */
export function shortId(id: string): string {
  return id.replace(/^plumbline-/, "").slice(0, 8);
}
