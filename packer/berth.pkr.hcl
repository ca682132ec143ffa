# One template for every link of an image's chain: roles are collected, Ansible is installed, runs the
# link's playbook inside a container of the link before, and is removed again.

variable "playbook" {
  type        = string
  description = "Link to build: the name of a playbook."
  validation {
    condition     = var.playbook != "" && regex_replace(var.playbook, "[a-z-]", "") == ""
    error_message = "The playbook must be a name in packer/playbooks."
  }
}

variable "base_image" {
  type        = string
  description = "Image to start from: the link before, or what packer/base/build tagged."
}

variable "repository" {
  type        = string
  description = "Repository part of the image's name."
}

variable "tag" {
  type        = string
  description = "Tag of the image."
  validation {
    condition     = var.tag != "" && regex_replace(var.tag, "[A-Za-z0-9._-]", "") == ""
    error_message = "The tag must be a valid image tag."
  }
}

variable "settings" {
  type        = string
  default     = "{}"
  description = "Variables of the playbook, as a JSON object."
}

variable "runs" {
  type        = bool
  default     = false
  description = "Whether containers run this link: it gets user, ports, volumes and entrypoint."
}

variable "apt_cache" {
  type        = string
  default     = ""
  description = "Docker volume that keeps downloaded packages, for one build at a time; default: none."
}

variable "role_dirs" {
  type        = list(string)
  default     = []
  description = "More folders of roles, absolute; a role found later replaces one of the same name."
}

variable "work_dir" {
  type        = string
  default     = ""
  description = "Existing folder to collect into; default: packer/collected. Builds side by side need one each."
}

locals {
  work     = var.work_dir != "" ? var.work_dir : "${path.root}/collected"
  collects = concat(["${path.root}/roles"], var.role_dirs)
  volumes  = var.apt_cache == "" ? {} : { (var.apt_cache) = "/var/cache/apt/archives" }
  running = [
    "ENV PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin LANG=C.UTF-8",
    "VOLUME [\"/tmp\", \"/run/berth\", \"/var/cache/berth\"]",
    "EXPOSE 8080",
    "WORKDIR /",
    "USER 10001:10001",
    "ENTRYPOINT [\"/usr/local/bin/entrypoint\"]",
    "CMD [\"serve\"]",
  ]
}

source "docker" "image" {
  image   = var.base_image
  pull    = false
  commit  = true
  message = "${var.playbook} ${var.tag}"
  volumes = local.volumes
  # An existing folder, or the builder's mount point would stay behind in the image.
  container_dir = "/mnt"
  # The default idle shell ignores TERM (10 s a build), and flags such as -it or --stop-timeout
  # would be committed into the image.
  run_command = ["-d", "--entrypoint=/bin/sh", "--", "{{.Image}}", "-c",
  "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done"]
  # The idle shell's own command must not stay in the image.
  changes = var.runs ? local.running : ["ENTRYPOINT []", "CMD [\"/bin/bash\"]"]
}

build {
  sources = ["source.docker.image"]

  # 1. Everything the playbook needs, in one folder that is uploaded whole.
  provisioner "shell-local" {
    inline_shebang = "/bin/sh -eu"
    inline = [
      "rm -rf '${local.work}/roles' '${local.work}/entrypoint'",
      "mkdir -p '${local.work}/roles'",
      "for dir in ${join(" ", [for dir in local.collects : "'${dir}'"])}; do cp -R \"$dir/.\" '${local.work}/roles/'; done",
      "cp -R '${path.root}/../entrypoint' '${local.work}/entrypoint'",
    ]
  }

  # 2. Ansible, with the python bindings of apt that its apt module would otherwise mark as wanted.
  provisioner "shell" {
    environment_vars = ["DEBIAN_FRONTEND=noninteractive"]
    inline_shebang   = "/bin/sh -eu"
    inline = [
      "apt-get update -qq",
      "apt-get install -y -qq ansible-core python3-apt >/var/log/ansible-install.log 2>&1 || { tail -n 30 /var/log/ansible-install.log; exit 1; }",
    ]
  }

  # 3. The playbook.
  provisioner "ansible-local" {
    playbook_file     = "${path.root}/playbooks/${var.playbook}.yml"
    playbook_dir      = local.work
    staging_directory = "/root/berth"
    command           = "ANSIBLE_NOCOLOR=1 ANSIBLE_PIPELINING=1 PYTHONUNBUFFERED=1 ansible-playbook"
    extra_arguments   = ["--extra-vars", "'${replace(var.settings, "'", "'\\''")}'"]
  }

  # 4. Leave only what runs.
  provisioner "shell" {
    environment_vars = ["DEBIAN_FRONTEND=noninteractive"]
    inline_shebang   = "/bin/sh -eu"
    inline = [
      "apt-get purge -y -qq --auto-remove ansible-core python3-apt >/dev/null 2>&1",
      "! command -v python3",
      # A cache that is mounted is the next build's.
      "mountpoint -q /var/cache/apt/archives || rm -rf /var/cache/apt/archives/*",
      "rm -rf /var/lib/apt/lists/* /root/berth /root/.ansible /tmp/* /var/tmp/* /run/berth/* /var/cache/berth/* /var/cache/debconf/*-old /var/cache/apt/*.bin /var/lib/dpkg/*-old",
      "find /var/log -type f -delete",
      # Nobody changes user in a container.
      "find / -xdev -type f -perm /6000 -exec chmod a-s {} +",
    ]
  }

  post-processors {
    post-processor "docker-tag" {
      repository = var.repository
      tags       = [var.tag]
    }
  }
}
