import json

import pytest

from tests.entrypoint.conftest import Bash

LOG = "lib/log.sh"


@pytest.mark.parametrize("text", ["plain", 'a "quoted" word', "back\\slash", "two\nlines\tand a tab", "ünï"])
def test_message_is_one_line_of_json(bash: Bash, text: str) -> None:
    """Whatever a message holds, it is one line that every reader of JSON understands."""
    (line,) = bash('log "$TEXT"', LOG, TEXT=text).stderr.splitlines()
    found = json.loads(line)
    assert (found["source"], found["message"]) == ("berth", text)
    assert found["time"].startswith("20")


def test_control_characters_are_left_out(bash: Bash) -> None:
    """A message cannot smuggle anything into the terminal of who reads the log."""
    (line,) = bash("log $'a\\e[31mb\\r'", LOG).stderr.splitlines()
    assert json.loads(line)["message"] == "a[31mb"


def test_plain_lines_are_wrapped(bash: Bash) -> None:
    """Plain lines get a source and a time, the last one also without its end; lines of JSON are kept."""
    done = bash("printf 'x\\n{\"a\":1}\\nlast' | log_lines server", LOG)
    first, kept, last = map(json.loads, done.stdout.splitlines())
    assert (first["source"], first["message"], last["message"]) == ("server", "x", "last")
    assert kept == {"a": 1}
