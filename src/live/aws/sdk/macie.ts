export { GetMacieSessionCommand, Macie2Client as Client } from "@aws-sdk/client-macie2";
