export {
  ECRClient as Client,
  DescribeRepositoriesCommand,
  GetRepositoryPolicyCommand,
  GetLifecyclePolicyCommand,
  GetRegistryScanningConfigurationCommand,
} from "@aws-sdk/client-ecr";
