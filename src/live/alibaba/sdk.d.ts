/* The parts of untyped packages that are used. */

declare module "@alicloud/pop-core" {
  import type { Agent } from "node:http";

  interface Configuration {
    /** With the scheme; where the requests go. */
    readonly endpoint: string;
    readonly apiVersion: string;
    readonly credentialsProvider: {
      readonly getCredentials: () => Promise<{
        readonly accessKeyId?: string;
        readonly accessKeySecret?: string;
        readonly securityToken?: string | undefined;
      }>;
    };
    readonly opts?: Options;
  }

  interface Options {
    readonly method?: "POST";
    readonly headers?: Record<string, string>;
    readonly connectTimeout?: number;
    readonly readTimeout?: number;
    readonly agent?: Agent;
    readonly formatParams?: boolean;
  }

  interface RPCClient {
    request(action: string, parameters: object, options: Options): Promise<unknown>;
  }

  interface ROAClient {
    request(
      method: string,
      path: string,
      query: Readonly<Record<string, string>>,
      body: string,
      headers: Readonly<Record<string, string>>,
      options: Options,
    ): Promise<unknown>;
  }

  /** The class of the older style carries the other: `require("…").ROAClient`. */
  interface Core {
    readonly RPCClient: new (configuration: Configuration, verbose?: boolean) => RPCClient;
    readonly ROAClient: new (configuration: Configuration) => ROAClient;
  }

  const core: Core;
  export = core;
}

declare module "ali-oss" {
  interface Sent {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly timeout?: number;
  }

  interface Received {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly data: Buffer;
    readonly res: { readonly status: number; readonly headers: Readonly<Record<string, string | undefined>> };
  }

  interface Options {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly stsToken?: string;
    readonly refreshSTSToken?: () => Promise<never>;
    readonly refreshSTSTokenInterval?: number;
    /** `oss-cn-hangzhou`. */
    readonly region: string;
    readonly endpoint: string;
    readonly secure: boolean;
    readonly authorizationV4: boolean;
    /** Sends what was signed. */
    readonly urllib: { readonly request: (url: string, parameters: Sent) => Promise<Received> };
  }

  class OSS {
    constructor(options: Options);
    /** Signs and sends any request: what all methods of the client go through. */
    request(parameters: {
      readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
      readonly content?: Buffer;
      readonly mime?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly bucket?: string;
      readonly subres?: string | Readonly<Record<string, string>>;
      readonly query?: Readonly<Record<string, string>>;
      readonly successStatuses: readonly number[];
    }): Promise<Received>;
    /** Without the root; one element is no list. */
    parseXML(xml: Buffer): Promise<unknown>;
  }

  export = OSS;
}
