import type { Remedy } from "../../remedy.ts";
import { rpcCall } from "../calls.ts";

/* Source: ECS API 2014-05-26, ModifyInstanceAttribute. */

const deletionProtection: Remedy = ({ resource, region }) => {
  const put = (DeletionProtection: boolean) =>
    rpcCall("ecs:ModifyInstanceAttribute", region, "ecs", "ModifyInstanceAttribute", {
      InstanceId: resource.id,
      DeletionProtection,
    });
  return {
    steps: [{ title: "Turn on deletion protection", call: put(true), undo: [put(false)] }],
    expected: [{ type: resource.type, id: resource.id, attributes: { deletion_protection: true } }],
  };
};

export const ecsRemedies: readonly (readonly [string, Remedy])[] = [
  ["alibaba-ecs-instance-deletion-protection", deletionProtection],
];
