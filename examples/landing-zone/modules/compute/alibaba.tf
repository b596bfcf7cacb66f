resource "alicloud_ecs_disk" "data" {
  disk_name = "${var.name}-data"
  zone_id   = "eu-central-1a"
  size      = 40
}

resource "alicloud_db_instance" "main" {
  engine           = "MySQL"
  engine_version   = "8.0"
  instance_type    = "mysql.n2.medium.1"
  instance_storage = 20
  security_ips     = ["10.1.0.0/16"]
  ssl_action       = "Open"
}

resource "alicloud_cs_managed_kubernetes" "main" {
  name         = var.name
  vswitch_ids  = ["vsw-0123456789abcdef0"]
  service_cidr = "172.16.0.0/16"
}
