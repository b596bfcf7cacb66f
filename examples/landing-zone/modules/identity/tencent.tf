resource "tencentcloud_cam_policy" "operator" {
  name     = "${var.name}-operator"
  document = <<-EOT
    {
      "version": "2.0",
      "statement": [
        { "effect": "allow", "action": ["*"], "resource": ["*"] }
      ]
    }
  EOT
}

resource "tencentcloud_cam_user" "operator" {
  name          = "${var.name}-operator"
  console_login = true
}
