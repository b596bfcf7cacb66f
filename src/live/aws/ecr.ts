import type { Repository } from "@aws-sdk/client-ecr";
import type { Collector, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, blocks, must, optional, thing } from "./shape.ts";

const ecr = service("ecr", () => import("./sdk/ecr.ts"));

export const repositories: Collector<AwsSession> = {
  types: ["aws_ecr_repository"],
  scope: "region",
  actions: ["ecr:DescribeRepositories"],
  list: async (session, region) => {
    const action = "ecr:DescribeRepositories";
    const all = await pages(
      session,
      ecr,
      region,
      action,
      (sdk, nextToken) => new sdk.DescribeRepositoriesCommand({ nextToken, maxResults: 1000 }),
      (answer) => answer.repositories,
      ({ nextToken }) => nextToken,
    );
    return all.map((of) => repository(of, must(of.repositoryName, action)));
  },
  details: [
    {
      of: "aws_ecr_repository",
      actions: ["ecr:GetRepositoryPolicy"],
      gives: ["aws_ecr_repository_policy"],
      read: async (session, { id }, region) => {
        const action = "ecr:GetRepositoryPolicy";
        const answer = await send(
          session,
          ecr,
          region,
          action,
          (sdk) => new sdk.GetRepositoryPolicyCommand({ repositoryName: id }),
        ).catch(absent(["RepositoryPolicyNotFoundException"], null));
        if (answer === null) return { satellites: [] };
        const attributes = { repository: id, ...always({ policy: answer.policyText, registry_id: answer.registryId }) };
        return { satellites: [thing("aws_ecr_repository_policy", id, { name: id }, attributes)] };
      },
    },
  ],
};

function repository(of: Repository, name: string): Found {
  return thing(
    "aws_ecr_repository",
    name,
    { name },
    {
      name,
      ...always({
        arn: of.repositoryArn,
        registry_id: of.registryId,
        repository_url: of.repositoryUri,
        image_tag_mutability: of.imageTagMutability,
        ...(of.imageScanningConfiguration === undefined
          ? {}
          : { image_scanning_configuration: always({ scan_on_push: of.imageScanningConfiguration.scanOnPush }) }),
        ...(of.encryptionConfiguration === undefined
          ? {}
          : {
              encryption_configuration: blocks([of.encryptionConfiguration], ({ encryptionType, kmsKey }) => ({
                ...always({ encryption_type: encryptionType }),
                ...optional({ kms_key: kmsKey }),
              })),
            }),
      }),
      image_tag_mutability_exclusion_filter: blocks(of.imageTagMutabilityExclusionFilters, ({ filter, filterType }) =>
        always({ filter, filter_type: filterType }),
      ),
    },
  );
}

/** One a region, whether anybody set it or not. */
export const registryScanning: Collector<AwsSession> = {
  types: ["aws_ecr_registry_scanning_configuration"],
  scope: "region",
  actions: ["ecr:GetRegistryScanningConfiguration"],
  list: async (session, region) => {
    const action = "ecr:GetRegistryScanningConfiguration";
    const answer = await send(session, ecr, region, action, (sdk) => new sdk.GetRegistryScanningConfigurationCommand({}));
    const id = answer.registryId ?? session.caller.account;
    const of = answer.scanningConfiguration;
    const attributes = {
      ...always({ registry_id: id, scan_type: of?.scanType }),
      ...(of === undefined
        ? {}
        : {
            rule: blocks(of.rules, ({ scanFrequency, repositoryFilters }) => ({
              ...always({ scan_frequency: scanFrequency }),
              repository_filter: blocks(repositoryFilters, ({ filter, filterType }) => always({ filter, filter_type: filterType })),
            })),
          }),
    };
    return [thing("aws_ecr_registry_scanning_configuration", id, { name: id }, attributes)];
  },
};
