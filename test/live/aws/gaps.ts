import type { Asked, Fault } from "./moto.ts";

/*
 * What moto does not have, or gets wrong. For these calls a front answers in its place. Answers are written in the shape of the SDK's
 * model, put on the wire here, and read back by the SDK: the test "doubles" proves that no member is lost on the way, which is what
 * happens to one that AWS does not have.
 */

/*
 * By the permission of the collectors, what is odd about moto:
 *
 * - account:GetContactInformation: not there (404)
 * - access-analyzer:ListAnalyzers: no such service
 * - ec2:DescribeClientVpnEndpoints: not implemented
 * - ec2:GetInstanceMetadataDefaults: not implemented
 * - ec2:GetSnapshotBlockPublicAccessState: not implemented
 * - iam:GetAccountAuthorizationDetails: leaves out permissions boundaries
 * - iam:GetCredentialReport: has no line of the root user
 * - iam:ListOrganizationsFeatures: not implemented
 * - kms:GetKeyRotationStatus: leaves out the period
 * - logs:DescribeLogGroups: leaves out the class
 * - macie2:GetMacieSession: answers with nothing where Macie is off, in place of AccessDeniedException
 * - s3:GetBucketAcl: gives one permission of a canned ACL that has two
 * - s3:GetBucketVersioning: forgets MFA delete
 * - securityhub:GetEnabledStandards: not there (404)
 */

interface Wire {
  readonly form: "ec2" | "query" | "json";
  /** Whether a request is one for the operation. */
  readonly is: (asked: Pick<Asked, "method" | "url" | "headers" | "body">) => boolean;
}

const action = (name: string): Wire["is"] => {
  const pattern = new RegExp(`(?:^|&)Action=${name}(?:&|$)`);
  return ({ body }) => pattern.test(body);
};
const path = (method: string, url: string): Wire["is"] => {
  return (asked) => asked.method === method && asked.url.replace(/\?.*/, "") === url;
};

const wires: Readonly<Record<string, Wire>> = {
  GetContactInformation: { form: "json", is: path("POST", "/getContactInformation") },
  ListAnalyzers: { form: "json", is: path("GET", "/analyzer") },
  GetInstanceMetadataDefaults: { form: "ec2", is: action("GetInstanceMetadataDefaults") },
  GetSnapshotBlockPublicAccessState: { form: "ec2", is: action("GetSnapshotBlockPublicAccessState") },
  GetCredentialReport: { form: "query", is: action("GetCredentialReport") },
  GetAccountSummary: { form: "query", is: action("GetAccountSummary") },
  ListOrganizationsFeatures: { form: "query", is: action("ListOrganizationsFeatures") },
  GetMacieSession: { form: "json", is: path("GET", "/macie") },
  GetEnabledStandards: { form: "json", is: path("POST", "/standards/get") },
  DescribeHub: { form: "json", is: path("GET", "/accounts") },
};

/** Answers by operation: the SDK's output, or an error. */
export type Answers = Readonly<
  Record<string, object | { readonly error: string; readonly message: string; readonly status: number }>
>;

/** For `Front.start`. */
export function answering(answers: Answers): (asked: Asked) => Fault | undefined {
  return (asked) => {
    for (const [operation, answer] of Object.entries(answers)) {
      const wire = wires[operation];
      if (wire === undefined) throw new Error(`Nobody knows how ${operation} is asked.`);
      if (wire.is(asked)) return onTheWire(operation, wire.form, answer);
    }
    return undefined;
  };
}

function onTheWire(operation: string, form: Wire["form"], answer: Answers[string]): Fault {
  if ("error" in answer) {
    const { error, message, status } = answer;
    if (form === "json") {
      return {
        status,
        headers: { "x-amzn-errortype": error, "content-type": "application/json" },
        body: JSON.stringify({ message }),
      };
    }
    const inside = `<Code>${error}</Code><Message>${message}</Message>`;
    const body =
      form === "ec2"
        ? `<Response><Errors><Error>${inside}</Error></Errors></Response>`
        : `<ErrorResponse><Error>${inside}</Error></ErrorResponse>`;
    return { status, headers: { "content-type": "text/xml" }, body };
  }
  if (form === "json") return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(answer) };
  const members = xml(answer, form);
  const body =
    form === "ec2"
      ? `<${operation}Response><requestId>1</requestId>${members}</${operation}Response>`
      : `<${operation}Response><${operation}Result>${members}</${operation}Result></${operation}Response>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body };
}

/** EC2 begins names in lower case and calls elements `item`; the query APIs `member`, and maps have entries. */
function xml(value: unknown, form: "ec2" | "query"): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => tag(form === "ec2" ? "item" : "member", xml(item, form))).join("");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, inner]) => {
        if (name === "SummaryMap") {
          const entries = Object.entries(inner as object).map(([key, number]) =>
            tag("entry", tag("key", key) + tag("value", String(number))),
          );
          return tag(name, entries.join(""));
        }
        return tag(form === "ec2" ? name[0]!.toLowerCase() + name.slice(1) : name, xml(inner, form));
      })
      .join("");
  }
  return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function tag(name: string, inside: string): string {
  return `<${name}>${inside}</${name}>`;
}

/** A credential report as IAM writes it, of the lines' columns that are given. */
export function reportOf(lines: Readonly<Record<string, Readonly<Record<string, string>>>>): Uint8Array {
  const columns = [
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "password_next_rotation",
    "mfa_active",
    ...[1, 2].flatMap((key) =>
      ["active", "last_rotated", "last_used_date", "last_used_region", "last_used_service"].map(
        (what) => `access_key_${String(key)}_${what}`,
      ),
    ),
    "cert_1_active",
    "cert_1_last_rotated",
    "cert_2_active",
    "cert_2_last_rotated",
    "additional_credentials_info",
  ];
  const rows = Object.entries(lines).map(([user, cells]) =>
    columns.map((column) => (column === "user" ? user : (cells[column] ?? "N/A"))).join(","),
  );
  return new TextEncoder().encode([columns.join(","), ...rows].join("\n"));
}
