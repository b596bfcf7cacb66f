import { isJsonObject, plainText, type Json } from "../../core/snapshots/model.ts";
import { CallFailure, redacted, type FailureKind } from "../failure.ts";

/** Keys in use. */
export interface Keys {
  readonly id: string;
  readonly secret: string;
  readonly token: string | undefined;
}

/** What is known of a call that failed. */
export interface Failed {
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  readonly retryAfterMilliseconds?: number | undefined;
}

const credentialCodes =
  /^(?:InvalidAccessKey(?:Id|Secret)|InactiveAccessKey|AccessKeyDisabled|SignatureDoesNotMatch|SignatureNotMatch|IncompleteSignature|InvalidSecurityToken|MissingSecurityToken|SecurityTokenExpired|InvalidCredentials|IllegalTimestamp|InvalidTimeStamp|RequestTimeTooSkewed|RequestTimeExpired|InvalidParameter\.SecurityToken|UserDisable|AccountNotExist)/i;
/** The endpoint does not know the call. A thing that is not there has other codes. */
const unsupportedCodes =
  /^(?:InvalidAction(?:\.NotFound)?|InvalidApi\.NotFound|InvalidVersion|InvalidProduct\.NotFound|UnsupportedOperation|Unsupported(?:HTTP)?Method|NotSupported(?:Operation|Action)?|MethodNotAllowed|NotImplemented)/i;
const throttledCodes =
  /^(?:Throttling|Rejected\.Throttling|FlowControl|QpsLimitExceeded|TooManyRequests|RequestLimitExceeded|SystemBusy|Rejected\.LimitExceed|ReadQuotaExceed|RateLimit|ThrottlingException|ExceedQPSLimit)/i;
const regionCodes =
  /^(?:InvalidRegionId|InvalidRegion|IllegalRegion|RegionId\.(?:NotFound|Invalid)|UnsupportedRegion|RegionNotSupport|RegionUnauthorized)/i;
const goneCodes = /NotFound|NotExist|NoSuch|DoesNotExist|\.Unexist/i;
const deniedCodes =
  /^(?:Forbidden|NoPermission|NotAuthorized|Unauthorized|AccessDenied|StatusForbidden|AccessForbidden|ErrorClusterForbidden|NoAuth|InsufficientPermission|ImplicitDeny|ExplicitDeny)/i;
const faultCodes =
  /^(?:ServiceUnavailable|InternalError|InternalServerError|InternalServiceError|SystemError|UnknownError|ServerBusy|SignatureNonceUsed|ServiceTimeout|RequestTimeout|OperationTimeout)/i;
/** Of Node and of the clients: nothing came back. */
const unreachableCodes =
  /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EPIPE|EHOST|ENET|EPROTO|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|RequestTimeoutError|ConnectTimeout|ERR_STREAM|ABORT_ERR|HPE_)/;

/** The code comes first: the cloud's APIs send 400, 403 and 404 for almost anything. */
export function kindOf({ status, code }: Failed): FailureKind {
  if (unreachableCodes.test(code)) return "unreachable";
  if (credentialCodes.test(code)) return "credentials";
  if (unsupportedCodes.test(code)) return "unsupported";
  if (throttledCodes.test(code)) return "throttled";
  if (regionCodes.test(code)) return "region";
  if (faultCodes.test(code)) return "fault";
  if (goneCodes.test(code)) return "gone";
  if (deniedCodes.test(code)) return "denied";
  if (status === undefined) return "answer";
  if (status === 429) return "throttled";
  if (status >= 500) return "fault";
  if (code === "") return status === 401 || status === 403 ? "denied" : "answer";
  return "refused";
}

const own: Partial<Readonly<Record<FailureKind, string>>> = {
  credentials: "Alibaba Cloud does not accept the credentials.",
  unreachable: "Alibaba Cloud does not answer.",
  answer: "The answer can't be read.",
};

export function callFailure(action: string, failed: Failed, keys: Keys | undefined): CallFailure {
  const kind = kindOf(failed);
  const said = scrubbed(failed.message, keys);
  // What a signature mismatch is told with holds the request; what a parser says holds the answer.
  const quiet = kind === "answer" || /signature/i.test(failed.code);
  const text = [own[kind], quiet ? undefined : said].filter((part) => part !== undefined && part !== "").join(" ");
  const code = failed.code === "" ? `HTTP ${failed.status ?? "?"}` : failed.code;
  return new CallFailure({
    kind,
    action,
    code,
    message: `${text === "" ? "The call was refused." : text} (${code})`,
    ...(failed.retryAfterMilliseconds === undefined ? {} : { retryAfterMilliseconds: failed.retryAfterMilliseconds }),
  });
}

/** Codes and messages of an API's error, in the ways that the APIs write it. */
export function saidBy(answer: Json | undefined): { readonly code: string; readonly message: string } {
  if (!isJsonObject(answer)) return { code: "", message: "" };
  const first = (...names: readonly string[]): string =>
    names.map((name) => plainText(answer[name])).find((text) => text !== undefined && text !== "") ?? "";
  return {
    code: first("Code", "code", "ErrorCode", "errorCode"),
    message: first("Message", "message", "ErrorMessage", "errorMessage", "errorMsg"),
  };
}

/** Without the keys in any spelling, signed URLs and what follows a server's own string to sign. */
export function scrubbed(text: string, keys: Keys | undefined): string {
  let clean = text.replace(/,?\s*URL: \S+/g, "").replace(/server string to sign is:.*/is, "");
  for (const secret of [keys?.secret, keys?.token, keys?.id]) {
    if (secret === undefined || secret === "") continue;
    const once = encodeURIComponent(secret);
    for (const spelling of [secret, once, encodeURIComponent(once)]) clean = clean.replaceAll(spelling, "…");
  }
  return redacted(clean).trim().slice(0, 500);
}
