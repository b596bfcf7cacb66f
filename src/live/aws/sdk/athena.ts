export { AthenaClient as Client, ListWorkGroupsCommand, GetWorkGroupCommand } from "@aws-sdk/client-athena";
