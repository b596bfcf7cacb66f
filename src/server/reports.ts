import type { Language } from "../core/text/language.ts";
import type { ReportContext } from "../core/reports/context.ts";
import { renderCsv } from "../core/reports/csv.ts";
import { renderHtml } from "../core/reports/html.ts";
import { renderJson } from "../core/reports/json.ts";
import { renderJunit } from "../core/reports/junit.ts";
import { renderMarkdown } from "../core/reports/markdown.ts";
import { renderSarif } from "../core/reports/sarif.ts";
import type { FilePath } from "../core/text/text.ts";
import type { ReportFormat } from "./protocol.ts";
import type { Snapshot } from "./workspace.ts";

/** What the command line would print of the files as they are in the editor. */
export function workspaceReport(
  { report, text }: Pick<Snapshot, "report" | "text">,
  format: ReportFormat,
  { version, language, folders }: { readonly version: string; readonly language: Language; readonly folders: readonly FilePath[] },
): string {
  const context: ReportContext = { version, base: folders[0] ?? "/", text, show: "unknown" };
  switch (format) {
    case "html":
      return renderHtml(report, context, language);
    case "csv":
      return renderCsv(report, context);
    case "json":
      return renderJson(report, context);
    case "sarif":
      return renderSarif(report, context);
    case "markdown":
      return renderMarkdown(report, context);
    case "junit":
      return renderJunit(report, context);
  }
}
