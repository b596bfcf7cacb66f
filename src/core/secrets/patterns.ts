/** A kind of secret that its shape gives away. */
export interface SecretPattern {
  readonly kind: string;
  readonly pattern: RegExp;
}

/**
 * Shapes published by their issuers. No pattern has nested repetition, so matching stays linear in the text.
 */
export const PATTERNS: readonly SecretPattern[] = [
  { kind: "private key", pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----/g },
  { kind: "AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { kind: "Alibaba Cloud access key", pattern: /\bLTAI[A-Za-z0-9]{12,26}\b/g },
  { kind: "Tencent Cloud secret id", pattern: /\bAKID[A-Za-z0-9]{12,40}\b/g },
  { kind: "GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})/g },
  { kind: "GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{20}/g },
  { kind: "Slack token", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10}/g },
  { kind: "Google API key", pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: "Stripe key", pattern: /\b[rs]k_live_[A-Za-z0-9]{20}/g },
  { kind: "Slack webhook", pattern: /\bhooks\.slack\.com\/services\/T[A-Z0-9]{6,12}\/B[A-Z0-9]{6,12}\/[A-Za-z0-9]{20}/g },
  { kind: "npm token", pattern: /\bnpm_[A-Za-z0-9]{36}/g },
  { kind: "PyPI token", pattern: /\bpypi-AgE[A-Za-z0-9_-]{50}/g },
  { kind: "SendGrid key", pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g },
  { kind: "OpenAI key", pattern: /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,200}T3BlbkFJ/g },
  { kind: "Anthropic key", pattern: /\bsk-ant-[a-z0-9]{3,8}-[A-Za-z0-9_-]{40}/g },
  { kind: "Vault token", pattern: /\bhv[sb]\.[A-Za-z0-9_-]{24}/g },
  { kind: "Terraform token", pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60}/g },
  { kind: "DigitalOcean token", pattern: /\bdo[opr]_v1_[a-f0-9]{64}/g },
  { kind: "Databricks token", pattern: /\bdapi[a-f0-9]{32}/g },
  { kind: "Grafana token", pattern: /\bglsa_[A-Za-z0-9]{32}_[a-f0-9]{8}/g },
  { kind: "New Relic key", pattern: /\bNRAK-[A-Z0-9]{27}/g },
  { kind: "Shopify token", pattern: /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/g },
  { kind: "age secret key", pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{58}/g },
  { kind: "JSON web token", pattern: /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10}/g },
];

/** `--password value`: an option whose name says that what follows is a secret. */
export const OPTION =
  /(?:^|\s)--?([A-Za-z0-9-]{0,30}(?:password|passwd|passphrase|secret|token|api-?key|access-?key|credential)[A-Za-z0-9-]{0,30})[ \t]{1,4}(?:"([^"\n]{1,400})"|'([^'\n]{1,400})'|([^\s"',;&|)-][^\s"',;&|)]{0,400}))/gim;

/** `Authorization: Bearer …`, `curl -u user:password`. */
export const HEADER = /\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token)\s{1,4}([A-Za-z0-9+/=._~-]{12,2000})/gi;
export const USER = /(?:^|\s)(?:-u|--user)[ =]{1,2}["']?[^\s:"']{1,80}:([^\s"']{1,200})/gim;

/** `name = value`, `name: "value"`, `"name": "value"`, where the name says that the value is a secret. */
export const ASSIGNMENT =
  /([A-Za-z0-9_.-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[A-Za-z0-9_.-]{0,40})["']?\s{0,4}(?:=>|:=|=|:)\s{0,4}(?:"([^"\n]{1,400})"|'([^'\n]{1,400})'|([^\s"',;&|)]{1,400}))/gi;

/** `scheme://user:password@host`, the host a hole (`${}`) perhaps. */
export const CONNECTION = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{1,80}:([^\s:/@"']{1,120})@[A-Za-z0-9.$-]/gi;

const PASSWORD_NAME = /pass(?:word|wd|phrase)?|pwd/i;

/** Names that speak of secrets without holding one. */
const OTHER_NAME =
  /(?:name|arn|id|path|file|length|policy|rotation|expir\w*|ttl|version|type|url|uri|endpoint|enabled|region|ref|manager|prefix|suffix|algorithm|public[_-]?key)$/i;

const PLACEHOLDER =
  /^(?:x+|\*+|\.+|-+|<.*|\{.*|\$.*|%.*|@.*|!.*|~.*|\/.*|\.\/.*|arn:.*|https?:.*|s3:.*|ssm:.*|vault:.*|kms:.*|file:.*|var\..*|local\..*|data\..*|none|null|nil|true|false|yes|no|on|off|empty|undefined|required|optional|changeme|change[_-]?(?:me|this|it).*|replace.*|your[_-]?.*|my[_-]?(?:password|secret|token)|todo.*|fixme|tbd|example.*|.*[_-]example|sample.*|dummy.*|fake.*|test|placeholder.*|redacted.*|masked|hidden|insert.*|enter.*|password|passwd|secret|token|string|os\.environ.*|process\.env.*|getenv.*)$/i;

/** Whether what a name is set to looks like a secret of its own, not a reference or a placeholder. */
export function looksSecret(name: string, value: string): boolean {
  if (OTHER_NAME.test(name) || PLACEHOLDER.test(value) || value.includes("$(") || value.includes("${") || value.includes("{{")) {
    return false;
  }
  const bits = entropy(value);
  if (PASSWORD_NAME.test(name)) return value.length >= 6 && bits >= 2.2;
  return value.length >= 12 && bits >= 3 && /\d/.test(value) && /[A-Za-z]/.test(value);
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
