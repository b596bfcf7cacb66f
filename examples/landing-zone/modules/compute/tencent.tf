resource "tencentcloud_mysql_instance" "main" {
  instance_name    = var.name
  mem_size         = 2000
  volume_size      = 50
  internet_service = 1
  root_password    = var.password
}

resource "tencentcloud_kubernetes_cluster" "main" {
  vpc_id              = "vpc-01234567"
  cluster_name        = var.name
  cluster_cidr        = "172.17.0.0/16"
  deletion_protection = true

  cluster_audit {
    enabled = true
  }
}
