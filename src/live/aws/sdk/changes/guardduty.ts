export {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  GuardDutyClient as Client,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from "@aws-sdk/client-guardduty";
