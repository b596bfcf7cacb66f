import type { Collector, Found } from "../collector.ts";
import { each, pages, send, service, type AwsSession } from "./client.ts";
import { always, must, optional, thing } from "./shape.ts";

const sso = service("sso", () => import("./sdk/sso.ts"));

/** Of the identity centre, which is in one region, of the organization's management account or one that it delegates to. */
export const permissionSets: Collector<AwsSession> = {
  types: ["aws_ssoadmin_permission_set"],
  scope: "region",
  actions: ["sso:ListInstances", "sso:ListPermissionSets"],
  list: async (session, region) => {
    const instances = await pages(
      session,
      sso,
      region,
      "sso:ListInstances",
      (sdk, NextToken) => new sdk.ListInstancesCommand({ NextToken, MaxResults: 100 }),
      ({ Instances }) => Instances,
      ({ NextToken }) => NextToken,
    );
    // That of a member account is for applications and has no permission sets; the organization's shows there as another's.
    const ours = instances.filter(
      ({ OwnerAccountId }) => OwnerAccountId === undefined || OwnerAccountId === session.caller.account,
    );
    const sets = await each(ours, async ({ InstanceArn }) => {
      const instance = must(InstanceArn, "sso:ListInstances");
      const arns = await pages(
        session,
        sso,
        region,
        "sso:ListPermissionSets",
        (sdk, NextToken) => new sdk.ListPermissionSetsCommand({ InstanceArn: instance, NextToken, MaxResults: 100 }),
        ({ PermissionSets }) => PermissionSets,
        ({ NextToken }) => NextToken,
      );
      return arns.map((arn) => permissionSet(must(arn, "sso:ListPermissionSets"), instance));
    });
    return sets.flat();
  },
  details: [
    {
      of: "aws_ssoadmin_permission_set",
      actions: ["sso:DescribePermissionSet"],
      read: async (session, { attributes }, region) => {
        const { PermissionSet: of } = await send(
          session,
          sso,
          region,
          "sso:DescribePermissionSet",
          (sdk) => new sdk.DescribePermissionSetCommand(names(attributes)),
        );
        if (of === undefined) return {};
        return {
          attributes: {
            ...always({ name: of.Name, created_date: of.CreatedDate, session_duration: of.SessionDuration }),
            ...optional({ description: of.Description, relay_state: of.RelayState }),
          },
        };
      },
    },
    {
      of: "aws_ssoadmin_permission_set",
      actions: ["sso:ListManagedPoliciesInPermissionSet"],
      gives: ["aws_ssoadmin_managed_policy_attachment"],
      read: async (session, { id, attributes }, region) => {
        const policies = await pages(
          session,
          sso,
          region,
          "sso:ListManagedPoliciesInPermissionSet",
          (sdk, NextToken) =>
            new sdk.ListManagedPoliciesInPermissionSetCommand({ ...names(attributes), NextToken, MaxResults: 100 }),
          ({ AttachedManagedPolicies }) => AttachedManagedPolicies,
          ({ NextToken }) => NextToken,
        );
        const satellites = policies.map(({ Arn, Name }) => {
          const arn = must(Arn, "sso:ListManagedPoliciesInPermissionSet");
          const its = { ...of(attributes), managed_policy_arn: arn, ...always({ managed_policy_name: Name }) };
          return thing("aws_ssoadmin_managed_policy_attachment", `${arn},${id}`, { name: Name }, its);
        });
        return { satellites };
      },
    },
    {
      of: "aws_ssoadmin_permission_set",
      actions: ["sso:GetInlinePolicyForPermissionSet"],
      gives: ["aws_ssoadmin_permission_set_inline_policy"],
      read: async (session, { id, attributes }, region) => {
        const { InlinePolicy } = await send(
          session,
          sso,
          region,
          "sso:GetInlinePolicyForPermissionSet",
          (sdk) => new sdk.GetInlinePolicyForPermissionSetCommand(names(attributes)),
        );
        if (InlinePolicy === undefined || InlinePolicy === "") return { satellites: [] };
        const its = { ...of(attributes), inline_policy: InlinePolicy };
        return { satellites: [thing("aws_ssoadmin_permission_set_inline_policy", id, {}, its)] };
      },
    },
  ],
};

function permissionSet(arn: string, instance: string): Found {
  return thing("aws_ssoadmin_permission_set", arn, {}, { id: `${arn},${instance}`, arn, instance_arn: instance });
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function names(set: Found["attributes"]): { InstanceArn: string; PermissionSetArn: string } {
  return { InstanceArn: text(set.instance_arn), PermissionSetArn: text(set.arn) };
}

/** What a satellite says of the set that it belongs to. */
function of(set: Found["attributes"]): { readonly instance_arn: string; readonly permission_set_arn: string } {
  return { instance_arn: text(set.instance_arn), permission_set_arn: text(set.arn) };
}
