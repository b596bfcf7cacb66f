data "aws_ami" "web" {
  most_recent = true

  filter {
    name   = "name"
    values = ["harbour-web-*"]
  }
}

resource "aws_instance" "web" {
  ami                    = data.aws_ami.web.id
  instance_type          = "t3.small"
  subnet_id              = var.subnet_id
  vpc_security_group_ids = var.security_groups
  iam_instance_profile   = var.instance_profile

  metadata_options {
    http_tokens = "optional"
  }

  user_data = <<-EOT
    #!/bin/sh
    export APP_NAME=${var.name}
    /opt/app/start
  EOT

  tags = { Name = "${var.name}-web" }
}

# plumbline:ignore aws-elbv2-access-logs until=2027-06-30 The CDN in front writes the access log
resource "aws_lb" "web" {
  name    = var.name
  subnets = var.subnet_ids
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_db_instance" "main" {
  identifier          = var.name
  engine              = "postgres"
  instance_class      = "db.t4g.small"
  allocated_storage   = 20
  username            = "harbour"
  password            = var.password
  storage_encrypted   = true
  deletion_protection = true
  publicly_accessible = true # plumbline:ignore aws-rds-instance-public until=2027-06-30 Reporting still connects from outside
}

resource "aws_lambda_function" "thumbnails" {
  function_name = "${var.name}-thumbnails"
  role          = "arn:aws:iam::111122223333:role/thumbnails"
  filename      = "thumbnails.zip"
  handler       = "index.handler"
  runtime       = "nodejs18.x"

  environment {
    variables = {
      BUCKET = "${var.name}-content"
    }
  }
}
