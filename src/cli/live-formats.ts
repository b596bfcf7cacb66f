import { escapeMarkup } from "../core/reports/markup.ts";
import { cellMarkdown, escapeMarkdown } from "../core/text/markdown.ts";
import type { ResultsView, ResultView } from "../live/protocol.ts";
import { placeOf, plural, type PlacedResults, reasonText, scanLine } from "./live-text.ts";

/* Results of an account for machines: the same formats as `plumbline check` has for files. */

const levels = { high: "error", medium: "warning", low: "note" } as const;
const kinds = {
  pass: "pass",
  fail: "fail",
  notApplicable: "notApplicable",
  notChecked: "open",
  suppressed: "fail",
  vanished: "open",
  open: "open",
} as const;

/** SARIF 2.1.0: the instance as logical location, and the block that manages it as physical one where it was looked for. */
export function sarifOf(view: PlacedResults, version: string, all: boolean): string {
  const listed = view.results.filter(({ status }) => all || status === "fail");
  const rules = [...new Set(listed.map(({ item }) => item))].sort();
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Plumbline",
            semanticVersion: version,
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: view.items[id]?.title ?? id },
              fullDescription: { text: view.items[id]?.why ?? "" },
              help: { text: view.items[id]?.advice ?? "" },
            })),
          },
        },
        automationDetails: { id: `live/${view.scan.account}/${view.scan.id}` },
        invocations: [
          {
            executionSuccessful: view.scan.state === "done",
            toolExecutionNotifications: view.unlisted.map(({ item, region, reason }) => ({
              level: "warning",
              descriptor: { id: item },
              message: { text: `${region ?? "the account"}: ${reasonText(reason)}` },
            })),
          },
        ],
        results: listed.map((result) => ({
          ruleId: result.item,
          ruleIndex: rules.indexOf(result.item),
          kind: kinds[result.status],
          level: result.status === "fail" || result.status === "suppressed" ? levels[result.risk] : "none",
          message: { text: textOf(result) },
          locations: [
            {
              ...(result.place === undefined
                ? {}
                : {
                    physicalLocation: {
                      artifactLocation: { uri: result.place.file.split("/").map(encodeURIComponent).join("/") },
                      region: { startLine: result.place.line },
                    },
                  }),
              logicalLocations: [
                {
                  name: result.name,
                  fullyQualifiedName: `${view.scan.account} ${result.instance}`,
                  kind: "resource",
                },
              ],
            },
          ],
          partialFingerprints: { "plumblineLive/v1": `${view.scan.account} ${result.item} ${result.instance}` },
          ...(result.change === undefined ? {} : { baselineState: baseline[result.change] }),
          ...(result.status === "suppressed" ? { suppressions: [{ kind: "external" }] } : {}),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const baseline = { new: "new", still: "unchanged", fixed: "absent" } as const;

/** A suite a check item, a case an instance; what was not checked is skipped with its reason, so that nothing looks passed. */
export function junitOf(view: ResultsView): string {
  const suites = new Map<string, ResultView[]>();
  for (const result of view.results) {
    const suite = suites.get(result.item);
    if (suite === undefined) suites.set(result.item, [result]);
    else suite.push(result);
  }
  const failures = view.results.filter(({ status }) => status === "fail").length;
  const tests = view.results.length + view.unlisted.length;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="Plumbline ${escapeMarkup(view.scan.account)}" tests="${tests}" failures="${failures}" errors="${view.unlisted.length}">`,
  ];
  for (const [item, results] of suites) {
    const fails = results.filter(({ status }) => status === "fail").length;
    const skipped = results.filter(({ status }) => status !== "fail" && status !== "pass").length;
    lines.push(
      `  <testsuite name="${escapeMarkup(item)}" tests="${results.length}" failures="${fails}" errors="0" skipped="${skipped}">`,
    );
    for (const result of results) {
      const open = `    <testcase classname="${escapeMarkup(item)}" name="${escapeMarkup(placeOf(result))}"`;
      if (result.status === "pass") lines.push(`${open}/>`);
      else if (result.status === "fail") {
        const texts = view.items[item];
        lines.push(
          `${open}>`,
          `      <failure type="${result.risk} risk" message="${escapeMarkup(result.message)}">${escapeMarkup(`${texts?.why ?? ""}\n${texts?.advice ?? ""}`.trim())}</failure>`,
          "    </testcase>",
        );
      } else lines.push(`${open}>`, `      <skipped message="${escapeMarkup(textOf(result))}"/>`, "    </testcase>");
    }
    lines.push("  </testsuite>");
  }
  if (view.unlisted.length > 0) {
    lines.push(
      `  <testsuite name="lists" tests="${view.unlisted.length}" failures="0" errors="${view.unlisted.length}" skipped="0">`,
    );
    for (const { item, region, reason } of view.unlisted) {
      lines.push(
        `    <testcase classname="lists" name="${escapeMarkup(`${item} in ${region ?? "the account"}`)}">`,
        `      <error type="${escapeMarkup(reason.kind)}" message="${escapeMarkup(reasonText(reason))}"/>`,
        "    </testcase>",
      );
    }
    lines.push("  </testsuite>");
  }
  lines.push("</testsuites>");
  return `${lines.join("\n")}\n`;
}

const marks = { high: "🔴", medium: "🟠", low: "🔵" } as const;
const most = 100;

export function markdownOf(view: ResultsView): string {
  const fails = (["high", "medium", "low"] as const).flatMap((risk) =>
    view.results.filter((result) => result.status === "fail" && result.risk === risk),
  );
  const lines = [`## Plumbline: ${escapeMarkdown(view.scan.account)}`, "", `**${plural(fails.length, "finding")}**`, ""];
  if (fails.length > 0) lines.push("| | Instance | Finding |", "| --- | --- | --- |");
  for (const result of fails.slice(0, most))
    lines.push(`| ${marks[result.risk]} | ${escapeMarkdown(placeOf(result))} | ${cellMarkdown(result.message)} (${result.item}) |`);
  if (fails.length > most) lines.push("", `And ${plural(fails.length - most, "more finding")}.`);
  lines.push("", `<sub>${escapeMarkdown(scanLine(view.scan))}</sub>`);
  return `${lines.join("\n")}\n`;
}

function textOf({ message, reason, title, status }: ResultView): string {
  if (message !== "") return message;
  return reason === undefined ? `${title}: ${status}` : `not checked: ${reasonText(reason)}`;
}
