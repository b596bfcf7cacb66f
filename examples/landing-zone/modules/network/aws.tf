locals {
  subnets = {
    public  = { cidr = "10.0.0.0/24", public = true }
    private = { cidr = "10.0.1.0/24", public = false }
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"

  tags = { Name = var.name }
}

resource "aws_subnet" "main" {
  for_each = local.subnets

  vpc_id                  = aws_vpc.main.id
  cidr_block              = each.value.cidr
  map_public_ip_on_launch = each.value.public

  tags = { Name = "${var.name}-${each.key}" }
}

# The flow log was taken out when its bucket was renamed.
# resource "aws_flow_log" "main" {}

resource "aws_default_security_group" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group" "web" {
  name   = "${var.name}-web"
  vpc_id = aws_vpc.main.id

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  # Log in from the office.
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.admin_cidrs
  }
}

resource "aws_security_group" "desktop" {
  name   = "${var.name}-desktop"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "desktop" {
  security_group_id = aws_security_group.desktop.id
  description       = "Remote Desktop"
  ip_protocol       = "tcp"
  from_port         = 3389
  to_port           = 3389
  cidr_ipv4         = "0.0.0.0/0"
}
