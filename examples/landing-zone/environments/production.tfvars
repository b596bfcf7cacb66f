# terraform plan -var-file=environments/production.tfvars
office_cidr = "192.0.2.0/24"
