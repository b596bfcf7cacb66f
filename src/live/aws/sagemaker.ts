import type { DescribeNotebookInstanceOutput } from "@aws-sdk/client-sagemaker";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, list, must, optional, thing } from "./shape.ts";

const sagemaker = service("sagemaker", () => import("./sdk/sagemaker.ts"));

export const notebooks: Collector<AwsSession> = {
  types: ["aws_sagemaker_notebook_instance"],
  scope: "region",
  actions: ["sagemaker:ListNotebookInstances"],
  list: async (session, region) => {
    const action = "sagemaker:ListNotebookInstances";
    const all = await pages(
      session,
      sagemaker,
      region,
      action,
      (sdk, NextToken) => new sdk.ListNotebookInstancesCommand({ NextToken, MaxResults: 100 }),
      ({ NotebookInstances }) => NotebookInstances,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) => {
      const name = must(of.NotebookInstanceName, action);
      const attributes = always({ name, arn: of.NotebookInstanceArn, instance_type: of.InstanceType });
      return thing("aws_sagemaker_notebook_instance", name, { name }, attributes);
    });
  },
  details: [
    {
      of: "aws_sagemaker_notebook_instance",
      actions: ["sagemaker:DescribeNotebookInstance"],
      read: async (session, { id }, region) => {
        const answer = await send(
          session,
          sagemaker,
          region,
          "sagemaker:DescribeNotebookInstance",
          (sdk) => new sdk.DescribeNotebookInstanceCommand({ NotebookInstanceName: id }),
        );
        return { attributes: notebook(answer) };
      },
    },
  ],
};

function notebook(of: DescribeNotebookInstanceOutput): JsonObject {
  return {
    ...always({
      arn: of.NotebookInstanceArn,
      direct_internet_access: of.DirectInternetAccess,
      root_access: of.RootAccess,
      instance_type: of.InstanceType,
      platform_identifier: of.PlatformIdentifier,
      role_arn: of.RoleArn,
      volume_size: of.VolumeSizeInGB,
    }),
    ...optional({
      additional_code_repositories: list(of.AdditionalCodeRepositories),
      default_code_repository: of.DefaultCodeRepository,
      kms_key_id: of.KmsKeyId,
      lifecycle_config_name: of.NotebookInstanceLifecycleConfigName,
      network_interface_id: of.NetworkInterfaceId,
      security_groups: list(of.SecurityGroups),
      subnet_id: of.SubnetId,
      url: of.Url,
    }),
    instance_metadata_service_configuration: block(of.InstanceMetadataServiceConfiguration, (metadata) =>
      always({ minimum_instance_metadata_service_version: metadata.MinimumInstanceMetadataServiceVersion }),
    ),
  };
}
