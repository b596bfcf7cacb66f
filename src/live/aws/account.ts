import type { AlternateContactType } from "@aws-sdk/client-account";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts, Found } from "../collector.ts";
import { absent, CallFailure } from "../failure.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { credentialReport, reportActions, root, timeIn } from "./credential-report.ts";
import { iam } from "./services.ts";
import { always, optional, thing } from "./shape.ts";

const account = service("account", () => import("./sdk/account.ts"));

/** What is not there can't be the account. */
async function there(attributes: Promise<JsonObject>): Promise<Facts> {
  try {
    return { attributes: await attributes };
  } catch (error) {
    if (!(error instanceof CallFailure) || error.kind !== "gone") throw error;
    const { action, code, message } = error;
    throw new CallFailure({ kind: "refused", action, code, message });
  }
}

export const accounts: Collector<AwsSession> = {
  types: ["aws_account"],
  scope: "account",
  actions: ["sts:GetCallerIdentity"],
  // The session asked when it was opened.
  list: ({ caller }) => Promise.resolve([thing("aws_account", caller.account, {}, { account_id: caller.account })]),
  details: [
    { of: "aws_account", actions: ["iam:GetAccountSummary"], read: (session) => there(summary(session)) },
    { of: "aws_account", actions: ["iam:ListVirtualMFADevices"], read: (session) => there(rootVirtualMfa(session)) },
    { of: "aws_account", actions: reportActions, read: (session) => there(reported(session)) },
    { of: "aws_account", actions: ["iam:ListEntitiesForPolicy"], read: (session) => there(supportPrincipals(session)) },
  ],
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
async function summary(session: AwsSession): Promise<JsonObject> {
  const action = "iam:GetAccountSummary";
  const { SummaryMap = {} } = await send(session, iam, session.home, action, (sdk) => new sdk.GetAccountSummaryCommand({}));
  const { AccountAccessKeysPresent, AccountMFAEnabled, AccountPasswordPresent } = SummaryMap;
  return always({
    root_access_keys: AccountAccessKeysPresent,
    root_mfa: AccountMFAEnabled === undefined ? undefined : AccountMFAEnabled > 0,
    root_password: AccountPasswordPresent === undefined ? undefined : AccountPasswordPresent > 0,
  });
}

/** A virtual device of the root user has a name of its own; hardware is not in this list. */
async function rootVirtualMfa(session: AwsSession): Promise<JsonObject> {
  const devices = await pages(
    session,
    iam,
    session.home,
    "iam:ListVirtualMFADevices",
    (sdk, Marker) => new sdk.ListVirtualMFADevicesCommand({ AssignmentStatus: "Assigned", Marker }),
    ({ VirtualMFADevices }) => VirtualMFADevices,
    ({ Marker }) => Marker,
  );
  const root_virtual_mfa = devices.some(
    ({ SerialNumber, User }) =>
      SerialNumber?.endsWith(":mfa/root-account-mfa-device") === true || User?.Arn?.endsWith(":root") === true,
  );
  return { root_virtual_mfa };
}

async function reported(session: AwsSession): Promise<JsonObject> {
  const report = await credentialReport(session);
  const users = [...report].filter(([name]) => name !== root);
  const its = report.get(root);
  const keys = its === undefined ? [undefined] : [1, 2].map((key) => timeIn(its, `access_key_${String(key)}_last_used_date`));
  return always({
    console_passwords: users.filter(([, line]) => line.get("password_enabled") === "true").length,
    root_password_last_used: its === undefined ? undefined : timeIn(its, "password_last_used"),
    root_key_last_used: keys.includes(undefined)
      ? undefined
      : (keys
          .flatMap((time) => time ?? [])
          .sort()
          .at(-1) ?? null),
  });
}

async function supportPrincipals(session: AwsSession): Promise<JsonObject> {
  const PolicyArn = `arn:${session.caller.partition}:iam::aws:policy/AWSSupportAccess`;
  const counts = await pages(
    session,
    iam,
    session.home,
    "iam:ListEntitiesForPolicy",
    (sdk, Marker) => new sdk.ListEntitiesForPolicyCommand({ PolicyArn, Marker }),
    ({ PolicyGroups, PolicyRoles, PolicyUsers }) => [...(PolicyGroups ?? []), ...(PolicyRoles ?? []), ...(PolicyUsers ?? [])],
    ({ Marker }) => Marker,
  );
  return { support_principals: counts.length };
}

/** Everything of a region is in parts of it. */
export const accountRegions: Collector<AwsSession> = {
  types: ["aws_account_region"],
  scope: "region",
  actions: ["ec2:DescribeRegions"],
  list: (_session, region) => Promise.resolve([thing("aws_account_region", region, {}, {})]),
};

const contactTypes: readonly AlternateContactType[] = ["BILLING", "OPERATIONS", "SECURITY"];

export const alternateContacts: Collector<AwsSession> = {
  types: ["aws_account_alternate_contact"],
  scope: "account",
  actions: ["account:GetAlternateContact"],
  list: async (session) => {
    const found: Found[] = [];
    for (const AlternateContactType of contactTypes) {
      const answer = await send(
        session,
        account,
        session.home,
        "account:GetAlternateContact",
        (sdk) => new sdk.GetAlternateContactCommand({ AlternateContactType }),
      ).catch(absent(["ResourceNotFoundException"], undefined));
      const contact = answer?.AlternateContact;
      if (contact === undefined) continue;
      const { EmailAddress, Name, PhoneNumber, Title } = contact;
      found.push(
        thing(
          "aws_account_alternate_contact",
          AlternateContactType,
          {},
          {
            // Of the account itself: only another's has its id.
            account_id: null,
            alternate_contact_type: AlternateContactType,
            ...always({ email_address: EmailAddress, name: Name, phone_number: PhoneNumber, title: Title }),
          },
        ),
      );
    }
    return found;
  },
};

export const primaryContact: Collector<AwsSession> = {
  types: ["aws_account_primary_contact"],
  scope: "account",
  actions: ["account:GetContactInformation"],
  list: async (session) => {
    const action = "account:GetContactInformation";
    const answer = await send(session, account, session.home, action, (sdk) => new sdk.GetContactInformationCommand({})).catch(
      absent(["ResourceNotFoundException"], undefined),
    );
    const contact = answer?.ContactInformation;
    if (contact === undefined) return [];
    return [
      thing(
        "aws_account_primary_contact",
        session.caller.account,
        {},
        {
          account_id: null,
          ...always({
            address_line_1: contact.AddressLine1,
            city: contact.City,
            country_code: contact.CountryCode,
            full_name: contact.FullName,
            phone_number: contact.PhoneNumber,
            postal_code: contact.PostalCode,
          }),
          ...optional({
            address_line_2: contact.AddressLine2,
            address_line_3: contact.AddressLine3,
            company_name: contact.CompanyName,
            district_or_county: contact.DistrictOrCounty,
            state_or_region: contact.StateOrRegion,
            website_url: contact.WebsiteUrl,
          }),
        },
      ),
    ];
  },
};
