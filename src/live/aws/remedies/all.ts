import type { Remedies } from "../../remedy.ts";
import { ec2Remedies } from "./ec2.ts";
import { iamRemedies } from "./iam.ts";
import { s3Remedies } from "./s3.ts";
import { serviceRemedies } from "./services.ts";

export const remedies: Remedies = { byCheck: new Map([...ec2Remedies, ...iamRemedies, ...s3Remedies, ...serviceRemedies]) };
