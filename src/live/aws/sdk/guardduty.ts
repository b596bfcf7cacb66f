export { GetDetectorCommand, GuardDutyClient as Client, ListDetectorsCommand } from "@aws-sdk/client-guardduty";
