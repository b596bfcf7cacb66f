export { ModifyClusterCommand, RedshiftClient as Client } from "@aws-sdk/client-redshift";
