"""The wrapper behind the Makefile: drives Terraform, images and releases."""
