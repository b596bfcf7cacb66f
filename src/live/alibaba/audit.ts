import type { Collector } from "../collector.ts";
import { flag, known, listed, required, text, textOrNull } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";

/** A trail is listed in its home region only: its shadows in other regions are the same trail. */
export const trailCollector: Collector<AlibabaSession> = {
  types: ["alicloud_actiontrail_trail"],
  scope: "region",
  actions: ["actiontrail:DescribeTrails"],
  list: async (session, region) => {
    const parameters = { IncludeShadowTrails: false, IncludeOrganizationTrail: true };
    const answer = await session.rpc("actiontrail", "DescribeTrails", region, parameters);
    return listed("actiontrail:DescribeTrails", answer, "TrailList").map((trail) => {
      const name = required("actiontrail:DescribeTrails", trail, "Name");
      const attributes = known({
        id: name,
        trail_name: name,
        trail_region: text(trail, "TrailRegion"),
        event_rw: text(trail, "EventRW"),
        status: text(trail, "Status"),
        oss_bucket_name: textOrNull(trail, "OssBucketName") ?? null,
        oss_key_prefix: textOrNull(trail, "OssKeyPrefix") ?? null,
        oss_write_role_arn: textOrNull(trail, "OssWriteRoleArn") ?? null,
        sls_project_arn: textOrNull(trail, "SlsProjectArn") ?? null,
        sls_write_role_arn: textOrNull(trail, "SlsWriteRoleArn") ?? null,
        is_organization_trail: flag(trail, "IsOrganizationTrail"),
        create_time: text(trail, "CreateTime"),
      });
      return { type: "alicloud_actiontrail_trail", id: name, name, attributes };
    });
  },
};
