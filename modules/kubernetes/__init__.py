"""Kubernetes objects as plain data. Terraform carries them, the export prints them, an operator applies them."""
