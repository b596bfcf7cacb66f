/** Whether a type is who acts in an account: a user, a role, a group, or a key of theirs. */
export function isPrincipal(type: string): boolean {
  return /^(?:aws_iam|alicloud_ram|tencentcloud_cam)_(?:user|role|group|access_key)$/.test(type);
}
