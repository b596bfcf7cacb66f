output "web_address" {
  value = module.compute.web_address
}
