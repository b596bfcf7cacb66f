export { ECSRAMRoleCredentialsProvider, URICredentialsProvider } from "@alicloud/credentials";
