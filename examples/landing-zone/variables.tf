variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "harbour"
}

variable "aws_region" {
  type    = string
  default = "eu-central-1"
}

variable "alibaba_region" {
  type    = string
  default = "eu-central-1"
}

variable "tencent_region" {
  type    = string
  default = "ap-guangzhou"
}

variable "admin_cidrs" {
  description = "Networks from which people log in."
  type        = list(string)
  default     = ["10.0.0.0/8"]
}

variable "office_cidr" {
  description = "The office's network. Each environment sets its own."
  type        = string
}

variable "database_password" {
  type      = string
  sensitive = true
  default   = null
}
