import type { CostTable, Switches } from "../../core/billing/cost-table.ts";

/* What the cost page and the extension tell each other. Plain JSON. */

export interface CostPageData {
  /** Names the estimate. */
  readonly preview: string;
  /** For people: alias or id of the account. */
  readonly account: string;
  /** `aws:123456789012`. */
  readonly key: string;
  readonly cloud: string;
  readonly principal: string;
  readonly sample: boolean;
  readonly table: CostTable;
  readonly plan: {
    readonly kind: "free" | "pay-as-you-go" | "subscription";
    /** Why only free items may run. */
    readonly freeOnly: string | null;
  };
  /** When the oldest list was made, ISO 8601; null: nothing was listed. */
  readonly inventoryAt: string | null;
  /** Where instances could not be listed: nobody knows whether there are any. */
  readonly unlisted: readonly { readonly item: string; readonly region: string | null; readonly why: string }[];
  /** Titles of items that can't be checked in an account yet. */
  readonly unsupported: readonly string[];
  /** What is wrong with check items of the workspace, with file and line. */
  readonly problems: readonly string[];
  readonly off: Switches;
}

/** What a page showed when somebody pressed "run": what is run costs the same or is shown anew. */
export interface Shown {
  readonly exact: number;
  readonly billable: number;
  readonly fee: string;
}

export interface ScanOutcome {
  readonly pass: number;
  readonly fail: number;
  readonly notApplicable: number;
  readonly notChecked: number;
  readonly charged: number;
  readonly fee: string;
  /** Paid pairs: estimated = charged + notChecked + vanished. `wrong` is empty when the ledger agrees. */
  readonly ledger: {
    readonly estimated: number;
    readonly charged: number;
    readonly notChecked: number;
    readonly vanished: number;
    readonly wrong: number;
  };
  readonly remaining: number | null;
}

export type ToCostPage =
  | { readonly kind: "preview"; readonly data: CostPageData; /** Why it is shown again. */ readonly news: string | null }
  | { readonly kind: "effort"; readonly serial: number; readonly requests: number; readonly seconds: number }
  | { readonly kind: "busy"; readonly what: string }
  | { readonly kind: "progress"; readonly done: number; readonly of: number; readonly what: string }
  | { readonly kind: "done"; readonly outcome: ScanOutcome }
  | { readonly kind: "saved" }
  | { readonly kind: "problem"; readonly message: string };

export type FromCostPage =
  | { readonly kind: "ready" }
  | { readonly kind: "effort"; readonly serial: number; readonly off: Switches }
  | { readonly kind: "run"; readonly off: Switches; readonly shown: Shown }
  | { readonly kind: "save"; readonly off: Switches }
  | { readonly kind: "refresh" | "cancel" | "plan" | "results" };
