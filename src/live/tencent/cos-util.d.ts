/** Helpers of the COS SDK, which declares its client only. */
declare module "cos-nodejs-sdk-v5/sdk/util.js" {
  export function getAuth(options: Readonly<Record<string, unknown>>): string;
  export function xml2json(xml: string): unknown;
}
