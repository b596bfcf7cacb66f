import { CallFailure, redacted, type FailureKind } from "../failure.ts";

/* What the SDK throws, as the one error that everything above knows. */

/** The services' own codes, in lower case and without "Exception" at the end. */
const codes: Readonly<Partial<Record<FailureKind, readonly string[]>>> = {
  denied: [
    "accessdenied",
    "unauthorizedoperation",
    "authorizationerror",
    "notauthorized",
    "unauthorized",
    "forbidden",
    "allaccessdisabled",
    "accountproblem",
    "explicitdeny",
  ],
  throttled: [
    "throttling",
    "throttled",
    "throttledexception",
    "requestthrottled",
    "requestlimitexceeded",
    "toomanyrequests",
    "slowdown",
    "bandwidthlimitexceeded",
    "provisionedthroughputexceeded",
    "priorrequestnotcomplete",
    "ec2throttled",
    "transactioninprogress",
  ],
  credentials: [
    "expiredtoken",
    "tokenrefreshrequired",
    "requestexpired",
    "invalidclienttokenid",
    "unrecognizedclient",
    "invalidaccesskeyid",
    "signaturedoesnotmatch",
    "invalidsignature",
    "incompletesignature",
    "requesttimetooskewed",
    "authfailure",
    "missingauthenticationtoken",
    "missingauthenticationtokenerror",
    "invalidtoken",
    "invalidsecurity",
    "notsignedup",
    "credentialsprovidererror",
    "tokenprovidererror",
    "providererror",
  ],
  region: ["optinrequired", "subscriptionrequired", "regiondisabled", "unknownendpoint"],
  fault: [
    "internalerror",
    "internalfailure",
    "internalserver",
    "internalservererror",
    "internalservice",
    "internalserviceerror",
    "serviceunavailable",
    "unavailable",
    "servicefailure",
    "serviceexception",
    "requesttimeout",
    "dependencytimeout",
  ],
  unsupported: [
    "unknownoperation",
    "invalidaction",
    "notimplemented",
    "methodnotallowed",
    "actionnotfound",
    "operationnotsupported",
    "invalidwebserviceparameter",
  ],
};

const kinds: ReadonlyMap<string, FailureKind> = new Map(
  (Object.entries(codes) as [FailureKind, readonly string[]][]).flatMap(([kind, names]) => names.map((name) => [name, kind])),
);

const sockets: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "EPROTO",
  "ERR_SOCKET_CONNECTION_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** The parts of the SDK's errors that are looked at: none of them is certain to be there. */
interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly Code?: unknown;
  readonly cause?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number; readonly headers?: Readonly<Record<string, string>> };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Of anything that a client of the SDK, or a provider of credentials, threw. */
export function classify(thrown: unknown, action: string): CallFailure {
  if (thrown instanceof CallFailure) return thrown;
  const error: Thrown = typeof thrown === "object" && thrown !== null ? thrown : { message: String(thrown) };
  const socket = socketCode(error);
  if (socket !== undefined) {
    return new CallFailure({ kind: "unreachable", action, code: socket, message: redacted(text(error.message) || socket) });
  }
  const status = error.$response?.statusCode ?? error.$metadata?.httpStatusCode;
  const code = codeOf(error);
  const retryAfterMilliseconds = retryAfter(error.$response?.headers?.["retry-after"]);
  return new CallFailure({
    kind: kindOf(code, status, error),
    action,
    code: code || (status === undefined ? "Unknown" : `HTTP ${String(status)}`),
    message: messageOf(error, code, status),
    ...(retryAfterMilliseconds === undefined ? {} : { retryAfterMilliseconds }),
  });
}

function kindOf(code: string, status: number | undefined, error: Thrown): FailureKind {
  if (unparsable(error)) return status !== undefined && status >= 500 ? "fault" : "answer";
  // A page of something in between: the client makes a name up for the status where there is none.
  if (nameless(code, error))
    return status === 429 ? "throttled" : status === 501 ? "unsupported" : (status ?? 0) >= 500 ? "fault" : "answer";
  const name = code.toLowerCase().replace(/^(?:client|server)\./, "");
  const known = kinds.get(name) ?? kinds.get(name.replace(/exception$/, ""));
  if (known !== undefined) return known;
  // "InvalidVpcID.NotFound", "NoSuchBucketPolicy", "ResourceNotFoundException", "NoSuchEntity".
  if (/^nosuch|notfound|doesnotexist|nonexistent/.test(name)) return "gone";
  if (status === 429) return "throttled";
  if (status !== undefined && status >= 500) return status === 501 ? "unsupported" : "fault";
  if (status === 401 || status === 403) return "denied";
  if (status === undefined) return "answer";
  return "refused";
}

function nameless(code: string, error: Thrown): boolean {
  return /^(?:NotFound|Unknown|UnknownError)?$/.test(code) && /^(?:Unknown|UnknownError)?$/.test(text(error.message));
}

/** An error page, a text that is cut off: what was expected to be JSON or XML is not. */
function unparsable(error: Thrown): boolean {
  if (error instanceof SyntaxError) return true;
  const message = text(error.message);
  return (
    /Deserialization error|is not valid JSON|Unexpected token|Unexpected end of JSON|char '.*' is not expected|Unclosed|XML/i.test(
      message,
    ) && !("$fault" in error)
  );
}

function codeOf(error: Thrown): string {
  const code = text(error.Code) || text(error.code);
  const name = text(error.name);
  if (name !== "" && name !== "Error" && name !== "UnknownError" && name !== "Unknown") return name;
  return code || (name === "Error" ? "" : name);
}

/** Also of errors that were wrapped on the way: a provider of credentials that could not reach its host. */
function socketCode(error: Thrown, depth = 0): string | undefined {
  const code = text(error.code);
  if (sockets.has(code)) return code;
  if (error.name === "TimeoutError") return "TimeoutError";
  if (Array.isArray((error as { errors?: unknown }).errors)) {
    for (const each of (error as { errors: readonly unknown[] }).errors) {
      const found = typeof each === "object" && each !== null ? socketCode(each, depth + 1) : undefined;
      if (found !== undefined) return found;
    }
  }
  const { cause } = error;
  return depth < 4 && typeof cause === "object" && cause !== null ? socketCode(cause, depth + 1) : undefined;
}

function messageOf(error: Thrown, code: string, status: number | undefined): string {
  const at = status === undefined ? "" : ` (HTTP ${String(status)})`;
  // The client's own message quotes the page and tells of its internals.
  if (unparsable(error)) return `The answer can't be read${at}.`;
  const message = redacted(text(error.message)).trim();
  return message === "" || message === "UnknownError" || message === code ? `${code || "Unknown error"}${at}` : message;
}

/** Seconds or a date, in milliseconds; nothing that is longer than a scan may wait. */
function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,4}$/.test(header.trim())) return undefined;
  return Math.min(60_000, Number(header) * 1000);
}
