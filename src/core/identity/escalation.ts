import type { Dialect } from "./document.ts";

/** Actions that together let their holder gain permissions. */
export type EscalationPath = readonly string[];

/** Published ways up in AWS IAM: a permission to change permissions, or to have a service run code with a passed role. */
const AWS: readonly EscalationPath[] = [
  ["iam:CreatePolicyVersion"],
  ["iam:SetDefaultPolicyVersion"],
  ["iam:CreateAccessKey"],
  ["iam:CreateLoginProfile"],
  ["iam:UpdateLoginProfile"],
  ["iam:AttachUserPolicy"],
  ["iam:AttachGroupPolicy"],
  ["iam:AttachRolePolicy"],
  ["iam:PutUserPolicy"],
  ["iam:PutGroupPolicy"],
  ["iam:PutRolePolicy"],
  ["iam:AddUserToGroup"],
  ["iam:UpdateAssumeRolePolicy"],
  ["iam:DeleteUserPermissionsBoundary"],
  ["iam:DeleteRolePermissionsBoundary"],
  ["iam:PassRole", "ec2:RunInstances"],
  ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
  ["iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"],
  ["iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"],
  ["lambda:UpdateFunctionCode"],
  ["lambda:UpdateFunctionConfiguration"],
  ["iam:PassRole", "glue:CreateDevEndpoint"],
  ["glue:UpdateDevEndpoint"],
  ["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"],
  ["iam:PassRole", "glue:UpdateJob", "glue:StartJobRun"],
  ["iam:PassRole", "cloudformation:CreateStack"],
  ["iam:PassRole", "cloudformation:UpdateStack"],
  ["iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"],
  ["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"],
  ["iam:PassRole", "codestar:CreateProject"],
  ["iam:PassRole", "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"],
  ["iam:PassRole", "sagemaker:CreateTrainingJob"],
  ["iam:PassRole", "sagemaker:CreateProcessingJob"],
  ["sagemaker:CreatePresignedNotebookInstanceUrl"],
  ["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"],
  ["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:UpdateService"],
  ["iam:PassRole", "states:CreateStateMachine", "states:StartExecution"],
  ["iam:PassRole", "autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"],
  ["iam:PassRole", "bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:InvokeCodeInterpreter"],
  ["ssm:SendCommand"],
  ["ssm:StartSession"],
];

/** The same kinds of ways in RAM, by its own API. */
const ALIBABA: readonly EscalationPath[] = [
  ["ram:CreatePolicyVersion"],
  ["ram:SetDefaultPolicyVersion"],
  ["ram:AttachPolicyToUser"],
  ["ram:AttachPolicyToGroup"],
  ["ram:AttachPolicyToRole"],
  ["ram:AddUserToGroup"],
  ["ram:UpdateRole"],
  ["ram:CreateAccessKey"],
  ["ram:CreateLoginProfile"],
  ["ram:UpdateLoginProfile"],
  ["ram:PassRole", "ecs:RunInstances"],
  ["ram:PassRole", "ecs:CreateInstance", "ecs:StartInstance"],
  ["ram:PassRole", "ecs:AttachInstanceRamRole"],
  ["ram:PassRole", "fc:CreateFunction", "fc:InvokeFunction"],
  ["ram:PassRole", "fc:UpdateFunction", "fc:InvokeFunction"],
  ["ram:PassRole", "oos:CreateTemplate", "oos:StartExecution"],
  ["ram:PassRole", "ros:CreateStack"],
  ["ecs:RunCommand"],
  ["ecs:InvokeCommand"],
];

/** The same kinds of ways in CAM, by its own API. */
const TENCENT: readonly EscalationPath[] = [
  ["cam:CreatePolicyVersion"],
  ["cam:SetDefaultPolicyVersion"],
  ["cam:UpdatePolicy"],
  ["cam:AttachUserPolicy"],
  ["cam:AttachUserPolicies"],
  ["cam:AttachGroupPolicy"],
  ["cam:AttachGroupPolicies"],
  ["cam:AttachRolePolicy"],
  ["cam:AttachRolePolicies"],
  ["cam:AddUserToGroup"],
  ["cam:UpdateAssumeRolePolicy"],
  ["cam:CreateAccessKey"],
  ["cam:CreateApiKey"],
  ["cam:UpdateUser"],
  ["cam:PassRole", "cvm:RunInstances"],
  ["cam:PassRole", "scf:CreateFunction", "scf:InvokeFunction"],
  ["cam:PassRole", "scf:UpdateFunctionConfiguration", "scf:InvokeFunction"],
  ["tat:RunCommand"],
  ["tat:InvokeCommand"],
];

export function escalationPaths(dialect: Dialect): readonly EscalationPath[] {
  return dialect === "aws" ? AWS : dialect === "alibaba" ? ALIBABA : TENCENT;
}
