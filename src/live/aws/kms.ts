import type { KeyMetadata } from "@aws-sdk/client-kms";
import type { Collector, Found } from "../collector.ts";
import { CallFailure } from "../failure.ts";
import { each, pages, send, service, type AwsSession } from "./client.ts";
import { always, must, optional, thing } from "./shape.ts";

const kms = service("kms", () => import("./sdk/kms.ts"));
const describe = "kms:DescribeKey";

/** The account's own keys. Those that AWS keeps for its services are in the same list, and nobody can change them. */
export const keys: Collector<AwsSession> = {
  types: ["aws_kms_key"],
  scope: "region",
  actions: ["kms:ListKeys", describe],
  list: async (session, region) => {
    const all = await pages(
      session,
      kms,
      region,
      "kms:ListKeys",
      (sdk, Marker) => new sdk.ListKeysCommand({ Limit: 1000, Marker }),
      ({ Keys }) => Keys,
      ({ NextMarker }) => NextMarker,
    );
    const shut: CallFailure[] = [];
    const described = await each(all, async ({ KeyArn, KeyId }): Promise<KeyMetadata> => {
      try {
        const { KeyMetadata } = await send(session, kms, region, describe, (sdk) => new sdk.DescribeKeyCommand({ KeyId }));
        if (KeyMetadata !== undefined) return KeyMetadata;
      } catch (error) {
        if (!(error instanceof CallFailure) || error.kind !== "denied") throw error;
        shut.push(error);
      }
      return { KeyId, Arn: KeyArn };
    });
    // A key's own policy may shut us out: only that it is there is known then, and the others are judged. All shut is no policy of one.
    const [first] = shut;
    if (first !== undefined && shut.length === all.length) throw first;
    return described.filter(({ KeyManager }) => KeyManager !== "AWS").map(key);
  },
  details: [
    {
      of: "aws_kms_key",
      actions: ["kms:GetKeyPolicy"],
      read: async (session, { id }, region) => {
        const action = "kms:GetKeyPolicy";
        const { Policy } = await send(
          session,
          kms,
          region,
          action,
          (sdk) => new sdk.GetKeyPolicyCommand({ KeyId: id, PolicyName: "default" }),
        );
        return { attributes: always({ policy: Policy }) };
      },
    },
    {
      of: "aws_kms_key",
      actions: ["kms:GetKeyRotationStatus"],
      read: async (session, { id }, region) => {
        const action = "kms:GetKeyRotationStatus";
        try {
          const { KeyRotationEnabled, RotationPeriodInDays } = await send(
            session,
            kms,
            region,
            action,
            (sdk) => new sdk.GetKeyRotationStatusCommand({ KeyId: id }),
          );
          return { attributes: always({ enable_key_rotation: KeyRotationEnabled, rotation_period_in_days: RotationPeriodInDays }) };
        } catch (error) {
          // A key that can't be rotated by AWS: asymmetric, or with material from outside. Neither on nor off.
          if (error instanceof CallFailure && error.code === "UnsupportedOperationException") return {};
          throw error;
        }
      },
    },
  ],
};

function key(of: KeyMetadata): Found {
  const id = must(of.KeyId, describe);
  return thing(
    "aws_kms_key",
    id,
    { name: of.Description === "" ? undefined : of.Description },
    {
      key_id: id,
      ...always({
        arn: of.Arn,
        customer_master_key_spec: of.KeySpec,
        description: of.Description,
        is_enabled: of.Enabled,
        key_usage: of.KeyUsage,
        multi_region: of.MultiRegion,
      }),
      // Only there for a key that waits for its deletion, and for one in a store of the customer's.
      ...(of.KeyState === undefined ? always : optional)({
        deletion_date: of.DeletionDate,
        custom_key_store_id: of.CustomKeyStoreId,
        xks_key_id: of.XksKeyConfiguration?.Id,
      }),
    },
  );
}
