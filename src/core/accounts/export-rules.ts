/**
 * What the provider's schema does not say about writing a thing of an account into a file. Source: the `ConflictsWith` and
 * `AtLeastOneOf` of the providers' resources, as `terraform validate` tells them (scripts/validate-exports.ts).
 */
interface ExportRule {
  /** Stated by another argument already, which conflicts with it. */
  readonly leaveOut?: readonly string[];
  /** Arguments that the provider wants and no account tells. */
  readonly needs?: string;
}

export const exportRules: Readonly<Record<string, ExportRule>> = {
  aws_subnet: { leaveOut: ["availability_zone_id"] },
  aws_lambda_function: { needs: "one of filename, image_uri and s3_bucket" },
  tencentcloud_kms_key: { leaveOut: ["is_archived"] },
  tencentcloud_image: { needs: "instance_id or snapshot_ids" },
  tencentcloud_cvm_launch_template: { needs: "a placement block" },
  tencentcloud_mysql_instance: { needs: "ro_group_id, where it is in a group of read-only instances" },
};
