import type { Dialect } from "./document.ts";

/*
 * Actions by what they give away, from the clouds' API references (docs/identity.md names them). They count where a policy allows them
 * on every resource: on a named one they are somebody's work.
 */

interface ActionLists {
  /** The answer holds a credential, or a credential is set to what the caller says. */
  readonly credentialExposing: readonly string[];
  /** The answer holds, or copies elsewhere, what customers store: objects, rows, secrets, images, code. */
  readonly dataExfiltrating: readonly string[];
  /** They change who may do what. */
  readonly permissionsManagement: readonly string[];
}

const AWS: ActionLists = {
  credentialExposing: [
    "airflow:CreateCliToken",
    "airflow:CreateWebLoginToken",
    "appsync:CreateApiKey",
    "appsync:ListApiKeys",
    "codeartifact:GetAuthorizationToken",
    "cognito-identity:GetCredentialsForIdentity",
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    "cognito-idp:DescribeUserPoolClient",
    "connect:GetFederationToken",
    "ec2-instance-connect:SendSSHPublicKey",
    "ec2:GetPasswordData",
    "ecr:GetAuthorizationToken",
    "ecr-public:GetAuthorizationToken",
    "elasticmapreduce:GetClusterSessionCredentials",
    "gamelift:GetInstanceAccess",
    "gamelift:RequestUploadCredentials",
    "grafana:CreateWorkspaceApiKey",
    "grafana:CreateWorkspaceServiceAccountToken",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateLoginProfile",
    "lightsail:DownloadDefaultKeyPair",
    "lightsail:GetBucketAccessKeys",
    "lightsail:GetInstanceAccessDetails",
    "lightsail:GetRelationalDatabaseMasterUserPassword",
    "rds-db:connect",
    "redshift-serverless:GetCredentials",
    "redshift:GetClusterCredentials",
    "redshift:GetClusterCredentialsWithIAM",
    "s3:GetDataAccess",
    "sagemaker:CreatePresignedDomainUrl",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "sts:AssumeRole",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
  ],
  dataExfiltrating: [
    "athena:GetQueryResults",
    "codecommit:GitPull",
    "dynamodb:BatchGetItem",
    "dynamodb:ExportTableToPointInTime",
    "dynamodb:PartiQLSelect",
    "dynamodb:Scan",
    "ebs:GetSnapshotBlock",
    "glacier:GetJobOutput",
    "kms:Decrypt",
    "lambda:GetFunction",
    "rds-data:ExecuteStatement",
    "rds:StartExportTask",
    "redshift-data:GetStatementResult",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
  ],
  permissionsManagement: [
    "backup:PutBackupVaultAccessPolicy",
    "codeartifact:PutDomainPermissionsPolicy",
    "dynamodb:PutResourcePolicy",
    "ec2:ModifyImageAttribute",
    "ec2:ModifySnapshotAttribute",
    "ecr:SetRepositoryPolicy",
    "elasticfilesystem:PutFileSystemPolicy",
    "events:PutPermission",
    "glue:PutResourcePolicy",
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
    "lambda:AddLayerVersionPermission",
    "lambda:AddPermission",
    "logs:PutResourcePolicy",
    "organizations:AttachPolicy",
    "organizations:DetachPolicy",
    "ram:CreateResourceShare",
    "rds:ModifyDBClusterSnapshotAttribute",
    "rds:ModifyDBSnapshotAttribute",
    "s3:PutAccessPointPolicy",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutObjectAcl",
    "secretsmanager:PutResourcePolicy",
    "sns:AddPermission",
    "sqs:AddPermission",
    "sso:AttachManagedPolicyToPermissionSet",
    "sso:CreateAccountAssignment",
    "sso:PutInlinePolicyToPermissionSet",
  ],
};

const ALIBABA: ActionLists = {
  credentialExposing: [
    "cr:GetAuthorizationToken",
    "cs:DescribeClusterUserKubeconfig",
    "ecs:DescribeInstanceVncUrl",
    "ecs:ModifyInstanceVncPasswd",
    "kvstore:ResetAccountPassword",
    "ram:CreateAccessKey",
    "ram:CreateLoginProfile",
    "ram:UpdateLoginProfile",
    "rds:ResetAccountPassword",
    "sts:AssumeRole",
  ],
  dataExfiltrating: [
    "dds:DescribeBackups",
    "ecs:ExportImage",
    "fc:GetFunctionCode",
    "kms:Decrypt",
    "kms:GetSecretValue",
    "log:GetLogStoreLogs",
    "oos:GetSecretParameter",
    "oos:GetSecretParameters",
    "oos:GetSecretParametersByPath",
    "oss:GetObject",
    "oss:GetObjectVersion",
    "ots:BatchGetRow",
    "ots:GetRange",
    "rds:DescribeBackups",
  ],
  permissionsManagement: [
    "cr:UpdateInstanceEndpointStatus",
    "ecs:ModifyImageSharePermission",
    "kms:SetKeyPolicy",
    "kms:SetSecretPolicy",
    "oss:PutBucketAcl",
    "oss:PutBucketPolicy",
    "oss:PutBucketPublicAccessBlock",
    "oss:PutObjectAcl",
    "ram:AddUserToGroup",
    "ram:AttachPolicyToGroup",
    "ram:AttachPolicyToRole",
    "ram:AttachPolicyToUser",
    "ram:CreatePolicyVersion",
    "ram:SetDefaultPolicyVersion",
    "ram:UpdateRole",
    "resourcemanager:AttachControlPolicy",
    "resourcemanager:AttachPolicy",
    "resourcemanager:DetachControlPolicy",
  ],
};

const TENCENT: ActionLists = {
  credentialExposing: [
    "cam:CreateAccessKey",
    "cam:CreateApiKey",
    "cam:UpdateUser",
    "cvm:DescribeInstanceVncUrl",
    "cvm:ResetInstancesPassword",
    "lighthouse:DescribeInstanceVncUrl",
    "lighthouse:ResetInstancesPassword",
    "sts:AssumeRole",
    "sts:GetFederationToken",
    "tcr:CreateInstanceToken",
    "tke:DescribeClusterKubeconfig",
  ],
  dataExfiltrating: [
    "cdb:DescribeBackups",
    "cls:SearchLog",
    "cos:GetObject",
    "cvm:ExportImages",
    "kms:Decrypt",
    "mongodb:DescribeDBBackups",
    "postgres:DescribeBackupDownloadURL",
    "scf:GetFunctionAddress",
    "ssm:GetSecretValue",
  ],
  permissionsManagement: [
    "cam:AddUserToGroup",
    "cam:AttachGroupPolicies",
    "cam:AttachGroupPolicy",
    "cam:AttachRolePolicies",
    "cam:AttachRolePolicy",
    "cam:AttachUserPolicies",
    "cam:AttachUserPolicy",
    "cam:CreatePolicyVersion",
    "cam:DeleteRolePermissionsBoundary",
    "cam:DeleteUserPermissionsBoundary",
    "cam:SetDefaultPolicyVersion",
    "cam:UpdateAssumeRolePolicy",
    "cam:UpdatePolicy",
    "cbs:ModifySnapshotsSharePermission",
    "cos:PutBucketACL",
    "cos:PutBucketPolicy",
    "cos:PutObjectACL",
    "cvm:ModifyImageSharePermission",
    "organization:AttachPolicy",
    "organization:DetachPolicy",
  ],
};

export function actionLists(dialect: Dialect): ActionLists {
  return dialect === "aws" ? AWS : dialect === "alibaba" ? ALIBABA : TENCENT;
}

/** Beginnings of the names of actions that change nothing. */
const READS =
  /^(?:get|list|describe|batchget|batchdescribe|head|query|scan|search|lookup|view|select|check|count|estimate|preview|simulate|validate|verify|detect|download|read|receive|filter|inquire|inquiry|is)/i;

/** Actions of AWS that know no resource but `*`: there is nothing to narrow. */
const ONLY_EVERYWHERE =
  /^(?:cloudwatch:PutMetricData|xray:Put(?:TraceSegments|TelemetryRecords)|ssm:UpdateInstanceInformation|ssmmessages:.*|ec2messages:.*|ec2:(?:Create|Delete)NetworkInterface|logs:CreateLogDelivery|autoscaling-plans:.*|iot:CreateKeysAndCertificate|ce:.*|pricing:.*|health:.*|support:.*|trustedadvisor:.*)$/i;

/** Whether an action, or one that the pattern stands for, changes something that a policy could name. */
export function writes(pattern: string): boolean {
  const name = pattern.slice(pattern.indexOf(":") + 1);
  if (READS.test(name.split(/[*?]/)[0] ?? "")) return false;
  return !ONLY_EVERYWHERE.test(pattern);
}
