import type { Remedies } from "../../remedy.ts";
import { cvmRemedies } from "./cvm.ts";

export const remedies: Remedies = { byCheck: new Map([...cvmRemedies]) };
