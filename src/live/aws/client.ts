import { CallFailure } from "../failure.ts";
import { systemClock, type Limits } from "../limits.ts";
import { classify } from "./errors.ts";

/* A connected AWS account, and the one way in which everything here calls an API of it. */

/** Who the session is, as sts:GetCallerIdentity says. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** One connected account. Made by `open` of access.ts. */
export interface AwsSession {
  /** undefined only until `open` has asked. */
  caller: Caller;
  /** Where account-wide APIs are called. */
  readonly home: string;
  readonly endpoint: string | undefined;
  /** The profile whose settings hold for the clients as well (FIPS, dual stack). */
  readonly profile: string | undefined;
  readonly keys: () => Promise<Keys>;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** By service and region. */
  readonly clients: Map<string, Promise<SdkClient>>;
  /** Answers that many calls need, by what they are: the enabled regions, whether the keys still work. */
  readonly kept: Map<string, Promise<unknown>>;
  requests: number;
}

interface SdkClient {
  send(command: never, options: never): Promise<unknown>;
  destroy(): void;
}

/** What a file of `sdk/` exports: the client by that name, and the commands that are used, so that a bundle holds no others. */
export interface Sdk {
  readonly Client: new (...configuration: never) => SdkClient;
}

/** One API of AWS, loaded when it is first called. */
export interface Service<S extends Sdk> {
  /** As in permissions: `ec2`. */
  readonly name: string;
  readonly load: () => Promise<S>;
  readonly extra: (session: AwsSession) => Readonly<Record<string, unknown>>;
}

/** `service("ec2", () => import("./sdk/ec2.ts"))`. */
export function service<S extends Sdk>(name: string, load: () => Promise<S>, extra: Service<S>["extra"] = () => ({})): Service<S> {
  return { name, load, extra };
}

/** A command of the SDK, of which only the answer's type matters here. */
interface Asked<Out> {
  resolveMiddleware(stack: never, configuration: never, options: never): (input: never) => Promise<{ output: Out }>;
}

/**
 * Sends one request: within the limits, tried again where that helps, and failing with a CallFailure only. `action` is the permission
 * that it takes.
 *
 *     const { Vpcs } = await send(session, ec2, region, "ec2:DescribeVpcs", (sdk) => new sdk.DescribeVpcsCommand({}));
 */
export async function send<S extends Sdk, Out>(
  session: AwsSession,
  api: Service<S>,
  region: string,
  action: string,
  command: (sdk: S) => Asked<Out>,
): Promise<Out> {
  const sdk = await api.load();
  const client = await clientOf(session, api, region);
  const call = { cloud: "aws", account: session.caller.account, region, service: api.name, action } as const;
  return await session.limits.run(call, session.signal, async () => {
    session.requests++;
    try {
      const answer = await client.send(command(sdk) as never, { abortSignal: session.signal } as never);
      if (!isOfAws(answer))
        throw new CallFailure({ kind: "answer", action, code: "NotOfAws", message: "The answer is not one of AWS." });
      return answer as Out;
    } catch (thrown) {
      throw await judge(session, region, classify(thrown, action));
    }
  });
}

/**
 * XML's reader takes the page of a proxy for an answer with nothing in it, which would say that nothing is there. Everything that AWS
 * answers has an id.
 */
function isOfAws(answer: unknown): boolean {
  const { $metadata, ...members } = answer as { readonly $metadata?: { readonly requestId?: string } };
  return $metadata?.requestId !== undefined || Object.values(members).some((member) => member !== undefined);
}

/**
 * All items of a paged call. `page` makes the request for a token, `next` finds the following one in the answer.
 *
 *     await pages(session, ec2, region, "ec2:DescribeVpcs", (sdk, NextToken) => new sdk.DescribeVpcsCommand({ NextToken }),
 *       ({ Vpcs }) => Vpcs, ({ NextToken }) => NextToken);
 */
export async function pages<S extends Sdk, Out, Item>(
  session: AwsSession,
  api: Service<S>,
  region: string,
  action: string,
  page: (sdk: S, token: string | undefined) => Asked<Out>,
  items: (answer: Out) => readonly Item[] | undefined,
  next: (answer: Out) => string | undefined,
): Promise<Item[]> {
  const all: Item[] = [];
  const seen = new Set<string>();
  for (let token: string | undefined; ;) {
    const answer = await send(session, api, region, action, (sdk) => page(sdk, token));
    for (const item of items(answer) ?? []) all.push(item);
    token = next(answer) ?? "";
    if (token === "") return all;
    // A list that never ends is none that can be trusted.
    if (seen.has(token)) throw new CallFailure({ kind: "answer", action, code: "Paging", message: "The same page came twice." });
    seen.add(token);
  }
}

/** Runs a few at a time, so that thousands of detail calls don't lie in memory at once, and keeps the order. */
export async function each<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
  atOnce = 10,
): Promise<Result[]> {
  const results: Result[] = [];
  let index = 0;
  const work = async (): Promise<void> => {
    for (let mine = index++; mine < items.length; mine = index++) results[mine] = await read(items[mine] as Item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}

/** Waits for something that AWS is making. */
export async function pause(session: AwsSession, milliseconds: number, action: string): Promise<void> {
  try {
    await systemClock.sleep(milliseconds, session.signal);
  } catch {
    throw new CallFailure({ kind: "cancelled", action, code: "Cancelled", message: "The scan was cancelled." });
  }
}

/** What was asked once is not asked again in the session; a failure is. */
export async function keep<T>(session: AwsSession, name: string, read: () => Promise<T>): Promise<T> {
  const known = session.kept.get(name) as Promise<T> | undefined;
  if (known !== undefined) return await known;
  const asked = read();
  session.kept.set(name, asked);
  asked.catch(() => {
    if (session.kept.get(name) === asked) session.kept.delete(name);
  });
  return await asked;
}

async function clientOf(session: AwsSession, api: Service<Sdk>, region: string): Promise<SdkClient> {
  const key = `${api.name} ${region}`;
  let client = session.clients.get(key);
  if (client === undefined) session.clients.set(key, (client = make(session, api, region)));
  return await client;
}

async function make(session: AwsSession, api: Service<Sdk>, region: string): Promise<SdkClient> {
  const { Client } = await api.load();
  const configuration = {
    region,
    credentials: session.keys,
    // Limits tries again, within the rates; the SDK would do so beyond them.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 60_000, throwOnRequestTimeout: true },
    ...(session.profile === undefined ? {} : { profile: session.profile }),
    ...(session.endpoint === undefined ? {} : { endpoint: session.endpoint }),
    ...api.extra(session),
  };
  return new (Client as unknown as new (configuration: object) => SdkClient)(configuration);
}

const doubtful: ReadonlySet<string> = new Set([
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "AuthFailure",
  "InvalidAccessKeyId",
  "InvalidToken",
]);

/**
 * In a region that the account has not enabled, AWS does not know the keys, and EC2 says AuthFailure as well to what is another's.
 * So where the keys work at home, it is not them.
 */
async function judge(session: AwsSession, region: string, failure: CallFailure): Promise<CallFailure> {
  if (failure.kind !== "credentials" || !doubtful.has(failure.code) || session.caller.account === "") return failure;
  try {
    await keep(session, `alive ${String(Math.floor(Date.now() / 60_000))}`, () => whoami(session));
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    return new CallFailure({ kind: error.kind, action: failure.action, code: failure.code, message: failure.message });
  }
  const { action, code, message } = failure;
  if (/not authori[sz]ed/i.test(message)) return new CallFailure({ kind: "denied", action, code, message });
  return region === session.home ? failure : new CallFailure({ kind: "region", action, code, message });
}

const sts = service("sts", () => import("./sdk/sts.ts"));

/** Past `judge`, which asks it. */
export async function whoami(session: AwsSession): Promise<Caller> {
  const action = "sts:GetCallerIdentity";
  const sdk = await sts.load();
  const client = await clientOf(session, sts, session.home);
  const call = { cloud: "aws", account: session.caller.account, region: session.home, service: "sts", action } as const;
  const { Account, Arn } = await session.limits.run(call, session.signal, async () => {
    session.requests++;
    try {
      const command = new sdk.GetCallerIdentityCommand({});
      return (await client.send(command as never, { abortSignal: session.signal } as never)) as { Account?: string; Arn?: string };
    } catch (thrown) {
      throw classify(thrown, action);
    }
  });
  if (Account === undefined || Arn === undefined) {
    throw new CallFailure({ kind: "answer", action, code: "Incomplete", message: "The answer names no account." });
  }
  return { account: Account, arn: Arn, partition: Arn.split(":")[1] ?? "aws" };
}
