import type { Remedies } from "../../remedy.ts";
import { computeRemedies } from "./compute.ts";
import { databaseRemedies } from "./databases.ts";
import { identityRemedies } from "./identity.ts";
import { ossRemedies } from "./oss.ts";

export const remedies: Remedies = {
  byCheck: new Map([...computeRemedies, ...databaseRemedies, ...identityRemedies, ...ossRemedies]),
};
