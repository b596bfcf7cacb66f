resource "aws_cloudtrail" "main" {
  name                       = var.name
  s3_bucket_name             = var.bucket
  enable_log_file_validation = true
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/${var.name}/app"
  retention_in_days = 30
}

resource "aws_kms_key" "logs" {
  description         = "Encrypts log archives"
  enable_key_rotation = true
}

resource "alicloud_actiontrail_trail" "main" {
  trail_name      = var.name
  oss_bucket_name = "${var.name}-content"
}

resource "alicloud_log_store" "flow" {
  project_name     = var.name
  logstore_name    = "flow"
  retention_period = 365
}

resource "tencentcloud_audit_track" "main" {
  name          = var.name
  status        = 1
  action_type   = "*"
  resource_type = "*"
  event_names   = ["*"]

  storage {
    storage_name   = "${var.name}-content-1250000000"
    storage_prefix = "audit"
    storage_region = "ap-guangzhou"
    storage_type   = "cos"
  }
}
