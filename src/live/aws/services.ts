import { service, type AwsSession } from "./client.ts";

/* The APIs that several files call, each loaded with the first call of it. Names are those of the permissions. */

/** At an address of ours there is one host for all buckets and accounts. */
export const onePlace = ({ endpoint }: AwsSession): Readonly<Record<string, unknown>> =>
  endpoint === undefined
    ? {}
    : {
        forcePathStyle: true,
        disableHostPrefix: true,
        endpointProvider: () => ({ url: new URL(endpoint), properties: {}, headers: {} }),
      };

/** At an address of ours buckets are no hosts. */
export const pathStyle = ({ endpoint }: AwsSession): Readonly<Record<string, unknown>> =>
  endpoint === undefined ? {} : { forcePathStyle: true };

export const ec2 = service("ec2", () => import("./sdk/ec2.ts"));
export const iam = service("iam", () => import("./sdk/iam.ts"));
export const s3 = service("s3", () => import("./sdk/s3.ts"), pathStyle);
/** Calls of s3 to its permissions, another host to the network. */
export const s3Control = service("s3-control", () => import("./sdk/s3-control.ts"), onePlace);
