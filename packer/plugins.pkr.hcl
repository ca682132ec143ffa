# Apart from the template: Packer 1.6, which Debian ships, has these plugins built in and
# refuses the block, so it gets berth.pkr.hcl alone; newer Packer gets the whole folder.
packer {
  required_plugins {
    docker = {
      source  = "github.com/hashicorp/docker"
      version = ">= 1.1.0"
    }
    ansible = {
      source  = "github.com/hashicorp/ansible"
      version = ">= 1.1.0"
    }
  }
}
