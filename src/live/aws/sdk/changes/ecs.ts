export { ECSClient as Client, UpdateClusterSettingsCommand } from "@aws-sdk/client-ecs";
