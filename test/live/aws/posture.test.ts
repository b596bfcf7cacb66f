import assert from "node:assert/strict";
import { AccountClient, PutAlternateContactCommand } from "@aws-sdk/client-account";
import {
  ConfigServiceClient,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  StartConfigurationRecorderCommand,
} from "@aws-sdk/client-config-service";
import { CreateDetectorCommand, GuardDutyClient, UpdateDetectorCommand } from "@aws-sdk/client-guardduty";
import {
  CreateOrganizationCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { contact, analyzer, standard } from "./doubles.ts";
import { answering } from "./gaps.ts";
import { read, some, verdicts } from "./assess.ts";
import { account, connect, emptyMoto, Front, region, seeding } from "./moto.ts";

describe("what watches over an account", () => {
  let endpoint: string;
  const fronts: Front[] = [];
  const inFront = async (answers: Parameters<typeof answering>[0]): Promise<string> => {
    const front = await Front.start(endpoint, answering(answers));
    fronts.push(front);
    return front.endpoint;
  };
  const verdict = async (item: string, where: string, at = endpoint): Promise<string | undefined> =>
    (await verdicts(await connect(at), [item]))[item]![where];

  beforeEach(async () => {
    endpoint = await emptyMoto();
  });
  afterEach(async () => {
    for (const front of fronts.splice(0)) await front.stop();
  });

  it("judges Config: no recorder, one that is off, one that records everything", async () => {
    const item = "aws-config-recorder";
    assert.equal(await verdict(item, region), "fail");
    const config = new ConfigServiceClient(seeding(endpoint));
    const roleARN = `arn:aws:iam::${account}:role/config`;
    await config.send(
      new PutConfigurationRecorderCommand({
        ConfigurationRecorder: {
          name: "default",
          roleARN,
          recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
        },
      }),
    );
    assert.equal(await verdict(item, region), "fail", "it is not on");
    await new S3Client(seeding(endpoint)).send(
      new CreateBucketCommand({ Bucket: "config", CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    await config.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: "default", s3BucketName: "config" } }));
    await config.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: "default" }));
    assert.equal(await verdict(item, region), "pass");
    const { one } = await read(await connect(endpoint), [
      "aws_config_configuration_recorder",
      "aws_config_configuration_recorder_status",
    ]);
    assert.deepEqual(some(one("aws_config_configuration_recorder"), ["name", "role_arn"]), { name: "default", role_arn: roleARN });
    const group = one("aws_config_configuration_recorder").attributes["recording_group"] as Record<string, unknown>;
    assert.deepEqual([group["all_supported"], group["include_global_resource_types"]], [true, true]);
    assert.equal(one("aws_config_configuration_recorder_status").attributes["is_enabled"], true);
    await config.send(
      new PutConfigurationRecorderCommand({
        ConfigurationRecorder: {
          name: "default",
          roleARN,
          recordingGroup: { allSupported: false, resourceTypes: ["AWS::EC2::Instance"] },
        },
      }),
    );
    assert.equal(await verdict(item, region), "fail", "it records one type");
  });

  it("judges GuardDuty", async () => {
    const item = "aws-guardduty-enabled";
    assert.equal(await verdict(item, region), "fail");
    const client = new GuardDutyClient(seeding(endpoint));
    const { DetectorId } = await client.send(new CreateDetectorCommand({ Enable: true, FindingPublishingFrequency: "ONE_HOUR" }));
    assert.equal(await verdict(item, region), "pass");
    const { one } = await read(await connect(endpoint), ["aws_guardduty_detector"]);
    assert.deepEqual(some(one("aws_guardduty_detector", DetectorId), ["enable", "finding_publishing_frequency", "account_id"]), {
      enable: true,
      finding_publishing_frequency: "ONE_HOUR",
      account_id: account,
    });
    await client.send(new UpdateDetectorCommand({ DetectorId, Enable: false }));
    assert.equal(await verdict(item, region), "fail");
  });

  it("judges Security Hub: off, without a standard, with one", async () => {
    const item = "aws-securityhub-enabled";
    const off = {
      error: "InvalidAccessException",
      message: `Account ${account} is not subscribed to AWS Security Hub`,
      status: 401,
    };
    const hub = { HubArn: `arn:aws:securityhub:${region}:${account}:hub/default`, AutoEnableControls: true };
    assert.equal(await verdict(item, region, await inFront({ DescribeHub: off, GetEnabledStandards: off })), "fail");
    assert.equal(
      await verdict(item, region, await inFront({ DescribeHub: hub, GetEnabledStandards: { StandardsSubscriptions: [] } })),
      "fail",
    );
    const leaving = { ...standard, StandardsStatus: "DELETING" };
    assert.equal(
      await verdict(item, region, await inFront({ DescribeHub: hub, GetEnabledStandards: { StandardsSubscriptions: [leaving] } })),
      "fail",
    );
    assert.equal(
      await verdict(item, region, await inFront({ DescribeHub: hub, GetEnabledStandards: { StandardsSubscriptions: [standard] } })),
      "pass",
    );
    assert.match(
      (await verdict(item, region, await inFront({ DescribeHub: hub })))!,
      /^unknown/,
      "where the standards can't be read",
    );
  });

  it("judges Macie, which says by an error that it is off", async () => {
    const item = "aws-macie-enabled";
    const off = { error: "AccessDeniedException", message: "Macie is not enabled.", status: 403 };
    const denied = {
      error: "AccessDeniedException",
      message: "User is not authorized to perform: macie2:GetMacieSession",
      status: 403,
    };
    assert.equal(await verdict(item, region, await inFront({ GetMacieSession: off })), "fail");
    assert.equal(await verdict(item, region, await inFront({ GetMacieSession: denied })), "unknown: denied macie2:GetMacieSession");
    assert.equal(await verdict(item, region, await inFront({ GetMacieSession: { status: "PAUSED" } })), "fail");
    assert.equal(await verdict(item, region, await inFront({ GetMacieSession: { status: "ENABLED" } })), "pass");
  });

  it("judges Access Analyzer", async () => {
    const item = "aws-iam-access-analyzer";
    const of = (more: object) => inFront({ ListAnalyzers: { analyzers: [{ ...analyzer, ...more }] } });
    assert.equal(await verdict(item, region, await inFront({ ListAnalyzers: { analyzers: [] } })), "fail");
    assert.equal(await verdict(item, region, await of({})), "pass");
    assert.equal(await verdict(item, region, await of({ type: "ACCOUNT_UNUSED_ACCESS" })), "fail");
    assert.equal(await verdict(item, region, await of({ status: "DISABLED" })), "fail");
    assert.match((await verdict(item, region))!, /^unknown/, "where nobody answers");
    const { one } = await read(await connect(await of({})), ["aws_accessanalyzer_analyzer"]);
    assert.deepEqual(some(one("aws_accessanalyzer_analyzer"), ["analyzer_name", "type", "tags"]), {
      analyzer_name: "example",
      type: "ACCOUNT",
      tags: { team: "security" },
    });
  });

  it("judges an organization, in the account that manages it", async () => {
    const items = ["aws-organizations-scp-present", "aws-organizations-delegated-admin"];
    assert.deepEqual(await verdicts(await connect(endpoint), items), { [items[0]!]: {}, [items[1]!]: {} }, "there is none");
    const client = new OrganizationsClient(seeding(endpoint, "us-east-1"));
    const { Organization } = await client.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
    const id = Organization!.Id!;
    assert.equal((await verdicts(await connect(endpoint), items))[items[0]!]![id], "fail", "AWS's own policy limits nothing");
    const { Roots } = await client.send(new ListRootsCommand({}));
    await client
      .send(new EnablePolicyTypeCommand({ RootId: Roots![0]!.Id, PolicyType: "SERVICE_CONTROL_POLICY" }))
      .catch(() => undefined);
    const Content = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Action: "organizations:LeaveOrganization", Resource: "*" }],
    });
    await client.send(new CreatePolicyCommand({ Name: "stay", Description: "stay", Type: "SERVICE_CONTROL_POLICY", Content }));
    const session = await connect(endpoint);
    const { one } = await read(session, ["aws_organizations_organization", "aws_organizations_policy"]);
    assert.deepEqual(some(one("aws_organizations_organization"), ["feature_set", "master_account_id", "enabled_policy_types"]), {
      feature_set: "ALL",
      master_account_id: account,
      enabled_policy_types: ["SERVICE_CONTROL_POLICY"],
    });
    assert.deepEqual(some(one("aws_organizations_policy"), ["name", "type"]), { name: "stay", type: "SERVICE_CONTROL_POLICY" });
    assert.equal((await verdicts(session, items))[items[0]!]![id], "pass");
  });

  it("judges who is told in an emergency", async () => {
    const item = "aws-account-security-contact";
    assert.equal(await verdict(item, account), "fail");
    await new AccountClient(seeding(endpoint)).send(
      new PutAlternateContactCommand({
        AlternateContactType: "SECURITY",
        Name: "Example",
        Title: "CISO",
        EmailAddress: "security@example.com",
        PhoneNumber: "+353000000",
      }),
    );
    assert.equal(await verdict(item, account), "pass");
    const { one } = await read(await connect(endpoint), ["aws_account_alternate_contact"]);
    assert.deepEqual(some(one("aws_account_alternate_contact"), ["alternate_contact_type", "email_address", "account_id"]), {
      alternate_contact_type: "SECURITY",
      email_address: "security@example.com",
      account_id: null,
    });
    const company = "aws-account-contact-details";
    assert.equal(
      await verdict(company, account, await inFront({ GetContactInformation: { ContactInformation: contact } })),
      "pass",
    );
    const { CompanyName: _, ...person } = contact;
    assert.equal(await verdict(company, account, await inFront({ GetContactInformation: { ContactInformation: person } })), "fail");
    assert.match((await verdict(company, account))!, /^unknown/);
  });
});
