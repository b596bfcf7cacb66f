output "aws_log_bucket" {
  value = aws_s3_bucket.main["logs"].id
}
