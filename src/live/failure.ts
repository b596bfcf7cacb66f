import type { Reason } from "../core/values/value.ts";

/** Why a call to a cloud did not give an answer. */
export type FailureKind =
  /** The credentials may not do it. */
  | "denied"
  /** Refused for too many calls, to the end of all retries. */
  | "throttled"
  /** The thing is not there (any more). */
  | "gone"
  /** Missing, malformed, expired or revoked credentials, or a clock that is too far off: nothing will work. */
  | "credentials"
  /** The region is not enabled for the account, or does not offer the service. */
  | "region"
  /** No answer: refused, cut, timed out, name not found. */
  | "unreachable"
  /** The cloud's own fault: 5xx. */
  | "fault"
  /** The API does not know the call. */
  | "unsupported"
  /** The answer is none that can be read. */
  | "answer"
  /** Everything else that the cloud says: an invalid argument, a quota. */
  | "refused"
  | "cancelled";

/** The only error that a session's calls throw. Its message is for people and holds no secret, token, signature or signed URL. */
export class CallFailure extends Error {
  readonly kind: FailureKind;
  /** Permission name of the call: `s3:GetBucketPolicy`. */
  readonly action: string;
  /** The cloud's own code: `NoSuchBucketPolicy`. */
  readonly code: string;
  /** When the cloud will take the call again, where it says so. */
  readonly retryAfterMilliseconds: number | undefined;

  constructor(of: { kind: FailureKind; action: string; code: string; message: string; retryAfterMilliseconds?: number }) {
    super(of.message);
    this.name = "CallFailure";
    this.kind = of.kind;
    this.action = of.action;
    this.code = of.code;
    this.retryAfterMilliseconds = of.retryAfterMilliseconds;
  }

  /** As the reason of what could not be determined. */
  get reason(): Reason {
    if (this.kind === "denied") return { kind: "denied", detail: this.action };
    if (this.kind === "throttled") return { kind: "throttled", detail: this.action };
    if (this.kind === "unsupported") return { kind: "unsupported", detail: this.action };
    return { kind: "error", detail: `${this.action}: ${this.message}` };
  }
}

/** Turns "there is none" of an API into a value: `catch(absent(["NoSuchBucketPolicy"], null))`. Everything else is thrown on. */
export function absent<T>(codes: readonly string[], value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof CallFailure && codes.includes(error.code)) return value;
    throw error;
  };
}

const secret =
  /((?:access_?key_?(?:id|secret)?|secret_?(?:access_?)?key|secretid|signature|security_?token|x-amz-[a-z-]*(?:token|signature|credential)|authorization|token|password)["']?\s*[=:]\s*["']?)[^\s"'&,;<>]+/gi;

/** Text of a client or a cloud, without what may be a secret: signed URLs lose their query, named values their value. */
export function redacted(text: string): string {
  return text
    .replaceAll(/(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>]*/g, "$1?…")
    .replaceAll(secret, "$1…")
    .replaceAll(/\b(?:A[KS]IA[A-Z0-9]{16}|LTAI[A-Za-z0-9]{12,20}|AKID[A-Za-z0-9]{13,40}|STS\.[A-Za-z0-9]{16,})\b/g, "…");
}
