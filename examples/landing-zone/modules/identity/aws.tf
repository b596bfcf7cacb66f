data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "web" {
  statement {
    sid       = "ReadContent"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::${var.name}-content/*"]
  }

  # "Just until the release."
  statement {
    sid       = "Temporary"
    actions   = ["*"]
    resources = ["*"]
  }
}

resource "aws_iam_role" "web" {
  name               = "${var.name}-web"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "web" {
  name   = "web"
  role   = aws_iam_role.web.id
  policy = data.aws_iam_policy_document.web.json
}

resource "aws_iam_instance_profile" "web" {
  name = "${var.name}-web"
  role = aws_iam_role.web.name
}

resource "aws_iam_account_password_policy" "main" {
  minimum_password_length   = 10
  max_password_age          = 90
  require_symbols           = true
  password_reuse_prevention = 24
}
