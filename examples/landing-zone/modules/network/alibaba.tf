resource "alicloud_vpc" "main" {
  vpc_name   = var.name
  cidr_block = "10.1.0.0/16"
}

resource "alicloud_vpc_flow_log" "main" {
  flow_log_name  = var.name
  resource_id    = alicloud_vpc.main.id
  resource_type  = "VPC"
  traffic_type   = "All"
  project_name   = var.name
  log_store_name = "flow"
}

resource "alicloud_security_group" "app" {
  security_group_name = "${var.name}-app"
  vpc_id              = alicloud_vpc.main.id
}

resource "alicloud_security_group_rule" "app" {
  for_each = {
    https = { ports = "443/443", source = "0.0.0.0/0" }
    ssh   = { ports = "22/22", source = var.office_cidr }
    rdp   = { ports = "3389/3389", source = "0.0.0.0/0" }
  }

  security_group_id = alicloud_security_group.app.id
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = each.value.ports
  cidr_ip           = each.value.source
  description       = each.key
}
