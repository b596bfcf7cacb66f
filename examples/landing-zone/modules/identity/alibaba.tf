resource "alicloud_ram_account_password_policy" "main" {
  minimum_password_length = 16
  max_password_age        = 90
  max_login_attempts      = 5
}

resource "alicloud_ram_policy" "operator" {
  policy_name = "${var.name}-operator"
  policy_document = jsonencode({
    Version = "1"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["ecs:Describe*", "ecs:RebootInstance"]
        Resource = ["*"]
      },
    ]
  })
}
