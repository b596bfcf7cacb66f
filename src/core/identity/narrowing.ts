import type { Reason } from "../values/value.ts";
import type { Condition, Dialect, Statement } from "./document.ts";

/*
 * What narrows a statement that names everyone: a condition that must hold (no `IfExists`, no `ForAllValues`, no negation, which an
 * absent key passes) on a key that says who or from where, with values that leave something out.
 */

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html "The meaning of public". */
const AWS_KEYS =
  /^(?:aws:(?:sourcearn|sourceaccount|sourceowner|sourceorgid|sourceorgpaths|principalorgid|principalorgpaths|principalaccount|principalarn|principalservicename|sourcevpc|sourcevpce|sourceip|vpcsourceip|userid|username)|kms:(?:calleraccount|viaservice)|s3:(?:dataaccesspointaccount|dataaccesspointarn)|aws:principaltag\/.+|lambda:sourcefunctionarn|saml:aud|.+:(?:aud|sub))$/i;
/** https://www.alibabacloud.com/help/en/oss/user-guide/bucket-policy-and-conditions and RAM's common keys. */
const ALIBABA_KEYS =
  /^(?:acs:(?:sourceip|sourcevpc|sourcevpcid|vpcsourceip|sourcearn|sourceaccount|principalrdid|principalrdpath|principalarn|principalaccountid|userid|username|accesskeyid)|oss:accessid|saml:.+|oidc:.+)$/i;
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

function narrowed(condition: Condition, dialect: Dialect): boolean | readonly Reason[] {
  const { operator, key, values } = condition;
  const known = dialect === "aws" ? AWS_KEYS : dialect === "alibaba" ? ALIBABA_KEYS : TENCENT_KEYS;
  if (!known.test(key) || NEGATIVE.test(operator) || !POSITIVE.test(operator)) return false;
  if (values.values.some((value) => isOpen(value, dialect))) return false;
  if (values.rest.length > 0) return condition.computed ? true : values.rest;
  return values.values.length > 0;
}

/** A value that leaves nothing out. */
function isOpen(value: string, dialect: Dialect): boolean {
  if (/^\*+$/.test(value) || /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*::)\/0$/i.test(value)) return true;
  if (dialect !== "aws" || !value.startsWith("arn:")) return false;
  return /^arn:[^:]*:[^:]*:\**:\**:[*:/]*$/.test(value);
}
