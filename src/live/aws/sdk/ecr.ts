export {
  ECRClient as Client,
  DescribeRepositoriesCommand,
  GetRepositoryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
} from "@aws-sdk/client-ecr";
