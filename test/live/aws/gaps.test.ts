import assert from "node:assert/strict";
import { GetContactInformationCommand, AccountClient } from "@aws-sdk/client-account";
import { AccessAnalyzerClient, ListAnalyzersCommand } from "@aws-sdk/client-accessanalyzer";
import { EC2Client, GetInstanceMetadataDefaultsCommand, GetSnapshotBlockPublicAccessStateCommand } from "@aws-sdk/client-ec2";
import {
  GetAccountSummaryCommand,
  GetCredentialReportCommand,
  IAMClient,
  ListOrganizationsFeaturesCommand,
} from "@aws-sdk/client-iam";
import { GetMacieSessionCommand, Macie2Client } from "@aws-sdk/client-macie2";
import { DescribeHubCommand, GetEnabledStandardsCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { analyzer, contact, standard } from "./doubles.ts";
import { answering, reportOf } from "./gaps.ts";
import { emptyMoto, Front, seeding } from "./moto.ts";

describe("doubles for what moto does not have", () => {
  it("say nothing that AWS would not say", async () => {
    const answers = {
      GetContactInformation: { ContactInformation: contact },
      ListAnalyzers: { analyzers: [analyzer] },
      GetInstanceMetadataDefaults: {
        AccountLevel: {
          HttpTokens: "required",
          HttpEndpoint: "enabled",
          HttpPutResponseHopLimit: 2,
          InstanceMetadataTags: "disabled",
        },
      },
      GetSnapshotBlockPublicAccessState: { State: "block-all-sharing", ManagedBy: "account" },
      GetCredentialReport: { Content: reportOf({ "<root_account>": {} }), ReportFormat: "text/csv", GeneratedTime: new Date(0) },
      GetAccountSummary: { SummaryMap: { AccountAccessKeysPresent: 1, AccountMFAEnabled: 0, AccountPasswordPresent: 1 } },
      ListOrganizationsFeatures: { OrganizationId: "o-example", EnabledFeatures: ["RootCredentialsManagement"] },
      GetMacieSession: {
        status: "ENABLED",
        findingPublishingFrequency: "SIX_HOURS",
        serviceRole: "arn:aws:iam::1:role/x",
        createdAt: new Date(0),
      },
      GetEnabledStandards: { StandardsSubscriptions: [standard] },
      DescribeHub: {
        HubArn: "arn:aws:securityhub:eu-west-1:1:hub/default",
        SubscribedAt: "2026-01-01T00:00:00Z",
        AutoEnableControls: true,
        ControlFindingGenerator: "SECURITY_CONTROL",
      },
    };
    const front = await Front.start(await emptyMoto(), answering(answers));
    const at = seeding(front.endpoint);
    const ec2 = new EC2Client(at);
    const iam = new IAMClient(at);
    const hub = new SecurityHubClient(at);
    const read: Record<string, object> = {
      GetContactInformation: await new AccountClient(at).send(new GetContactInformationCommand({})),
      ListAnalyzers: await new AccessAnalyzerClient(at).send(new ListAnalyzersCommand({})),
      GetInstanceMetadataDefaults: await ec2.send(new GetInstanceMetadataDefaultsCommand({})),
      GetSnapshotBlockPublicAccessState: await ec2.send(new GetSnapshotBlockPublicAccessStateCommand({})),
      GetCredentialReport: await iam.send(new GetCredentialReportCommand({})),
      GetAccountSummary: await iam.send(new GetAccountSummaryCommand({})),
      ListOrganizationsFeatures: await iam.send(new ListOrganizationsFeaturesCommand({})),
      GetMacieSession: await new Macie2Client(at).send(new GetMacieSessionCommand({})),
      GetEnabledStandards: await hub.send(new GetEnabledStandardsCommand({})),
      DescribeHub: await hub.send(new DescribeHubCommand({})),
    };
    await front.stop();
    for (const [operation, answer] of Object.entries(answers)) {
      const { $metadata: _, ...got } = read[operation] as { readonly $metadata: unknown };
      assert.deepEqual(plain(got), plain(answer), operation);
    }
  });
});

/** Bytes and times as texts, members in order. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
