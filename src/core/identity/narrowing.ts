import type { Reason } from "../values/value.ts";
import type { Condition, Dialect, Statement } from "./document.ts";

/*
 * What narrows a statement that names everyone: a condition that must hold (no `IfExists`, no `ForAllValues`, no negation, which an
 * absent key passes) on a key that says who or from where, with values that leave something out.
 */

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html "The meaning of public".
 * Names and tags that everyone gives to users of their own account (`aws:username`, `aws:PrincipalTag`), private addresses that
 * every network has (`aws:VpcSourceIp`) and the service in between (`kms:ViaService`) say nothing about who.
 */
const AWS_KEYS =
  /^(?:aws:(?:sourcearn|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|principalorgid|principalorgpaths|principalaccount|principalarn|principalservicename|sourcevpc|sourcevpce|sourceip|userid)|kms:calleraccount|s3:(?:dataaccesspointaccount|dataaccesspointarn)|lambda:sourcefunctionarn|saml:aud|.+:(?:aud|sub))$/i;
/**
 * https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html: whoever comes through a mount target is in a
 * network that the owner of the file system has put one into.
 */
const AWS_FLAGS = /^elasticfilesystem:accessedviamounttarget$/i;
/** https://www.alibabacloud.com/help/en/oss/user-guide/bucket-policy-and-conditions and RAM's common keys. */
const ALIBABA_KEYS =
  /^(?:acs:(?:sourceip|sourcevpc|sourcevpcid|sourcearn|sourceaccount|principalrdid|principalrdpath|principalarn|principalaccountid|userid|accesskeyid)|oss:accessid|saml:.+|oidc:.+)$/i;
/** https://cloud.tencent.com/document/product/598/10608 condition keys. */
const TENCENT_KEYS =
  /^(?:qcs:(?:ip|vpc|vpc_id|uin|source_?arn|source_?account|principal_?org_?id|resource_owner)|vpc:requester_vpc|.+:(?:uin|ip|vpc))$/i;

const NEGATIVE = /not|null|ifexists|if_exist|^forallvalues|^for_all_value/i;
const POSITIVE = /equal|like|ipaddress|ip_equal|arn|in_?string/i;

/** Keys that narrow, and the reasons why others might. */
export function narrowing(
  statement: Statement,
  dialect: Dialect,
): { readonly keys: readonly string[]; readonly doubts: readonly Reason[] } {
  const keys: string[] = [];
  const doubts: Reason[] = [...statement.conditionRest];
  for (const condition of statement.conditions) {
    const narrows = narrowed(condition, dialect);
    if (narrows === true) keys.push(condition.key);
    else if (narrows !== false) doubts.push(...narrows);
  }
  return { keys, doubts };
}

/** Secrets that the owner of a role agrees on with the account that may assume it. */
const EXTERNAL_ID = /^sts:external_?id$/i;

/** Whether a statement for other accounts narrows whom it lets in: by an external id, or as any statement. */
export function narrowsAccounts(statement: Statement, dialect: Dialect): boolean | readonly Reason[] {
  const { keys, doubts } = narrowing(statement, dialect);
  return keys.length > 0 ? true : anyOf(statement, (condition) => holds(condition, EXTERNAL_ID, dialect), doubts);
}

/** Keys that say for whom a service acts. */
const DEPUTY_KEYS =
  /^(?:aws:(?:sourcearn|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|principalorgid)|kms:(?:calleraccount|encryptioncontext:.+)|lambda:sourcefunctionarn|sts:externalid)$/i;

/** Whether a statement for a service says for whom the service may act. */
export function narrowsDeputies(statement: Statement, dialect: Dialect): boolean | readonly Reason[] {
  return anyOf(statement, (condition) => holds(condition, DEPUTY_KEYS, dialect), statement.conditionRest);
}

function anyOf(
  { conditions }: Statement,
  test: (condition: Condition) => boolean | readonly Reason[],
  doubts: readonly Reason[],
): boolean | readonly Reason[] {
  let open = doubts;
  for (const condition of conditions) {
    const result = test(condition);
    if (result === true) return true;
    if (result !== false) open = [...open, ...result];
  }
  return open.length === 0 ? false : open;
}

function narrowed(condition: Condition, dialect: Dialect): boolean | readonly Reason[] {
  if (dialect === "aws" && AWS_FLAGS.test(condition.key)) return isSet(condition);
  return holds(condition, dialect === "aws" ? AWS_KEYS : dialect === "alibaba" ? ALIBABA_KEYS : TENCENT_KEYS, dialect);
}

/** Whether a condition holds only where the flag is true. */
function isSet({ operator, values }: Condition): boolean | readonly Reason[] {
  if (!/^(?:foranyvalue:)?bool$/i.test(operator) || values.values.some((value) => value.toLowerCase() !== "true")) return false;
  return values.rest.length > 0 ? values.rest : values.values.length > 0;
}

/** Whether a condition must hold, is on one of the keys, and leaves something out. */
function holds({ operator, key, values, computed }: Condition, known: RegExp, dialect: Dialect): boolean | readonly Reason[] {
  if (!known.test(key) || NEGATIVE.test(operator) || !POSITIVE.test(operator)) return false;
  if (values.values.some((value) => isOpen(value, key, dialect))) return false;
  if (values.rest.length > 0) return computed ? true : values.rest;
  return values.values.length > 0;
}

/** A value that leaves nothing out. */
function isOpen(value: string, key: string, dialect: Dialect): boolean {
  if (/^[*?:]+$/.test(value)) return true;
  const network = /^(?:([\d.]+)|[0-9a-f:]*:[0-9a-f:]*)\/(\d{1,3})$/i.exec(value);
  // AWS draws the line at /8 and /32: broader ranges are as good as public.
  if (network !== null) return Number(network[2]) < (network[1] === undefined ? 32 : 8) && !/^f[cd]/i.test(value);
  if (dialect !== "aws" || !/arn$/i.test(key)) return false;
  const [, , , , account = "", ...rest] = value.split(":");
  // Names of roles, topics and queues are free in every account: only the account, or a bucket's own name, says whose.
  if (rest.length === 0) return value.startsWith("*");
  return /^[*?]+$/.test(account) || (account === "" && /^[*/?:]*$/.test(rest.join(":")));
}
