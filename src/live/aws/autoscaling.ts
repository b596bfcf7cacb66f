import type { LaunchConfiguration } from "@aws-sdk/client-auto-scaling";
import type { Collector, Found } from "../collector.ts";
import { pages, service, type AwsSession } from "./client.ts";
import { always, list, must, optional, thing } from "./shape.ts";

const autoscaling = service("autoscaling", () => import("./sdk/autoscaling.ts"));
const action = "autoscaling:DescribeLaunchConfigurations";

export const launchConfigurations: Collector<AwsSession> = {
  types: ["aws_launch_configuration"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      autoscaling,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeLaunchConfigurationsCommand({ NextToken, MaxRecords: 100 }),
      ({ LaunchConfigurations }) => LaunchConfigurations,
      ({ NextToken }) => NextToken,
    );
    return all.map(launchConfiguration);
  },
};

function launchConfiguration(of: LaunchConfiguration): Found {
  const name = must(of.LaunchConfigurationName, action);
  const metadata = always({
    http_endpoint: of.MetadataOptions?.HttpEndpoint,
    http_tokens: of.MetadataOptions?.HttpTokens,
    http_put_response_hop_limit: of.MetadataOptions?.HttpPutResponseHopLimit,
  });
  return thing(
    "aws_launch_configuration",
    name,
    { name, tags: undefined },
    {
      name,
      ...always({
        arn: of.LaunchConfigurationARN,
        image_id: of.ImageId,
        instance_type: of.InstanceType,
        ebs_optimized: of.EbsOptimized,
        enable_monitoring: of.InstanceMonitoring?.Enabled,
        // What is left out, the image and the account's defaults decide at the start of each instance.
        ...(of.MetadataOptions === undefined ? {} : { metadata_options: metadata }),
      }),
      ...optional({
        associate_public_ip_address: of.AssociatePublicIpAddress,
        iam_instance_profile: of.IamInstanceProfile === "" ? undefined : of.IamInstanceProfile,
        key_name: of.KeyName === "" ? undefined : of.KeyName,
        placement_tenancy: of.PlacementTenancy,
        spot_price: of.SpotPrice,
        security_groups: list(of.SecurityGroups),
        // The API gives it encoded, and "" for none.
        user_data_base64: of.UserData === "" ? undefined : of.UserData,
      }),
      user_data: null,
    },
  );
}
