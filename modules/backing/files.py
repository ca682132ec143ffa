"""Shared files on EFS.

Creates: an encrypted file system, a mount target a zone, an access point (the site's folder, owner and mode), a backup
policy, a policy that demands TLS and IAM, and a security group that lets `client_security_group_id` in.
"""

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.efs_access_point import (
    EfsAccessPoint,
    EfsAccessPointPosixUser,
    EfsAccessPointRootDirectory,
    EfsAccessPointRootDirectoryCreationInfo,
)
from cdktf_cdktf_provider_aws.efs_backup_policy import EfsBackupPolicy, EfsBackupPolicyBackupPolicy
from cdktf_cdktf_provider_aws.efs_file_system import EfsFileSystem, EfsFileSystemLifecyclePolicy
from cdktf_cdktf_provider_aws.efs_file_system_policy import EfsFileSystemPolicy
from cdktf_cdktf_provider_aws.efs_mount_target import EfsMountTarget
from constructs import Construct

from modules.contract import FILES, UID, Binding, Mount
from modules.policy import document
from modules.security import connect, security_group

NFS_PORT = 2049


class Files(Construct):
    """An EFS file system called `name` with one access point on `/<folder>`, owned by `uid`.

    `throughput`: `elastic` (default) or `bursting`. `backups`: daily, by AWS Backup, default true.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        vpc_id: str,
        subnet_ids: Sequence[str],
        client_security_group_id: str,
        folder: str = "files",
        uid: int = UID,
        throughput: str = "elastic",
        backups: bool = True,
    ) -> None:
        super().__init__(scope, id)
        group = security_group(self, "group", name=f"{name}-files", description="Shared files", vpc_id=vpc_id)
        connect(
            self,
            "clients",
            source=client_security_group_id,
            target=group.id,
            port=NFS_PORT,
            description="Shared files",
        )
        system = EfsFileSystem(
            self,
            "file-system",
            creation_token=name,
            encrypted=True,
            throughput_mode=throughput,
            lifecycle_policy=[EfsFileSystemLifecyclePolicy(transition_to_ia="AFTER_90_DAYS")],
            tags={"Name": name},
        )
        EfsFileSystemPolicy(self, "policy", file_system_id=system.id, policy=_tls_and_iam(system.arn))
        EfsBackupPolicy(
            self,
            "backup",
            file_system_id=system.id,
            backup_policy=EfsBackupPolicyBackupPolicy(status="ENABLED" if backups else "DISABLED"),
        )
        for index, subnet_id in enumerate(subnet_ids):
            EfsMountTarget(
                self,
                f"mount-target-{index}",
                file_system_id=system.id,
                subnet_id=subnet_id,
                security_groups=[group.id],
            )
        point = EfsAccessPoint(
            self,
            "access-point",
            file_system_id=system.id,
            posix_user=EfsAccessPointPosixUser(uid=uid, gid=uid),
            root_directory=EfsAccessPointRootDirectory(
                path=f"/{folder}",
                creation_info=EfsAccessPointRootDirectoryCreationInfo(owner_uid=uid, owner_gid=uid, permissions="0750"),
            ),
            tags={"Name": f"{name}-{folder}"},
        )
        self.file_system_id = system.id
        self.file_system_arn = system.arn
        self.access_point_id = point.id
        self.access_point_arn = point.arn


def binding(*, file_system_id: str, file_system_arn: str, access_point_id: str, access_point_arn: str) -> Binding:
    """Return the mount that a container gets of the shared files."""
    mount = Mount(
        path=FILES,
        file_system_id=file_system_id,
        file_system_arn=file_system_arn,
        access_point_id=access_point_id,
        access_point_arn=access_point_arn,
    )
    return Binding(mounts=(mount,))


def _tls_and_iam(arn: str) -> str:
    everybody = {"Principal": {"AWS": "*"}, "Resource": arn}
    # through a mount target an access point alone, over TLS, for principals whose own policy allows it
    allowed = {
        "Sid": "ThroughMountTargets",
        "Effect": "Allow",
        "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        "Condition": {
            "Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"},
            "Null": {"elasticfilesystem:AccessPointArn": "false"},
        },
    }
    plain = {
        "Sid": "NoPlainText",
        "Effect": "Deny",
        "Action": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    # EFS gives a policy without an Id one of its own, which every plan would want to remove
    return document(everybody | allowed, everybody | plain, Id="shared-files")
