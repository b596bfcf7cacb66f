export { S3Client as Client, ListBucketsCommand } from "@aws-sdk/client-s3";
