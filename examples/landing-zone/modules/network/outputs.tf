output "aws_public_subnet_id" {
  value = aws_subnet.main["public"].id
}

output "aws_subnet_ids" {
  value = [for subnet in aws_subnet.main : subnet.id]
}

output "aws_web_security_group_id" {
  value = aws_security_group.web.id
}
