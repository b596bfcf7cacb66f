import { DiagnosticSeverity } from "vscode-languageserver/node";
import type { Risk } from "../core/checks/model.ts";

/** The section `plumbline` of the editor's settings, read defensively: an odd value is as if it were not there. */
export interface Settings {
  readonly enable: boolean;
  /** Milliseconds between the last change and the check. */
  readonly debounce: number;
  readonly minimumRisk: Risk;
  readonly severity: Readonly<Record<Risk, DiagnosticSeverity>>;
  /** As written: relative to the workspace folder. */
  readonly variableFiles: readonly string[];
  /** What assessing in an account would use, shown at blocks; `auto`: where an account is connected. */
  readonly costs: "auto" | "on" | "off";
}

export const DEFAULT_SETTINGS: Settings = {
  enable: true,
  debounce: 200,
  minimumRisk: "low",
  severity: { high: DiagnosticSeverity.Error, medium: DiagnosticSeverity.Warning, low: DiagnosticSeverity.Information },
  variableFiles: [],
  costs: "auto",
};

export function readSettings(value: unknown, base: Settings = DEFAULT_SETTINGS): Settings {
  if (!isObject(value)) return base;
  const severity = isObject(value.severity) ? value.severity : {};
  return {
    enable: typeof value.enable === "boolean" ? value.enable : base.enable,
    debounce:
      typeof value.debounce === "number" && Number.isFinite(value.debounce)
        ? Math.min(Math.max(value.debounce, 0), 10_000)
        : base.debounce,
    minimumRisk: isRisk(value.minimumRisk) ? value.minimumRisk : base.minimumRisk,
    severity: {
      high: readSeverity(severity.high) ?? base.severity.high,
      medium: readSeverity(severity.medium) ?? base.severity.medium,
      low: readSeverity(severity.low) ?? base.severity.low,
    },
    variableFiles: Array.isArray(value.variableFiles)
      ? value.variableFiles.filter((item): item is string => typeof item === "string")
      : base.variableFiles,
    costs: value.costs === "auto" || value.costs === "on" || value.costs === "off" ? value.costs : base.costs,
  };
}

const SEVERITIES: ReadonlyMap<unknown, DiagnosticSeverity> = new Map<unknown, DiagnosticSeverity>([
  ["error", DiagnosticSeverity.Error],
  ["warning", DiagnosticSeverity.Warning],
  ["information", DiagnosticSeverity.Information],
  ["hint", DiagnosticSeverity.Hint],
]);

function readSeverity(value: unknown): DiagnosticSeverity | undefined {
  return SEVERITIES.get(value);
}

function isRisk(value: unknown): value is Risk {
  return value === "high" || value === "medium" || value === "low";
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
