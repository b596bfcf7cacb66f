export {
  SageMakerClient as Client,
  ListNotebookInstancesCommand,
  DescribeNotebookInstanceCommand,
} from "@aws-sdk/client-sagemaker";
