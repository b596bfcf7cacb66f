/**
 * What the extension and the server say to each other beyond the Language Server Protocol: the method names and what they carry.
 * Names and types only, so that the extension may import it without the server.
 */
import type { WorkspaceEdit } from "vscode-languageserver/node";

/** `initializationOptions`. Every member is optional: another editor may send none. */
export interface InitializationOptions {
  /** Restricted mode is `false`. Default `true`. */
  readonly trusted?: boolean;
  /** Milliseconds to wait after a change; the setting wins. */
  readonly debounce?: number;
  /** `virtual`: documentation links are `plumbline-docs:` addresses that the editor shows. Default `file`. */
  readonly documentation?: "virtual" | "file";
  /** The editor's command that asks for the reason of an ignore comment; its argument is a {@link SuppressTarget}. */
  readonly suppressCommand?: string;
  /** The environment of plumbline.yaml to assess, where there is one of that name. */
  readonly environment?: string;
  /** The editor's command that tells more about what a scan costs. */
  readonly costCommand?: string;
  /** As in {@link CostParameters}. */
  readonly connected?: boolean;
}

export const DOCUMENTATION_SCHEME = "plumbline-docs";
/** The path of the coverage page under {@link DOCUMENTATION_SCHEME}. */
export const COVERAGE_PAGE = "/coverage.md";

/** Notification, server to client. */
export const STATUS = "plumbline/status";

export type Risk = "high" | "medium" | "low";

export interface Status {
  readonly state: "checking" | "ready" | "failed" | "off";
  readonly findings: Readonly<Record<Risk, number>>;
  /** One line: what was looked at. Empty before the first check. */
  readonly coverage: string;
  readonly problems: number;
  /** What plumbline.yaml describes, and which of it is assessed; null: none. */
  readonly environments: readonly string[];
  readonly environment: string | null;
  /** What assessing everything in an account would use; null: nobody wants to know. */
  readonly cost: StatusCost | null;
}

export interface StatusCost {
  readonly instances: number;
  readonly scanTimes: number;
  readonly free: number;
  /** `USD 20.10` */
  readonly fee: string;
}

/** Notification with {@link CostParameters}, client to server. */
export const SHOW_COSTS = "plumbline/showCosts";

export interface CostParameters {
  /** Whether an account is connected, which is when costs are shown unless the setting says otherwise. */
  readonly connected: boolean;
}

/** Request without parameters; the answer is `FindingItem[]`, or null when none could be made. */
export const FINDINGS = "plumbline/findings";

export interface FindingItem {
  readonly id: string;
  readonly check: string;
  readonly title: string;
  readonly message: string;
  readonly risk: Risk;
  readonly dimensions: readonly string[];
  readonly cloud: string;
  readonly service: string;
  readonly uri: string;
  readonly range: ItemRange;
  /** Resource addresses. */
  readonly addresses: readonly string[];
}

interface ItemRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** Request with {@link PageParameters}; the answer is the page as Markdown, or null. */
export const PAGE = "plumbline/page";

export interface PageParameters {
  /** `/checks/aws/<id>.md` or {@link COVERAGE_PAGE}. */
  readonly path: string;
}

/** Request with {@link ReportParameters}; the answer is the report's text, or null when the files could not be checked. */
export const REPORT = "plumbline/report";

export type ReportFormat = "html" | "csv" | "json" | "sarif" | "markdown" | "junit";

export interface ReportParameters {
  readonly format: ReportFormat;
}

/** Request with {@link AgentParameters}; the answer is an {@link AgentAnswer}: what a language model may ask about files. */
export const AGENT = "plumbline/agent";

export interface AgentParameters {
  readonly tool: string;
  readonly input: unknown;
}

export type AgentAnswer = { readonly answer: object } | { readonly refused: string };

/** Request with {@link FixAllParameters}; the answer is an LSP `WorkspaceEdit`, or null when nothing is safe to fix. */
export const FIX_ALL = "plumbline/fixAll";

export interface FixAllParameters {
  /** Absent: the whole workspace. */
  readonly uri?: string;
}

/** Request with {@link FixesParameters}; the answer is `FixItem[]`: the source fixes of a finding, as its light bulb has them. */
export const FIXES = "plumbline/fixes";

export interface FixesParameters {
  readonly finding: string;
}

export interface FixItem {
  readonly title: string;
  readonly edit: WorkspaceEdit;
}

/** Request with {@link SuppressParameters}; the answer is an LSP `WorkspaceEdit`, or null when the findings are gone. */
export const SUPPRESS = "plumbline/suppress";

export interface SuppressTarget {
  /** Ids of findings at one place. */
  readonly findings: readonly string[];
  /** What is to be ignored, for people. */
  readonly title: string;
}

export interface SuppressParameters {
  readonly findings: readonly string[];
  readonly reason: string;
}

/** Request without parameters; the answer is `string[]`: the resource types that the workspace manages. */
export const MANAGED_TYPES = "plumbline/managedTypes";

/** Notification with {@link AccountParameters}, client to server: what was read of an account. It stays until the next one. */
export const SET_ACCOUNT = "plumbline/setAccount";

export interface AccountParameters {
  /** `AccountData`, plain JSON: up to some megabytes, so it is sent when it changes and not with every question. */
  readonly account: unknown;
  /** Texts of states that were pulled, by the directory of their root; local ones are read by the server. */
  readonly states: Readonly<Record<string, string>>;
}

/**
 * Request with {@link BesideParameters}; the answer is {@link BesideAnswer}: an account put beside the files. null: it was not set,
 * or the workspace could not be checked.
 */
export const BESIDE = "plumbline/beside";

export interface BesideParameters {
  /** `aws:123456789012`. */
  readonly account: string;
}

export interface BesideAnswer {
  readonly managed: readonly ManagedItem[];
  readonly drift: readonly DriftItem[];
  /** Directories of root modules without a state: things are matched by name there. */
  readonly stateless: readonly string[];
}

interface BesideItem {
  /** Key of the thing. */
  readonly instance: string;
  readonly address: string;
  readonly root: string;
  readonly by: "state" | "name" | "owner";
  readonly uri: string;
  readonly range: ItemRange;
}

export type ManagedItem = BesideItem;

export interface DriftItem extends BesideItem {
  readonly path: string;
  readonly written: string;
  readonly live: string;
}

/** Request with {@link TakeLiveParameters}; the answer is an LSP `WorkspaceEdit`, or why there is none. */
export const TAKE_LIVE = "plumbline/takeLive";

export interface TakeLiveParameters {
  /** Of the account that was put beside the files: `aws:123456789012`. */
  readonly account: string;
  readonly root: string;
  readonly address: string;
  readonly path: string;
}

export type TakeLiveAnswer = { readonly edit: WorkspaceEdit } | { readonly wrong: string };

/** Request without parameters: reads every folder again and checks. The answer comes when that is done. */
export const RELOAD = "plumbline/reload";

/** Notification with {@link EnvironmentParameters}, client to server: another environment is to be assessed. */
export const SET_ENVIRONMENT = "plumbline/setEnvironment";

export interface EnvironmentParameters {
  /** null: the one that plumbline.yaml names. */
  readonly name: string | null;
}

/** Notification, client to server: the workspace is trusted now. */
export const TRUSTED = "plumbline/trusted";

export type EditAnswer = WorkspaceEdit | null;
