import type { Remedies } from "../../remedy.ts";
import { s3Remedies } from "./s3.ts";

export const remedies: Remedies = { byCheck: new Map([...s3Remedies]) };
