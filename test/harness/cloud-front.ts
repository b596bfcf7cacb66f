import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { sampleAccount as alibabaAccount } from "../../src/live/sample/alibaba/account.ts";
import { startDouble as startAlibaba } from "../../src/live/sample/alibaba/server.ts";
import { sampleAccount as awsAccount } from "../../src/live/sample/aws/account.ts";
import { startDouble as startAws } from "../../src/live/sample/aws/server.ts";
import { sampleAccount as tencentAccount } from "../../src/live/sample/tencent/account.ts";
import { startDouble as startTencent } from "../../src/live/sample/tencent/double.ts";

/*
 * The hosts of the three clouds on one port of the loopback, by the name that a request asks for: the doubles of the sample accounts,
 * and beside them what gives keys (STS, single sign-on, metadata services). It opens for the keys below only, none of which opens
 * anything else.
 */

/** What a person's own files hold. */
export const longLived = { id: "AKIDlonglivedofthetests", secret: "long-lived-and-opens-nothing" };
/** What STS, single sign-on, programs and metadata services give. */
export const temporary = { id: "ASIAtemporaryofthetests", secret: "temporary-and-opens-nothing", token: "a-token-of-the-tests" };

export interface CloudFront {
  /** For the program that is to meet it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Hosts that were asked, in order. */
  readonly hosts: readonly string[];
  readonly close: () => Promise<void>;
}

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");

export async function startCloudFront(): Promise<CloudFront> {
  const keys = [longLived, temporary];
  const given = {
    AccessKeyId: temporary.id,
    AccessKeySecret: temporary.secret,
    SecurityToken: temporary.token,
    Expiration: inAnHour(),
  };
  const aws = await startAws({ ...awsAccount(new Date()), keys });
  const alibabaState = alibabaAccount(new Date());
  const assumed = ["sts:AssumeRole", "sts:AssumeRoleWithOIDC"].map((operation) => ({ operation, body: { Credentials: given } }));
  const alibaba = await startAlibaba({ ...alibabaState, keys, recorded: [...alibabaState.recorded, ...assumed] });
  const tencentState = tencentAccount(Date.now());
  const tencent = await startTencent({
    ...tencentState,
    keys: keys.map(({ id, secret, ...rest }) => ({ secretId: id, secretKey: secret, ...rest })),
    answers: [
      ...tencentState.answers,
      {
        action: "sts:AssumeRole",
        answer: {
          Credentials: { TmpSecretId: temporary.id, TmpSecretKey: temporary.secret, Token: temporary.token },
          ExpiredTime: Math.floor(Date.now() / 1000) + 3600,
          Expiration: inAnHour(),
        },
      },
    ],
  });
  const doubles: readonly (readonly [RegExp, string])[] = [
    [/\.amazonaws\.com$/, aws.url],
    [/\.aliyuncs\.com$/, alibaba.url],
    [/\.(?:tencentcloudapi\.com|myqcloud\.com)$/, tencent.endpoint],
  ];
  const hosts: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    hosts.push(host);
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const gives = keysOf(host, request.url ?? "", body.toString());
    if (gives !== undefined) {
      response.end(gives);
      return;
    }
    const to = doubles.find(([name]) => name.test(host))?.[1];
    if (to === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { method, url, headers } = request;
    const forwarded = send(new URL(url ?? "/", to), { method, headers: { ...headers, connection: "close" } }, (from) => {
      response.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    // `URL` would write a path anew that is signed as it is.
    forwarded.path = url ?? "/";
    forwarded.end(body);
  }

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    hosts,
    environment: {
      NODE_OPTIONS: `--import ${new URL(`file://${join(import.meta.dirname, "reroute.ts")}`).href}`,
      PLUMBLINE_TEST_FRONT: String(port),
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await Promise.all([aws.close(), alibaba.close(), tencent.close()]);
    },
  };

  /** Of whom no account is needed to ask; undefined: it is one of the doubles'. */
  function keysOf(host: string, url: string, body: string): string | undefined {
    const { id, secret, token } = temporary;
    if (host.startsWith("sts.") && host.endsWith(".amazonaws.com") && /Action=AssumeRole/.test(body)) {
      const name = body.includes("AssumeRoleWithWebIdentity") ? "AssumeRoleWithWebIdentity" : "AssumeRole";
      const credentials = `<Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${inAnHour()}</Expiration></Credentials>`;
      return `<${name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${name}Result>${credentials}</${name}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${name}Response>`;
    }
    if (host.startsWith("portal.sso.")) {
      const roleCredentials = { accessKeyId: id, secretAccessKey: secret, sessionToken: token, expiration: Date.parse(inAnHour()) };
      return JSON.stringify({ roleCredentials });
    }
    // ECS' metadata service.
    if (host === "100.100.100.200") {
      if (url.startsWith("/latest/api/token")) return "a-metadata-token";
      if (url.endsWith("/security-credentials/")) return "auditor";
      return JSON.stringify({ Code: "Success", ...given, LastUpdated: new Date().toISOString() });
    }
    // A container's agent, and a server of one's own.
    if (url === "/aws-keys")
      return JSON.stringify({ AccessKeyId: id, SecretAccessKey: secret, Token: token, Expiration: inAnHour() });
    if (url === "/alibaba-keys") return JSON.stringify({ Code: "Success", ...given });
    return undefined;
  }
}
