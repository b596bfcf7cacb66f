export { AutoScalingClient as Client, DescribeLaunchConfigurationsCommand } from "@aws-sdk/client-auto-scaling";
