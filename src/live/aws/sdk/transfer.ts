export { TransferClient as Client, ListServersCommand, DescribeServerCommand } from "@aws-sdk/client-transfer";
