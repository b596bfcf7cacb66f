resource "tencentcloud_vpc" "main" {
  name       = var.name
  cidr_block = "10.2.0.0/16"
}

resource "tencentcloud_security_group" "app" {
  name        = "${var.name}-app"
  description = "Application servers"
}

resource "tencentcloud_security_group_lite_rule" "app" {
  security_group_id = tencentcloud_security_group.app.id

  ingress = [
    "ACCEPT#10.0.0.0/8#ALL#ALL",
    "ACCEPT#0.0.0.0/0#443#TCP",
    "ACCEPT#0.0.0.0/0#22#TCP",
  ]

  egress = ["ACCEPT#0.0.0.0/0#ALL#ALL"]
}

resource "tencentcloud_security_group" "honeypot" {
  name        = "${var.name}-honeypot"
  description = "Watches who knocks"
}

resource "tencentcloud_security_group_rule_set" "honeypot" {
  security_group_id = tencentcloud_security_group.honeypot.id

  ingress {
    action      = "DROP"
    cidr_block  = "0.0.0.0/0"
    protocol    = "TCP"
    port        = "22,3389"
    description = "We log in elsewhere"
  }

  # plumbline:ignore tencent-vpc-sg-all-open, tencent-vpc-sg-admin-ports-open, tencent-vpc-sg-database-ports-open until=2027-06-30 A honeypot: being found is its purpose
  ingress {
    action      = "ACCEPT"
    cidr_block  = "0.0.0.0/0"
    description = "Everything else"
  }
}
