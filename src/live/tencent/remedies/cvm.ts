import type { Remedy } from "../../remedy.ts";
import { apiCall } from "../calls.ts";

/* Source: CVM API 2017-03-12, ModifyInstancesAttribute. */

const terminationProtection: Remedy = ({ resource, region }) => {
  const put = (DisableApiTermination: boolean) =>
    apiCall("cvm:ModifyInstancesAttribute", region, { InstanceIds: [resource.id], DisableApiTermination });
  return {
    steps: [{ title: "Turn on termination protection", call: put(true), undo: [put(false)] }],
    expected: [{ type: resource.type, id: resource.id, attributes: { disable_api_termination: true } }],
  };
};

export const cvmRemedies: readonly (readonly [string, Remedy])[] = [
  ["tencent-cvm-instance-termination-protection", terminationProtection],
];
