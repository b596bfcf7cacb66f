import { isJsonObject, memberOf, textOf, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure, redacted, type FailureKind } from "../failure.ts";
import type { Answer } from "./transport.ts";

/** Codes that say the keys are wrong, whatever is called. Any other AuthFailure is of the one call. */
const badKeys: ReadonlySet<string> = new Set([
  "AuthFailure.InvalidAuthorization",
  "AuthFailure.InvalidSecretId",
  "AuthFailure.MFAFailure",
  "AuthFailure.SecretIdNotFound",
  "AuthFailure.SignatureExpire",
  "AuthFailure.SignatureFailure",
  "AuthFailure.TokenFailure",
  // COS
  "InvalidAccessKeyId",
  "InvalidSecurityToken",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
  "TokenRefreshRequired",
]);

const exact: Readonly<Record<string, FailureKind>> = {
  ActionOffline: "unsupported",
  InvalidAction: "unsupported",
  NoSuchProduct: "unsupported",
  NoSuchVersion: "unsupported",
  UnsupportedProtocol: "unsupported",
  InternalServerError: "fault",
  ServiceUnavailable: "fault",
  // COS
  AccessDenied: "denied",
  NoSuchBucket: "gone",
  SlowDown: "throttled",
  RequestLimitExceeded: "throttled",
};

/**
 * Codes that say that a thing that was listed is not there any more. Others say "not found" of a setting that it does not have, and
 * must not make the thing itself vanish.
 */
const listed =
  /(?:Instance|InstanceId|Cluster|ClusterId|User|Role|Policy|PolicyId|Group|Function|FunctionName|Disk|DiskId|Snapshot|Image|SecurityGroup)\.?(?:NotFound(?:Error)?|NotExists?)$|^ResourceNotFound\.Function$/;

/** What a code of the API, or of COS, says about why. */
export function kindOf(code: string, status = 200): FailureKind {
  const known = exact[code];
  if (known !== undefined) return known;
  if (badKeys.has(code)) return "credentials";
  if (/^(UnauthorizedOperation|AuthFailure)\b/.test(code)) return "denied";
  if (/^RequestLimitExceeded\b/.test(code)) return "throttled";
  if (/^(InternalError|InternalServerError)\b/.test(code)) return "fault";
  if (/^UnsupportedRegion\b/.test(code)) return "region";
  if (/^UnsupportedOperation\b/.test(code)) return "unsupported";
  if (listed.test(code)) return "gone";
  if (status === 429) return "throttled";
  if (status >= 500) return "fault";
  if (status === 401 || status === 403) return "denied";
  return "refused";
}

/** What an answer of the API says. Throws a CallFailure where it says no, or is none that can be read. */
export function answerOf({ status, body }: Answer, action: string): JsonObject {
  if (status !== 200) {
    const kind = status >= 500 ? "fault" : kindOf("", status);
    throw new CallFailure({ kind, action, code: `HTTP ${String(status)}`, message: `HTTP ${String(status)}` });
  }
  let answer: Json | undefined;
  try {
    answer = memberOf(JSON.parse(body) as Json, "Response");
  } catch {
    answer = undefined;
  }
  if (!isJsonObject(answer)) {
    throw new CallFailure({ kind: "answer", action, code: "answer", message: "the answer can't be read" });
  }
  const error = answer["Error"];
  if (error === undefined) return answer;
  const code = textOf(memberOf(error, "Code")) ?? "unknown";
  const message = redacted(textOf(memberOf(error, "Message")) ?? code);
  throw new CallFailure({ kind: kindOf(code), action, code, message });
}
