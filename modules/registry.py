"""Container image repositories.

Creates: an ECR repository an application, with tags that cannot be moved, a scan at every push, and a lifecycle policy.
"""

import json
from collections.abc import Sequence

from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import EcrLifecyclePolicy
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)
from constructs import Construct


class Registry(Construct):
    """ECR repositories called `<prefix>/<app>`, one for each of `apps`.

    `urls` and `arns` map the app to its address and ARN.

    `kept_images`: how many tagged images stay, default 50. `protected`: a repository with images refuses to be deleted.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        apps: Sequence[str],
        prefix: str = "berth",
        kept_images: int = 50,
        protected: bool = True,
    ) -> None:
        super().__init__(scope, id)
        repositories = {app: self._repository(app, f"{prefix}/{app}", kept_images, protected) for app in apps}
        self.urls = {app: repository.repository_url for app, repository in repositories.items()}
        self.arns = {app: repository.arn for app, repository in repositories.items()}

    def _repository(self, app: str, name: str, kept_images: int, protected: bool) -> EcrRepository:
        repository = EcrRepository(
            self,
            app,
            name=name,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=EcrRepositoryImageScanningConfiguration(scan_on_push=True),
            encryption_configuration=[EcrRepositoryEncryptionConfiguration(encryption_type="AES256")],
            force_delete=not protected,
            tags={"Name": name},
        )
        EcrLifecyclePolicy(self, f"{app}-lifecycle", repository=repository.name, policy=_lifecycle(kept_images))
        return repository


def _lifecycle(kept_images: int) -> str:
    untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 7}
    most = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": kept_images}
    rules = [
        {"rulePriority": 1, "description": "untagged images after a week", "selection": untagged},
        {"rulePriority": 2, "description": f"all but the newest {kept_images}", "selection": most},
    ]
    return json.dumps({"rules": [rule | {"action": {"type": "expire"}} for rule in rules]})
