variable "name" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_groups" {
  type = list(string)
}

variable "instance_profile" {
  type = string
}

variable "password" {
  type      = string
  sensitive = true
  default   = null
}
