"""The settings as a JSON Schema, for editors: `python -m modules.schema` writes environments/schema.json."""

import json
from pathlib import Path

from modules.config import Config

PATH = Path(__file__).parent.parent / "environments" / "schema.json"


def text() -> str:
    """Return the schema as it is committed."""
    return json.dumps(Config.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text())
