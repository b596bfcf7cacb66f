locals {
  buckets = toset(["content", "logs"])
}

resource "aws_s3_bucket" "main" {
  for_each = local.buckets

  bucket = "${var.name}-${each.key}"
}

resource "aws_s3_bucket_public_access_block" "main" {
  for_each = aws_s3_bucket.main

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "main" {
  for_each = aws_s3_bucket.main

  bucket = each.value.id

  versioning_configuration {
    status = each.key == "content" ? "Enabled" : "Suspended"
  }
}

resource "aws_s3_bucket_policy" "main" {
  for_each = aws_s3_bucket.main

  bucket = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [each.value.arn, "${each.value.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

# plumbline:ignore alibaba-oss-bucket-versioning until=2027-06-30 Everything in it can be built again
resource "alicloud_oss_bucket" "content" {
  bucket = "${var.name}-content"

  server_side_encryption_rule {
    sse_algorithm = "AES256"
  }

  logging {
    target_bucket = "${var.name}-logs"
  }
}

resource "alicloud_oss_bucket_acl" "content" {
  bucket = alicloud_oss_bucket.content.bucket
  acl    = "public-read"
}

resource "tencentcloud_cos_bucket" "content" {
  bucket               = "${var.name}-content-1250000000"
  acl                  = "public-read"
  encryption_algorithm = "AES256"
  versioning_enable    = true
}
