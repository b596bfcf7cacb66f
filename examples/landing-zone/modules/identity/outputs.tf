output "aws_instance_profile" {
  value = aws_iam_instance_profile.web.name
}
