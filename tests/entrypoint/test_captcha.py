import json
from pathlib import Path

import pytest

from tests.entrypoint.conftest import Bash

SOURCES = ("lib/log.sh", "lib/env.sh", "lib/app.sh")
WITH = "return ['extensions' => ['ConfirmEdit', 'ConfirmEdit/QuestyCaptcha', ]];"


def _check(bash: Bash, folders: dict[str, Path], baked: str, captcha: str) -> tuple[int, str]:
    (folders["share"] / "baked.php").write_text(baked)
    done = bash("_validate_captcha; env_check", *SOURCES, MEDIAWIKI_CAPTCHA=captcha)
    return done.returncode, done.stderr


@pytest.mark.parametrize("captcha", ["", '{"What is 2 + 2?": "4", "Colour of \\"snow\\"?": "white"}'])
def test_questions_with_answers_are_taken(bash: Bash, folders: dict[str, Path], captcha: str) -> None:
    """No question, or pairs."""
    assert _check(bash, folders, WITH, captcha) == (0, "")


@pytest.mark.parametrize("captcha", ["{", "[]", "{}", '["What?"]', '{"What?": ""}', '{"What?": 4}', '"What?"'])
def test_anything_else_is_named(bash: Bash, folders: dict[str, Path], captcha: str) -> None:
    """A form that asks nothing, or that nobody could answer, is refused."""
    code, errors = _check(bash, folders, WITH, captcha)
    assert code == 1
    first = json.loads(errors.splitlines()[0])["message"]
    assert (
        first
        == f"environment: MEDIAWIKI_CAPTCHA: got '{captcha}'; must be a JSON object of questions with their answers"
    )


def test_the_image_must_have_the_extension(bash: Bash, folders: dict[str, Path]) -> None:
    """Questions that nothing would ask are refused."""
    code, errors = _check(bash, folders, "return ['extensions' => ['ConfirmEdit', ]];", '{"What?": "That"}')
    assert code == 1
    assert "ConfirmEdit/QuestyCaptcha are not baked into this image" in errors
