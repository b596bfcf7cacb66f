module "network" {
  source = "./modules/network"

  name        = var.name
  admin_cidrs = var.admin_cidrs
  office_cidr = var.office_cidr
}

module "identity" {
  source = "./modules/identity"

  name = var.name
}

module "storage" {
  source = "./modules/storage"

  name = var.name
}

module "compute" {
  source = "./modules/compute"

  name             = var.name
  subnet_id        = module.network.aws_public_subnet_id
  subnet_ids       = module.network.aws_subnet_ids
  security_groups  = [module.network.aws_web_security_group_id]
  instance_profile = module.identity.aws_instance_profile
  password         = var.database_password
}

module "logging" {
  source = "./modules/logging"

  name   = var.name
  bucket = module.storage.aws_log_bucket
}
