provider "aws" {
  region = var.aws_region
}

provider "alicloud" {
  region = var.alibaba_region
}

# Copied from the console to get going, and forgotten.
provider "tencentcloud" {
  region     = var.tencent_region
  secret_id  = "AKIDexampleexampleexample"
  secret_key = "exampleexampleexampleexample00"
}
