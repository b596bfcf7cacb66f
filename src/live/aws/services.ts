import { service } from "./client.ts";

/* The APIs that are called, each loaded with the first call of it. Names are those of the permissions. */

export const ec2 = service("ec2", () => import("./sdk/ec2.ts"));
export const iam = service("iam", () => import("./sdk/iam.ts"));
