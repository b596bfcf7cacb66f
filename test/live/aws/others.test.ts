import assert from "node:assert/strict";
import { AthenaClient, CreateWorkGroupCommand } from "@aws-sdk/client-athena";
import { CreateFileSystemCommand, EFSClient, PutFileSystemPolicyCommand } from "@aws-sdk/client-efs";
import { CreateDomainCommand, OpenSearchClient, type CreateDomainCommandInput } from "@aws-sdk/client-opensearch";
import { CreateNotebookInstanceCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { CreateSecretCommand, PutResourcePolicyCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateDocumentCommand, ModifyDocumentPermissionCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateInstanceCommand,
  CreatePermissionSetCommand,
  ListInstancesCommand,
  PutInlinePolicyToPermissionSetCommand,
  SSOAdminClient,
} from "@aws-sdk/client-sso-admin";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { double } from "./double.ts";
import { connect, emptyMoto, seeding } from "./moto.ts";
import { scan } from "./verdicts.ts";

const policy = (Principal: unknown, Action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal, Action, Resource: "*" }] });
const own = { AWS: "arn:aws:iam::123456789012:root" };

describe("other services of an AWS account", () => {
  it("workgroups of Athena", async () => {
    const endpoint = await emptyMoto();
    const athena = new AthenaClient(seeding(endpoint));
    const OutputLocation = "s3://results/";
    await athena.send(
      new CreateWorkGroupCommand({
        Name: "good",
        Configuration: {
          EnforceWorkGroupConfiguration: true,
          ResultConfiguration: { OutputLocation, EncryptionConfiguration: { EncryptionOption: "SSE_S3" } },
        },
      }),
    );
    await athena.send(
      new CreateWorkGroupCommand({
        Name: "loose",
        Configuration: {
          EnforceWorkGroupConfiguration: false,
          ResultConfiguration: { OutputLocation, EncryptionConfiguration: { EncryptionOption: "SSE_S3" } },
        },
      }),
    );
    await athena.send(
      new CreateWorkGroupCommand({
        Name: "bad",
        Configuration: { EnforceWorkGroupConfiguration: true, ResultConfiguration: { OutputLocation } },
      }),
    );
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-athena-workgroup-encryption"]);
    assert.deepEqual(verdicts["aws-athena-workgroup-encryption"], { primary: "fail", good: "pass", loose: "fail", bad: "fail" });
    assert.equal(thing("aws_athena_workgroup", "good").attributes["state"], "ENABLED");
  });

  it("file systems of EFS, their policies and backups", async () => {
    const endpoint = await emptyMoto();
    const efs = new EFSClient(seeding(endpoint));
    const make = async (CreationToken: string, more: object) => {
      const { FileSystemId = "" } = await efs.send(
        new CreateFileSystemCommand({ CreationToken, Tags: [{ Key: "Name", Value: CreationToken }], ...more }),
      );
      return FileSystemId;
    };
    const good = await make("good", { Encrypted: true, Backup: true });
    const bad = await make("bad", { Encrypted: false });
    await efs.send(new PutFileSystemPolicyCommand({ FileSystemId: good, Policy: policy(own, "elasticfilesystem:ClientMount") }));
    await efs.send(new PutFileSystemPolicyCommand({ FileSystemId: bad, Policy: policy("*", "elasticfilesystem:ClientMount") }));
    await make("bare", { Encrypted: true });
    const ids = ["aws-efs-encryption", "aws-efs-backup", "aws-efs-policy-public"];
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ids);
    assert.deepEqual(verdicts, {
      "aws-efs-encryption": { good: "pass", bad: "fail", bare: "pass" },
      "aws-efs-backup": { good: "pass", bad: "fail", bare: "fail" },
      "aws-efs-policy-public": { good: "pass", bad: "fail", bare: "pass" },
    });
    assert.deepEqual(thing("aws_efs_file_system", "good").tags, { Name: "good" });
  });

  it("domains of OpenSearch and Elasticsearch, and their policies", async () => {
    const endpoint = await emptyMoto();
    const opensearch = new OpenSearchClient(seeding(endpoint));
    const make = (DomainName: string, more: Partial<CreateDomainCommandInput>): Promise<unknown> =>
      opensearch.send(new CreateDomainCommand({ DomainName, ...more }));
    const encrypted = {
      EncryptionAtRestOptions: { Enabled: true },
      NodeToNodeEncryptionOptions: { Enabled: true },
      DomainEndpointOptions: { EnforceHTTPS: true },
    };
    const clear = { EncryptionAtRestOptions: { Enabled: false }, NodeToNodeEncryptionOptions: { Enabled: false } };
    await make("narrow", { ...encrypted, EngineVersion: "OpenSearch_2.19", AccessPolicies: policy(own, "es:*") });
    await make("open", { ...clear, EngineVersion: "Elasticsearch_7.10", AccessPolicies: policy("*", "es:*") });
    await make("inside", {
      ...encrypted,
      AccessPolicies: policy("*", "es:*"),
      VPCOptions: { SubnetIds: ["subnet-1"], SecurityGroupIds: ["sg-1"] },
    });
    await make("users", {
      ...encrypted,
      AccessPolicies: policy("*", "es:*"),
      AdvancedSecurityOptions: {
        Enabled: true,
        InternalUserDatabaseEnabled: true,
        MasterUserOptions: { MasterUserName: "root", MasterUserPassword: "Example-password1" },
      },
    });
    const ids = ["aws-opensearch-encryption", "aws-opensearch-public", "aws-opensearch-https", "aws-opensearch-audit-log"];
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ids);
    assert.deepEqual(verdicts, {
      "aws-opensearch-encryption": { narrow: "pass", open: "fail", inside: "pass", users: "pass" },
      "aws-opensearch-public": { narrow: "pass", open: "fail", inside: "pass", users: "pass" },
      "aws-opensearch-https": { narrow: "pass", open: "fail", inside: "pass", users: "pass" },
      "aws-opensearch-audit-log": { narrow: "notApplicable", open: "notApplicable", inside: "notApplicable", users: "fail" },
    });
    assert.equal(thing("aws_opensearch_domain", "open").attributes["vpc_options"], null);
    assert.equal(thing("aws_opensearch_domain", "open").attributes["access_policies"], null);
  });

  it("domains on the internet, whatever is said of a VPC that they don't have", async () => {
    const front = await double({
      "GET /2021-01-01/domain": { DomainNames: [{ DomainName: "open" }] },
      "POST /2021-01-01/opensearch/domain-info": {
        DomainStatusList: [
          {
            DomainId: "123456789012/open",
            DomainName: "open",
            ARN: "arn:aws:es:eu-west-1:123456789012:domain/open",
            ClusterConfig: {},
            AccessPolicies: policy("*", "es:*"),
            VPCOptions: { VPCId: "", SubnetIds: [], EgressEnabled: false },
          },
        ],
      },
    });
    try {
      const ids = ["aws-opensearch-public", "aws-opensearch-encryption"];
      const { verdicts } = await scan(await connect(front.endpoint), collectors, ids);
      assert.deepEqual(verdicts["aws-opensearch-public"], { open: "fail" });
      assert.match(verdicts["aws-opensearch-encryption"]?.["open"] ?? "", /^unknown/);
    } finally {
      await front.stop();
    }
  });

  it("notebooks of SageMaker", async () => {
    const endpoint = await emptyMoto();
    const sagemaker = new SageMakerClient(seeding(endpoint));
    const make = (NotebookInstanceName: string, setting: "Enabled" | "Disabled"): Promise<unknown> =>
      sagemaker.send(
        new CreateNotebookInstanceCommand({
          NotebookInstanceName,
          InstanceType: "ml.t3.medium",
          RoleArn: "arn:aws:iam::123456789012:role/notebook",
          SubnetId: "subnet-1",
          DirectInternetAccess: setting,
          RootAccess: setting,
        }),
      );
    await make("good", "Disabled");
    await make("bad", "Enabled");
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-sagemaker-notebook-internet"]);
    assert.deepEqual(verdicts["aws-sagemaker-notebook-internet"], { good: "pass", bad: "fail" });
    assert.equal(thing("aws_sagemaker_notebook_instance", "good").attributes["subnet_id"], "subnet-1");
  });

  it("secrets, of which only the policies are read", async () => {
    const endpoint = await emptyMoto();
    const secrets = new SecretsManagerClient(seeding(endpoint));
    for (const Name of ["good", "bad", "bare"]) {
      await secrets.send(new CreateSecretCommand({ Name, SecretString: "example-secret", Tags: [{ Key: "team", Value: "shop" }] }));
    }
    const put = (SecretId: string, principal: unknown): Promise<unknown> =>
      secrets.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: policy(principal, "secretsmanager:GetSecretValue") }));
    await put("good", own);
    await put("bad", "*");
    const { verdicts, thing, data } = await scan(await connect(endpoint), collectors, ["aws-secretsmanager-policy-public"]);
    assert.deepEqual(verdicts["aws-secretsmanager-policy-public"], { good: "pass", bad: "fail", bare: "notApplicable" });
    assert.deepEqual(thing("aws_secretsmanager_secret", "bare").tags, { team: "shop" });
    assert.ok(!JSON.stringify(data).includes("example-secret"));
  });

  it("documents of Systems Manager, and whom they are shared with", async () => {
    const endpoint = await emptyMoto();
    const ssm = new SSMClient(seeding(endpoint));
    const Content = JSON.stringify({ schemaVersion: "2.2", description: "example", mainSteps: [] });
    for (const Name of ["bare", "shared", "public"]) {
      await ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType: "Command", DocumentFormat: "JSON" }));
    }
    const share = { PermissionType: "Share" as const };
    await ssm.send(new ModifyDocumentPermissionCommand({ ...share, Name: "shared", AccountIdsToAdd: ["210987654321"] }));
    await ssm.send(new ModifyDocumentPermissionCommand({ ...share, Name: "public", AccountIdsToAdd: ["all"] }));
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-ssm-document-public"]);
    assert.deepEqual(verdicts["aws-ssm-document-public"], { bare: "pass", shared: "pass", public: "fail" });
    assert.equal(thing("aws_ssm_document", "bare").attributes["permissions"], null);

    const front = await double({ DescribeDocumentPermission: { AccountIds: ["210987654321", "all"] } });
    try {
      const both = await scan(await connect(front.endpoint), collectors, ["aws-ssm-document-public"]);
      assert.deepEqual(both.verdicts["aws-ssm-document-public"], { bare: "fail", shared: "fail", public: "fail" });
    } finally {
      await front.stop();
    }
  });

  it("parameters of Systems Manager, without their values", async () => {
    const endpoint = await emptyMoto();
    const ssm = new SSMClient(seeding(endpoint));
    const put = (Name: string, Type: "String" | "SecureString"): Promise<unknown> =>
      ssm.send(new PutParameterCommand({ Name, Type, Value: "example-value" }));
    await put("/shop/colour", "String");
    await put("/shop/database/password", "SecureString");
    await put("/cms/database/password", "String");
    const { verdicts, data } = await scan(await connect(endpoint), collectors, ["aws-ssm-parameter-encrypted"]);
    assert.deepEqual(verdicts["aws-ssm-parameter-encrypted"], {
      "/shop/colour": "pass",
      "/shop/database/password": "pass",
      "/cms/database/password": "fail",
    });
    assert.ok(!JSON.stringify(data).includes("example-value"));
  });

  it("permission sets of the identity centre", async () => {
    const endpoint = await emptyMoto();
    const sso = new SSOAdminClient(seeding(endpoint));
    await sso.send(new CreateInstanceCommand({ Name: "people" })).catch(() => undefined);
    const { Instances } = await sso.send(new ListInstancesCommand({}));
    const InstanceArn = Instances?.[0]?.InstanceArn;
    const make = async (Name: string) => {
      const { PermissionSet } = await sso.send(new CreatePermissionSetCommand({ InstanceArn, Name, SessionDuration: "PT8H" }));
      return { InstanceArn, PermissionSetArn: PermissionSet?.PermissionSetArn };
    };
    const attach = async (Name: string, managed: string): Promise<unknown> =>
      sso.send(
        new AttachManagedPolicyToPermissionSetCommand({
          ...(await make(Name)),
          ManagedPolicyArn: `arn:aws:iam::aws:policy/${managed}`,
        }),
      );
    await attach("reader", "ReadOnlyAccess");
    await attach("boss", "AdministratorAccess");
    const inline = (Action: string) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
    await sso.send(new PutInlinePolicyToPermissionSetCommand({ ...(await make("narrow")), InlinePolicy: inline("s3:GetObject") }));
    await sso.send(new PutInlinePolicyToPermissionSetCommand({ ...(await make("hidden")), InlinePolicy: inline("*") }));
    const { verdicts } = await scan(await connect(endpoint), collectors, ["aws-ssoadmin-permission-set-admin"]);
    assert.deepEqual(Object.values(verdicts["aws-ssoadmin-permission-set-admin"] ?? {}).sort(), ["fail", "fail", "pass", "pass"]);
  });
});
