import json
from pathlib import Path
from typing import Any

import pytest

from tests.image.containers import docker, execute
from tests.image.site import Site, get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["mediawiki"], indirect=True, scope="session")]

CLIENT = Path(__file__).with_name("fpm.php")
STATUS = """<?php
$status = opcache_get_status(false);
echo json_encode($status['opcache_statistics'] + ['full' => $status['cache_full'], 'paths' => realpath_cache_size()]);
"""
# Every PHP file that a worker may ever load, compiled as a worker does.
COMPILE = """
$folders = ['/usr/share/mediawiki', '/usr/local/lib/berth', '/usr/local/share/berth'];
$wanted = 0;
foreach ($folders as $folder) {
    foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($folder)) as $file) {
        if ($file->getExtension() === 'php' && !$file->isLink()) {
            $wanted += opcache_compile_file($file->getPathname()) ? 1 : 0;
        }
    }
}
$status = opcache_get_status(false);
echo json_encode(['wanted' => $wanted, 'kept' => $status['opcache_statistics']['num_cached_scripts'],
    'restarts' => $status['opcache_statistics']['oom_restarts'], 'full' => $status['cache_full'],
    'free_mib' => intdiv($status['memory_usage']['free_memory'], 1 << 20),
    'strings_free' => $status['interned_strings_usage']['free_memory']]);
"""


@pytest.fixture(scope="module")
def worker(site: Site) -> str:
    """Serve with one worker and without page cache: each request is PHP's."""
    web = site.serve("--volume", f"{CLIENT}:/tmp/fpm.php:ro", PHP_WORKERS="1", PAGE_CACHE_SECONDS="0")
    # OPcache leaves out files of the last seconds.
    execute(web, f"cat >/tmp/status.php <<'PHP'\n{STATUS}PHP\ntouch --date yesterday /tmp/status.php")
    return web


def _status(worker: str) -> dict[str, Any]:
    return json.loads(execute(worker, "php /tmp/fpm.php /tmp/status.php"))


def test_every_php_file_is_kept_compiled(image: str) -> None:
    """All PHP files of the application together fit, with room to spare; scripts that clash aside."""
    options = ("-d", "opcache.enable_cli=1", "-d", "log_errors=0", "-r", COMPILE)
    found = json.loads(docker("run", "--rm", "--entrypoint", "php", image, *options, check=False).stdout)
    assert found["wanted"] > 6000
    assert found["kept"] >= found["wanted"]
    assert (found["full"], found["restarts"]) == (False, 0)
    assert found["free_mib"] >= 16
    assert found["strings_free"] > 1 << 20


def test_warm_worker_compiles_nothing(worker: str) -> None:
    """What a page takes is compiled once: from then on scripts and paths come out of memory."""
    for _ in range(2):
        assert get(worker, "/wiki/Main_Page").status == 200
    _status(worker)
    before = _status(worker)
    assert before["num_cached_scripts"] > 500
    for _ in range(3):
        get(worker, "/wiki/Main_Page")
    after = _status(worker)
    grown = {name: after[name] - before[name] for name in ("num_cached_scripts", "misses", "paths")}
    assert grown == {"num_cached_scripts": 0, "misses": 0, "paths": 0}
    assert after["hits"] - before["hits"] > 1500
