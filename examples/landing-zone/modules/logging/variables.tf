variable "name" {
  type = string
}

variable "bucket" {
  type = string
}
