export {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client as Client,
} from "@aws-sdk/client-s3";
