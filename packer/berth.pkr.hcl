# One template for every application: roles are collected, Ansible is installed, runs the
# application's playbook inside the container, and is removed again.

variable "app" {
  type        = string
  description = "Application to bake: the name of a playbook."
  validation {
    condition     = contains(["mediawiki"], var.app)
    error_message = "The app must be mediawiki."
  }
}

variable "base_image" {
  type        = string
  description = "Image to start from, as packer/base/build tagged it."
}

variable "repository" {
  type        = string
  default     = "berth/mediawiki"
  description = "Repository part of the image's name."
}

variable "version" {
  type        = string
  description = "Version of the image: its tag and its label."
  validation {
    condition     = var.version != "" && regex_replace(var.version, "[A-Za-z0-9._-]", "") == ""
    error_message = "The version must be a valid image tag."
  }
}

variable "commit" {
  type        = string
  default     = "unknown"
  description = "Commit the image was built from."
}

variable "created" {
  type        = string
  default     = ""
  description = "RFC 3339 time for the label; default: now."
}

variable "source" {
  type        = string
  default     = "unknown"
  description = "Where the sources live."
}

variable "timezone" {
  type        = string
  default     = "Etc/UTC"
  description = "Time zone of the image; the wiki's own is read when it starts."
}

variable "upload_mib" {
  type        = number
  default     = 64
  description = "Largest upload, for nginx, PHP and the application alike."
}

variable "extensions" {
  type        = list(string)
  default     = ["Cite", "ParserFunctions", "WikiEditor"]
  description = "Extensions baked in; they are part of the schema's fingerprint."
}

variable "languages" {
  type        = list(string)
  default     = ["en", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "uk", "zh", "zh-hans", "zh-hant"]
  description = "Languages whose messages are baked in (about 1 MB each); others show English."
}

variable "tarball_url" {
  type        = string
  default     = ""
  description = "Upstream release to install; default: Debian's package."
}

variable "tarball_sha256" {
  type        = string
  default     = ""
  description = "Checksum of the upstream release."
}

variable "apt_cache" {
  type        = string
  default     = ""
  description = "Host folder holding archives/partial and lists/partial, for one build at a time; default: none."
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

variable "push" {
  type        = bool
  default     = false
  description = "Whether to push the image where its repository's name points."
}

locals {
  work     = var.work_dir != "" ? var.work_dir : "${path.root}/collected"
  created  = var.created != "" ? var.created : timestamp()
  collects = concat(["${path.root}/roles"], var.role_dirs)
  volumes = var.apt_cache == "" ? {} : {
    "${var.apt_cache}/archives" = "/var/cache/apt/archives"
    "${var.apt_cache}/lists"    = "/var/lib/apt/lists"
  }
  labels = {
    "org.opencontainers.image.title"    = "berth/${var.app}"
    "org.opencontainers.image.version"  = var.version
    "org.opencontainers.image.revision" = var.commit
    "org.opencontainers.image.created"  = local.created
    "org.opencontainers.image.source"   = var.source
  }
  settings = {
    image_app            = var.app
    image_version        = var.version
    image_timezone       = var.timezone
    image_upload_mib     = var.upload_mib
    image_extensions     = var.extensions
    image_languages      = var.languages
    image_tarball_url    = var.tarball_url
    image_tarball_sha256 = var.tarball_sha256
  }
}

source "docker" "image" {
  image   = var.base_image
  pull    = false
  commit  = true
  message = "berth/${var.app} ${var.version}"
  volumes = local.volumes
  # An existing folder, or the builder's mount point would stay behind in the image.
  container_dir = "/mnt"
  # The default idle shell ignores TERM (10 s a build), and flags such as -it or --stop-timeout
  # would be committed into the image.
  run_command = ["-d", "--entrypoint=/bin/sh", "--", "{{.Image}}", "-c",
  "trap 'exit 0' TERM; while :; do sleep 3600 & wait; done"]
  changes = concat(
    [for name, value in local.labels : "LABEL ${name}=${jsonencode(value)}"],
    [
      "ENV PATH=/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin LANG=C.UTF-8",
      "VOLUME [\"/tmp\", \"/run/berth\", \"/var/cache/berth\"]",
      "EXPOSE 8080",
      "WORKDIR /",
      "USER 10001:10001",
      "ENTRYPOINT [\"/usr/local/bin/entrypoint\"]",
      "CMD [\"serve\"]",
    ]
  )
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
    playbook_file     = "${path.root}/playbooks/${var.app}.yml"
    playbook_dir      = local.work
    staging_directory = "/root/berth"
    command           = "ANSIBLE_NOCOLOR=1 ANSIBLE_PIPELINING=1 PYTHONUNBUFFERED=1 ansible-playbook"
    extra_arguments   = ["--extra-vars", "'${replace(jsonencode(local.settings), "'", "'\\''")}'"]
  }

  # 4. Leave only what runs.
  provisioner "shell" {
    environment_vars = ["DEBIAN_FRONTEND=noninteractive"]
    inline_shebang   = "/bin/sh -eu"
    inline = [
      "apt-get purge -y -qq --auto-remove ansible-core python3-apt >/dev/null 2>&1",
      "! command -v python3",
      # A cache that is mounted from the host is the next build's.
      "mountpoint -q /var/cache/apt/archives || rm -rf /var/cache/apt/archives/*",
      "mountpoint -q /var/lib/apt/lists || rm -rf /var/lib/apt/lists/*",
      "rm -rf /root/berth /root/.ansible /tmp/* /var/tmp/* /run/berth/* /var/cache/berth/* /var/cache/debconf/*-old /var/cache/apt/*.bin /var/lib/dpkg/*-old",
      "find /var/log -type f -delete",
      # Nobody changes user in a container.
      "find / -xdev -type f -perm /6000 -exec chmod a-s {} +",
    ]
  }

  post-processors {
    post-processor "docker-tag" {
      repository = var.repository
      tags       = [var.version]
    }
    dynamic "post-processor" {
      labels   = ["docker-push"]
      for_each = var.push ? [true] : []
      content {}
    }
  }
}
