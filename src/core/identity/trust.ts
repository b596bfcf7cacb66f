import type { Reason, UnknownValue, Value } from "../values/value.ts";
import type { Dialect } from "./document.ts";

/** An account that a statement names, and the principal as far as it is known. */
export interface NamedAccount {
  readonly account: string;
  readonly principal: string;
}

const ACCOUNT: Readonly<Record<Dialect, RegExp>> = {
  aws: /^(?:(\d{12})|arn:aws[\w-]*:(?:iam|sts)::([^:]*):.*)$/is,
  alibaba: /^(?:(\d{5,})(?::.*)?|acs:ram::([^:]*):.*)$/is,
  tencent: /^qcs::cam::uin\/([^:]*):.*$/is,
};

const UNKNOWN_PIECE = "\uE000";
const OWN_PIECE = "\uE001";

/** The accounts among principals, and why there may be more. What this configuration makes, and who runs it, is nobody else. */
export function namedAccounts(
  value: Value,
  dialect: Dialect,
): { readonly accounts: readonly NamedAccount[]; readonly rest: readonly Reason[] } {
  const accounts: NamedAccount[] = [];
  const rest: Reason[] = [...("items" in value ? (value.rest ?? []) : [])];
  for (const item of "items" in value ? value.items : [value]) {
    const { text, reasons } = written(item);
    const match = ACCOUNT[dialect].exec(text);
    const account = match?.[1] ?? match?.[2];
    if (account === undefined || account.includes(UNKNOWN_PIECE)) rest.push(...reasons);
    else if (/^\d+$/.test(account)) {
      accounts.push({ account, principal: text.replaceAll(UNKNOWN_PIECE, "…").replaceAll(OWN_PIECE, "…") });
    }
  }
  return { accounts, rest };
}

/** A principal with marks for what is not known; reasons only where an account could hide. */
function written(value: Value): { readonly text: string; readonly reasons: readonly Reason[] } {
  if (value.kind === "string") return { text: value.value, reasons: [] };
  if (value.kind !== "unknown") return { text: "", reasons: [] };
  const pieces = value.refinement?.pieces;
  if (pieces === undefined) return { text: "", reasons: isOurs(value) ? [] : value.reasons };
  // `"${aws_iam_role.a.arn}"` and the like begin with what is ours.
  const [first] = pieces;
  if (first !== undefined && typeof first !== "string" && isOurs(first)) return { text: "", reasons: [] };
  const text = pieces.map((piece) => (typeof piece === "string" ? piece : isOurs(piece) ? OWN_PIECE : UNKNOWN_PIECE)).join("");
  return { text, reasons: value.reasons };
}

/** What a resource of this configuration computes, and who a data source says is asking, or looks up among the account's identities. */
function isOurs({ origin, reasons }: UnknownValue): boolean {
  if (origin === undefined || reasons.some(({ kind }) => kind !== "computed" && kind !== "data source")) return false;
  const looksUp = /(?:^|\.)data\.([\w-]+)\./.exec(origin.address);
  if (looksUp === null) return true;
  const [, type = ""] = looksUp;
  return /^(?:aws_caller_identity|aws_iam_\w+|alicloud_(?:account|caller_identity|ram_\w+)|tencentcloud_(?:user_info|cam_\w+))$/.test(
    type,
  );
}

/**
 * Services that assume roles for whoever asks them to, and say for whom: AWS documents `aws:SourceArn` or `aws:SourceAccount` for their
 * roles under "confused deputy". EC2 and Lambda are not among them: they take a role of their own account only.
 */
const DEPUTIES = new Set(
  `appflow application-autoscaling backup batch bedrock bedrock-agentcore chatbot cloudformation cloudtrail codebuild codecommit
  codepipeline cognito-idp comprehend config connect databrew datasync dlm dms ecs-tasks eks elasticmapreduce events firehose fis forecast
  gamelift glue greengrass iot iotsitewise kendra kinesisanalytics lex lexv2 logs monitoring.rds personalize pipes redshift rekognition
  sagemaker scheduler ses sns ssm ssm-incidents states storagegateway transcribe transfer translate vpc-flow-logs wisdom workmail`.split(
    /\s+/,
  ),
);

/** `events.amazonaws.com`, `logs.eu-west-1.amazonaws.com`, `monitoring.rds.amazonaws.com`. */
export function isDeputy(service: string): boolean {
  const name = service.toLowerCase().replace(/\.amazonaws\.com(?:\.cn)?$/, "");
  return DEPUTIES.has(name) || DEPUTIES.has(name.replace(/\.[a-z]{2}(?:-[a-z]+)+-\d$/, ""));
}
