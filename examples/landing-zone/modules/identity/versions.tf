terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
    alicloud = {
      source = "aliyun/alicloud"
    }
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}
