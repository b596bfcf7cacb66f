import type { Collector, Found } from "../collector.ts";
import { known, required, text, textOrNull } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { listOf } from "./regional.ts";

export const keyCollector: Collector<AlibabaSession> = {
  types: ["alicloud_kms_key"],
  scope: "region",
  // The list has the ids alone.
  actions: ["kms:ListKeys", "kms:DescribeKey"],
  list: async (session, region) => {
    const call = { product: "kms", operation: "ListKeys", list: "Keys.Key", size: 100, paging: "number" } as const;
    const ids = (await listOf(session, call, region)).map((key) => required("kms:ListKeys", key, "KeyId"));
    const all = await Promise.all(
      ids.map(async (id): Promise<Found | undefined> => {
        const answer = await session.rpc("kms", "DescribeKey", region, { RegionId: region, KeyId: id });
        const of = (member: string): string | undefined => text(answer, `KeyMetadata.${member}`);
        // A key that a service of the cloud made for itself is nobody's to set.
        const creator = of("Creator");
        if (creator !== undefined && creator !== "" && !/^\d+$/.test(creator)) return undefined;
        const attributes = known({
          id,
          arn: of("Arn"),
          description: textOrNull(answer, "KeyMetadata.Description"),
          status: required("kms:DescribeKey", answer, "KeyMetadata.KeyState"),
          key_spec: of("KeySpec"),
          key_usage: of("KeyUsage"),
          origin: of("Origin"),
          protection_level: of("ProtectionLevel"),
          automatic_rotation: of("AutomaticRotation"),
          rotation_interval: of("RotationInterval"),
          deletion_protection: of("DeletionProtection"),
          dkms_instance_id: textOrNull(answer, "KeyMetadata.DKMSInstanceId"),
          creator,
          creation_date: of("CreationDate"),
          last_rotation_date: of("LastRotationDate"),
          next_rotation_date: of("NextRotationDate"),
        });
        return { type: "alicloud_kms_key", id, name: of("Description") ?? id, attributes };
      }),
    );
    return all.filter((found) => found !== undefined);
  },
  details: [
    {
      of: "alicloud_kms_key",
      actions: ["kms:GetKeyPolicy"],
      read: async (session, { id }, region) => {
        const answer = await session.rpc("kms", "GetKeyPolicy", region, { RegionId: region, KeyId: id, PolicyName: "default" });
        return { attributes: known({ policy: textOrNull(answer, "Policy") }) };
      },
    },
  ],
};
