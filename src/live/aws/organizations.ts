import type { Organization, PolicyType } from "@aws-sdk/client-organizations";
import type { Collector, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { keep, pages, send, service, type AwsSession } from "./client.ts";
import { always, must, thing } from "./shape.ts";

const organizations = service("organizations", () => import("./sdk/organizations.ts"));
const describe = "organizations:DescribeOrganization";

/** undefined: the account manages none. Members may ask for its name, and nothing else. */
async function managed(session: AwsSession): Promise<Organization | undefined> {
  return await keep(session, "organization", async () => {
    const answer = await send(
      session,
      organizations,
      session.home,
      describe,
      (sdk) => new sdk.DescribeOrganizationCommand({}),
    ).catch(absent(["AWSOrganizationsNotInUseException"], undefined));
    const its = answer?.Organization;
    return its?.MasterAccountId === session.caller.account ? its : undefined;
  });
}

export const organization: Collector<AwsSession> = {
  types: ["aws_organizations_organization"],
  scope: "account",
  actions: [describe],
  list: async (session) => {
    const its = await managed(session);
    if (its === undefined) return [];
    return [
      thing(
        "aws_organizations_organization",
        must(its.Id, describe),
        {},
        {
          ...always({
            arn: its.Arn,
            feature_set: its.FeatureSet,
            master_account_arn: its.MasterAccountArn,
            master_account_email: its.MasterAccountEmail,
            master_account_id: its.MasterAccountId,
          }),
        },
      ),
    ];
  },
  details: [
    {
      of: "aws_organizations_organization",
      actions: ["organizations:ListRoots"],
      read: async (session) => {
        const roots = await pages(
          session,
          organizations,
          session.home,
          "organizations:ListRoots",
          (sdk, NextToken) => new sdk.ListRootsCommand({ NextToken }),
          ({ Roots }) => Roots,
          ({ NextToken }) => NextToken,
        );
        const types = roots.flatMap(({ PolicyTypes }) => PolicyTypes ?? []);
        // Others are being turned on or off.
        return {
          attributes: { enabled_policy_types: types.flatMap(({ Status, Type }) => (Status === "ENABLED" ? (Type ?? []) : [])) },
        };
      },
    },
  ],
};

const policyTypes: readonly PolicyType[] = [
  "SERVICE_CONTROL_POLICY",
  "RESOURCE_CONTROL_POLICY",
  "TAG_POLICY",
  "BACKUP_POLICY",
  "AISERVICES_OPT_OUT_POLICY",
];

/** The organization's own. AWS's FullAWSAccess, which each has, limits nothing. */
export const policies: Collector<AwsSession> = {
  types: ["aws_organizations_policy"],
  scope: "account",
  actions: ["organizations:ListPolicies", describe],
  list: async (session) => {
    const action = "organizations:ListPolicies";
    if ((await managed(session)) === undefined) return [];
    const found: Found[] = [];
    for (const Filter of policyTypes) {
      const all = await pages(
        session,
        organizations,
        session.home,
        action,
        (sdk, NextToken) => new sdk.ListPoliciesCommand({ Filter, NextToken }),
        ({ Policies }) => Policies,
        ({ NextToken }) => NextToken,
      );
      for (const of of all) {
        if (of.AwsManaged === true) continue;
        found.push(
          thing(
            "aws_organizations_policy",
            must(of.Id, action),
            { name: of.Name },
            always({ arn: of.Arn, name: of.Name, description: of.Description, type: of.Type }),
          ),
        );
      }
    }
    return found;
  },
};

export const delegatedAdministrators: Collector<AwsSession> = {
  types: ["aws_organizations_delegated_administrator"],
  scope: "account",
  actions: ["organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount", describe],
  list: async (session) => {
    if ((await managed(session)) === undefined) return [];
    const accounts = await pages(
      session,
      organizations,
      session.home,
      "organizations:ListDelegatedAdministrators",
      (sdk, NextToken) => new sdk.ListDelegatedAdministratorsCommand({ NextToken }),
      ({ DelegatedAdministrators }) => DelegatedAdministrators,
      ({ NextToken }) => NextToken,
    );
    const found: Found[] = [];
    for (const of of accounts) {
      const AccountId = must(of.Id, "organizations:ListDelegatedAdministrators");
      const action = "organizations:ListDelegatedServicesForAccount";
      const services = await pages(
        session,
        organizations,
        session.home,
        action,
        (sdk, NextToken) => new sdk.ListDelegatedServicesForAccountCommand({ AccountId, NextToken }),
        ({ DelegatedServices }) => DelegatedServices,
        ({ NextToken }) => NextToken,
      );
      for (const { DelegationEnabledDate, ServicePrincipal } of services) {
        const principal = must(ServicePrincipal, action);
        found.push(
          thing(
            "aws_organizations_delegated_administrator",
            `${AccountId}/${principal}`,
            { name: of.Name },
            {
              account_id: AccountId,
              service_principal: principal,
              ...always({
                arn: of.Arn,
                delegation_enabled_date: DelegationEnabledDate,
                email: of.Email,
                name: of.Name,
                status: of.Status,
              }),
            },
          ),
        );
      }
    }
    return found;
  },
};
