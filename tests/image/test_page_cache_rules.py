import json

import pytest

from tests.image.containers import docker

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]

CASES = {
    "as long as the setting": (["Cache-Control: s-maxage=300, max-age=0"], 200, 60),
    "shorter where the answer says so": (["Cache-Control: s-maxage=5, max-age=900"], 200, 5),
    "for browsers and caches alike": (["Cache-Control: public, max-age=20"], 200, 20),
    "quoted": (['Cache-Control: max-age="20"'], 200, 20),
    "only after asking": (["Cache-Control: max-age=0, must-revalidate"], 200, 0),
    "forbidden to shared caches": (["Cache-Control: s-maxage=0, max-age=60"], 200, 0),
    "private": (["Cache-Control: private, max-age=60"], 200, 0),
    "in a second line": (["Cache-Control: s-maxage=60", "cache-control: No-Store"], 200, 0),
    "a field is private": (['Cache-Control: s-maxage=60, private="x"'], 200, 0),
    "with a cookie": (["Cache-Control: s-maxage=60", "Set-Cookie: a=b"], 200, 0),
    "nothing said": ([], 200, 7),
    "one for each language": (["Cache-Control: s-maxage=60", "Vary: Cookie, Accept-Language"], 200, 0),
    "one for each session": (["Cache-Control: s-maxage=60", "Vary: Accept-Encoding, Cookie"], 200, 60),
    "an error": (["Cache-Control: s-maxage=60"], 500, 0),
    "not there": (["Cache-Control: s-maxage=60"], 404, 60),
}


@pytest.fixture(scope="module")
def seconds(image: str) -> dict[str, int]:
    """Ask for every case at once, with a setting of 60 s, and 7 s where nothing is said."""
    asked = {name: case[:2] for name, case in CASES.items()}
    script = """
        require '/usr/local/lib/berth/php/page_cache.php';
        foreach (json_decode($argv[1], true) as $name => [$headers, $status]) {
            $seconds[$name] = Berth\\seconds_to_keep($headers, $status, 60, 7);
        }
        echo json_encode($seconds);
    """
    done = docker("run", "--rm", "--entrypoint", "php", image, "-r", script, json.dumps(asked))
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", CASES)
def test_answer_is_kept_for(name: str, seconds: dict[str, int]) -> None:
    """An answer's own headers and the setting decide together how long it is kept."""
    assert seconds[name] == CASES[name][2]
