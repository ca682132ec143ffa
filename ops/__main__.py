"""`python -m ops COMMAND`: faults that a person can mend are shown as one clear text, with exit code 1."""

import sys

from botocore.exceptions import BotoCoreError, ClientError

from local.errors import CloudError
from ops.cli import app
from ops.errors import OpsError


def main() -> int:
    """Run one command and return the exit code."""
    try:
        app()
    except (OpsError, CloudError) as error:
        print(error, file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"AWS: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("berth: interrupted; run the same command again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
