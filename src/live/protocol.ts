import { NotificationType, RequestType, RequestType0, type CancellationToken } from "vscode-jsonrpc";
import type { AccountData } from "../core/accounts/model.ts";
import type { Switches } from "../core/billing/cost-table.ts";
import type { PlanAction } from "../core/billing/plan.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { Account } from "./accounts.ts";
import type { Effort } from "./effort.ts";
import type { Exception } from "./exceptions.ts";
import type { ConnectRequest, InstanceText, Progress, ScanRequest, VendorQuotaView } from "./live-service.ts";
import type { RemedyRecord } from "./remedy-journal.ts";
import type { RemedyRequest } from "./remedy-service.ts";
import type { RemedyPreviewView, RemedyView, UndoPreviewView } from "./remedy-views.ts";
import type { PairHistory } from "./scans.ts";
import type { RuleProblem } from "./rules.ts";
import type { CredentialSource, KeptKeys } from "./session.ts";
import type { LedgerView, PlanView, PreviewView, ResultsView, ScanView, ServiceView } from "./views.ts";

/*
 * What the live process answers, over JSON-RPC on its standard input and output. The only thing that others import of this room.
 * Errors carry a message for people; `data.kind` is `refusal` where the request can be put right, or the kind of a failed call.
 */

export type {
  Account,
  AccountData,
  ConnectRequest,
  CredentialSource,
  Effort,
  Exception,
  InstanceText,
  KeptKeys,
  PlanAction,
  Progress,
  ScanRequest,
  VendorQuotaView,
};

/** Ends a request when it is cancelled. */
export type Token = CancellationToken;

export const sources = new RequestType0<readonly CredentialSource[], void>("sources");
export const connect = new RequestType<ConnectRequest, Account, void>("connect");
export const disconnect = new RequestType<{ readonly account: string }, null, void>("disconnect");
export const accounts = new RequestType0<readonly Account[], void>("accounts");
/** undefined: all that are enabled. */
export const chooseRegions = new RequestType<
  { readonly account: string; readonly regions: readonly string[] | undefined },
  Account,
  void
>("chooseRegions");
export const authorization = new RequestType<
  Omit<ScanRequest, "account"> & { readonly cloud: Cloud },
  { readonly actions: readonly string[]; readonly policy: string; readonly problems: readonly RuleProblem[] },
  void
>("authorization");
/**
 * All calls that an account is read with, and the least policy that allows them: those of the product's check items and of the
 * workspace's own. `fresh`: what its user has not agreed to yet.
 */
export const agreement = new RequestType<
  { readonly account: string; readonly configuration?: ScanRequest["configuration"] },
  { readonly fresh: readonly string[]; readonly policy: string },
  void
>("agreement");
/** The user was shown these actions and agreed; what was agreed to before stays so. */
export const authorize = new RequestType<{ readonly account: string; readonly actions: readonly string[] }, null, void>(
  "authorize",
);
export const inventory = new RequestType<{ readonly account: string; readonly refresh: boolean }, readonly ServiceView[], void>(
  "inventory",
);
/**
 * What the account has of instance types, to be put beside files; with `read` its attributes are read now, those that may hold a
 * secret left out.
 */
export const things = new RequestType<
  { readonly account: string; readonly types: readonly string[]; readonly read: boolean },
  AccountData,
  void
>("things");
/** An instance as Terraform to be imported. */
export const asTerraform = new RequestType<{ readonly account: string; readonly instance: string }, InstanceText, void>(
  "asTerraform",
);
export const preview = new RequestType<ScanRequest, PreviewView, void>("preview");
/** What a previewed scan will ask of the cloud when something is switched off. */
export const effort = new RequestType<
  { readonly preview: string; readonly configuration?: ScanRequest["configuration"]; readonly off: Switches },
  Effort,
  void
>("effort");
/** Remembers what is left out of an account's scans; null: nothing. */
export const saveSwitches = new RequestType<{ readonly account: string; readonly off: Switches | null }, Account, void>(
  "saveSwitches",
);
/** Runs an approved preview. */
export const scan = new RequestType<{ readonly preview: string; readonly request: ScanRequest }, ScanView, void>("scan");
export const interrupted = new RequestType<{ readonly account: string }, readonly ScanView[], void>("interrupted");
export const resume = new RequestType<{ readonly scan: string; readonly request: ScanRequest }, ScanView, void>("resume");
/** The newest scan where none is named; null: there is none. */
export const results = new RequestType<{ readonly account: string; readonly scan?: string | undefined }, ResultsView | null, void>(
  "results",
);
export const history = new RequestType<{ readonly account: string }, readonly ScanView[], void>("history");
/** What became of a check item on an instance, the newest scan first. */
export const pairHistory = new RequestType<
  { readonly account: string; readonly item: string; readonly instance: string },
  readonly PairHistory[],
  void
>("pairHistory");
export const exceptions = new RequestType<{ readonly account: string }, readonly Exception[], void>("exceptions");
export const except = new RequestType<{ readonly account: string } & Omit<Exception, "at">, null, void>("except");
export const unexcept = new RequestType<
  { readonly account: string; readonly item: string; readonly instance: string },
  boolean,
  void
>("unexcept");
export const plan = new RequestType<{ readonly account: string }, PlanView, void>("plan");
export const changePlan = new RequestType<{ readonly account: string; readonly action: PlanAction }, PlanView, void>("changePlan");
/** What the cloud itself has sold and metered of its own assessment; null: it has no such product. */
export const vendorQuota = new RequestType<{ readonly account: string }, VendorQuotaView | null, void>("vendorQuota");
/** Makes a plan that was edited or cut short anew. */
export const repairPlan = new RequestType<{ readonly account: string }, PlanView, void>("repairPlan");
export const ledger = new RequestType<{ readonly account: string }, LedgerView, void>("ledger");
/** Lets other credentials, or the same ones, change the account; null: it is only read from now on. */
export const allowFixing = new RequestType<
  { readonly account: string; readonly with: Pick<ConnectRequest, "source" | "keys"> | null },
  Account,
  void
>("allowFixing");
/** What remedies call, and the least policy for it. */
export const fixAuthorization = new RequestType<
  Omit<ScanRequest, "account"> & { readonly cloud: Cloud },
  { readonly actions: readonly string[]; readonly policy: string },
  void
>("fixAuthorization");
/** The remedies that there are. */
export const remedies = new RequestType<{ readonly cloud?: Cloud | undefined }, readonly RemedyView[], void>("remedies");
export const previewRemedy = new RequestType<{ readonly account: string } & RemedyRequest, RemedyPreviewView, void>(
  "previewRemedy",
);
/** Does what a preview showed. `accepted`: the risk that the user was shown and accepted. */
export const applyRemedy = new RequestType<{ readonly preview: string; readonly accepted: RemedyView["risk"] }, RemedyRecord, void>(
  "applyRemedy",
);
export const finishRemedy = new RequestType<{ readonly account: string; readonly id: string }, RemedyRecord, void>("finishRemedy");
export const verifyRemedy = new RequestType<{ readonly account: string; readonly id: string }, RemedyRecord, void>("verifyRemedy");
export const previewUndo = new RequestType<{ readonly account: string; readonly id: string }, UndoPreviewView, void>("previewUndo");
/** `overwrite`: also what was changed since the remedy. */
export const undoRemedy = new RequestType<
  { readonly account: string; readonly id: string; readonly overwrite: boolean },
  RemedyRecord,
  void
>("undoRemedy");
/** What was changed in the account, the newest first. */
export const remedyHistory = new RequestType<{ readonly account: string }, readonly RemedyRecord[], void>("remedyHistory");
/** Remedies that a process began and did not end. */
export const interruptedRemedies = new RequestType<{ readonly account: string }, readonly RemedyRecord[], void>(
  "interruptedRemedies",
);
/** Keys that the editor keeps, for reading or for changing; undefined: forget them. */
export const useKeys = new NotificationType<{
  readonly account: string;
  readonly keys: KeptKeys | undefined;
  readonly fixing?: boolean;
}>("useKeys");
export const progress = new NotificationType<Progress>("progress");
export type { ItemView, LedgerView, PlanView, PreviewView, ResultsView, ResultView, ScanView, ServiceView } from "./views.ts";
export type { RuleProblem } from "./rules.ts";
export type { RemedyPreviewView, RemedyRecord, RemedyView, UndoPreviewView };
export type { PairHistory, ScanSelection, Status, Unlisted } from "./scans.ts";
