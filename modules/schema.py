"""The settings as JSON Schemas, for editors: `python -m modules.schema` writes those in environments/."""

import json
from pathlib import Path

from pydantic import BaseModel

from modules.config import Config
from modules.kubernetes_settings import KubernetesConfig

FOLDER = Path(__file__).parent.parent / "environments"
SCHEMAS: dict[str, type[BaseModel]] = {"schema.json": Config, "schema-kubernetes.json": KubernetesConfig}
"""Files, and the settings that they describe."""


def text(name: str) -> str:
    """Return the schema called `name` as it is committed."""
    return json.dumps(SCHEMAS[name].model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    for each in SCHEMAS:
        (FOLDER / each).write_text(text(each))
