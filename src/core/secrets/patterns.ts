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

/** Words in names that speak of secrets. A tokenizer and a secretary hold none. */
const WORDS = String.raw`password|passwd|passphrase|pwd|secret(?!ar)|token(?!iz)|api[_-]?key|access[_-]?key|private[_-]?key|credential`;

/** `--password value`: an option whose name says that what follows is a secret. */
export const OPTION = new RegExp(
  String.raw`(?:^|\s)--?([A-Za-z0-9-]{0,30}(?:${WORDS})[A-Za-z0-9-]{0,30})[ \t]{1,4}(?:"([^"\n]{1,400})"|'([^'\n]{1,400})'|([^\s"',;&|)-][^\s"',;&|)]{0,400}))`,
  "gim",
);

/** `Authorization: Bearer …`, `curl -u user:password`, `echo user:password | chpasswd`. */
export const HEADER = /\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token)\s{1,4}([A-Za-z0-9+/=._~-]{12,2000})/gi;
export const USER = /(?:^|\s)(?:-u|--user)[ =]{1,2}["']?[^\s:"']{1,80}:([^\s"']{1,200})/gim;
export const CHPASSWD = /[\s"'][a-z_][a-z0-9_-]{0,31}:([^\s"'|]{4,200})["']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo[ \t]{1,4})?chpasswd\b/gi;

/**
 * `name = value`, `name: "value"`, `"name": "value"`, where the name says that the value is a secret. The value stands on the same
 * line: below a name without one YAML has a mapping.
 */
export const ASSIGNMENT = new RegExp(
  String.raw`([A-Za-z0-9_.-]{0,40}(?:${WORDS}|(?<![A-Za-z])pass(?=["'\s:=]))[A-Za-z0-9_.-]{0,40})["']?[^\S\n]{0,4}(?:=>|:=|=|:)[^\S\n]{0,4}(?:"([^"\n]{1,400})"|'([^'\n]{1,400})'|([^\s"',;&|)]{1,400}))`,
  "gi",
);

/** `scheme://user:password@host`, the host a hole (`${}`) perhaps. */
export const CONNECTION = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,80}:([^\s:/@"']{1,120})@[A-Za-z0-9.$-]/gi;

/** Whether a name says that it holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

export function isPasswordName(name: string): boolean {
  return PASSWORD_NAME.test(name);
}

const SECRET_NAME = new RegExp(String.raw`${WORDS}|(?<![A-Za-z])pass$`, "i");
const PASSWORD_NAME = /pass(?:word|wd|phrase)|(?<![A-Za-z])pass$|pwd/i;

/** Last words of names that speak of secrets without holding one: `TOKEN_ISSUER`, `DB_PASSWORD_FILE`, `--password-stdin`. */
const OTHER_WORD =
  /^(?:names?|arn|ids?|uids?|paths?|files?|filename|dir|directory|length|policy|rotation|expir\w*|ttl|version|type|kind|ur[il]s?|endpoint|host|hostname|port|enabled?|disabled?|required|optional|region|ref|reference|manager|prefix|suffix|algo|algorithm|hasher|encoder|encoding|format|mode|method|regexp?|pattern|template|email|change|changed|authentication|audience|aud|issuer|iss|hash|digest|checksum|sha1|sha256|sha512|fingerprint|cookie|field|column|param|parameters?|stdin|prompt|hint|label|description|scopes?|claims?|at|date|time|timestamp|timeout|seconds|minutes|hours|days|age|count|limit|max|min|size|retries|tags?|annotations?|publickey)$/;

/** Last words that may say whose secret it is: `API_KEY_SERVICE` is the name of one, or one. What looks random is one. */
const OWNER_WORD =
  /^(?:client|server|service|function|lambda|role|group|user|username|domain|zone|class|source|storage|header|image|stores?|provider|backend|bucket|queue|topic|table|validator|strategy|status|alias|title|reset)$/;
const RANDOM = /^[A-Za-z0-9+/=_!@#%^&*]{16,}$/;

/** `publicKey`, `public_key`: the two words that tell. */
const PUBLIC_KEY = /public[_-]?key$/i;

/** First words of names that ask, or point to what is there. */
const ASKING = /^(?:existing|requires?|required|enable|disable|use|has|is|allow|show|hide|forgot)$/;

const PLACEHOLDER = new RegExp(
  `^(?:${[
    // Nothing.
    String.raw`x+|\*+|\.+|-+|_+|none|null|nil|true|false|yes|no|on|off|empty|undefined|required|optional|string`,
    String.raw`enabled?|disabled?|always|never|prohibited|forbidden|allowed|denied|default|automatic`,
    // What a template, a shell or a program fills in.
    String.raw`<.*|\{.*|\$.*|%.*|@.*|!.*|~.*|#\{.*|\[\[.*|\(\(.*|__.*__|\x60.*|enc\(.*`,
    String.raw`var\..*|local\..*|data\..*|module\..*|each\..*|os\.environ.*|process\.env.*|getenv.*`,
    // Where it is.
    String.raw`\/.*|\.\/.*|[a-z]:\\.*|arn:.*|projects\/.*|[a-z][a-z0-9+.-]{1,20}:\/\/.*`,
    String.raw`(?:s3|ssm|vault|kms|file|env|secretref|secretsmanager|awssm|keyvault|gsm|sops|sha1|sha256|sha512):.*`,
    // Words in its place.
    String.raw`changeme|change[_-]?(?:me|this|it).*|replace.*|.*[_-]replace(?:[_-]?me)?|your[_-]?.*|my[_-]?(?:password|secret|token)|todo.*|fixme|tbd`,
    String.raw`example.*|.*[_-]example|sample.*|dummy.*|fake.*|test|placeholder.*|redacted.*|masked|hidden|insert.*|enter.*`,
    // The name of one: user_password, not-a-real-token.
    String.raw`(?:[a-z]+[_-])*(?:password|passwd|passphrase|pwd|secret|token)s?`,
  ].join("|")})$`,
  "i",
);

/** `prod/db/password`, the name that a store knows it by; keys in base64 have capitals and digits in between. */
const STORE_PATH = /^[a-z][a-z0-9_.-]*(?:\/[a-z0-9][a-z0-9_.-]*){2,}$/;

/** `auth.example.com:8443`, `registry.example.com/app:1.4`: where something is. */
const ADDRESS = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?(?:\/[a-z0-9._/:-]*)?$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d(?:[T ]|$)/;

/** `random_password.db.result`, `getpass.getpass(`: code, where no quotes stand around it. */
const CODE = /^(?:[A-Za-z_][\w.]{0,80}\(|[A-Za-z_]\w*\.\w[\w.]*\(.*|[a-z]+_[a-z_]+(?:\.\w+)+)$/;

/** Whether what a name is set to looks like a secret of its own, not a reference or a placeholder. `bare`: no quotes are around it. */
export function looksSecret(name: string, value: string, bare = false): boolean {
  if (!canHold(name, value) || PLACEHOLDER.test(value) || value.includes("$(") || value.includes("${") || value.includes("{{"))
    return false;
  if (STORE_PATH.test(value) || TIMESTAMP.test(value) || (bare && CODE.test(value))) return false;
  const bits = entropy(value);
  if (PASSWORD_NAME.test(name)) return value.length >= 6 && bits >= 2.2;
  return value.length >= 12 && bits >= 3 && /\d/.test(value) && /[A-Za-z]/.test(value) && !ADDRESS.test(value);
}

function canHold(name: string, value: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])(?=[A-Z])/g, "$1_")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const last = words.at(-1) ?? "";
  if (OWNER_WORD.test(last)) return RANDOM.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= 3.3;
  return !OTHER_WORD.test(last) && !ASKING.test(words[0] ?? "") && !PUBLIC_KEY.test(name);
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const c of text) counts.set(c, (counts.get(c) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
