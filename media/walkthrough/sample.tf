# A sample to try Plumbline on. Hover over what is underlined; press Ctrl+. (Cmd+. on macOS) to fix it.

variable "office" {
  description = "Networks that may log in."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

resource "aws_security_group" "bastion" {
  name = "bastion"

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.office
  }
}

resource "aws_s3_bucket" "reports" {
  bucket = "example-reports"
}

resource "aws_s3_bucket_acl" "reports" {
  bucket = aws_s3_bucket.reports.id
  acl    = "public-read"
}

resource "aws_ebs_volume" "data" {
  availability_zone = "eu-central-1a"
  size              = 20
  encrypted         = false
}
