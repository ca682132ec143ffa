import json

import pytest

from tests.image.blog import HOST, within
from tests.image.containers import execute
from tests.image.picture import png
from tests.image.site import get

pytestmark = [pytest.mark.containers, pytest.mark.parametrize("app", ["wordpress"], indirect=True, scope="session")]

ATTACH = """
require_once ABSPATH . "wp-admin/includes/image.php";
$path = wp_upload_dir()["path"] . "/wide.png";
rename("/tmp/wide.png", $path);
$id = wp_insert_attachment(["post_mime_type" => "image/png", "post_title" => "Wide"], $path);
wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $path));
$sizes = ["thumbnail", "medium", "large"];
echo json_encode(array_map(fn ($size) => wp_get_attachment_image_src($id, $size), $sizes));
"""


def test_an_upload_gets_its_smaller_sizes(web: str) -> None:
    """A picture is resized by PHP's own GD to the sizes that themes ask for, and each is served."""
    write = f'file_put_contents("/tmp/wide.png", hex2bin("{png(1600, 1200).hex()}"));'
    execute(web, f"cat >/tmp/write.php <<'X'\n<?php {write}\nX\nphp /tmp/write.php")
    found = json.loads(within(web, ATTACH))
    assert [(width, height) for _, width, height, _ in found] == [(150, 150), (300, 225), (1024, 768)]
    for url, *_ in found:
        shown = get(web, url.removeprefix(f"http://{HOST}"), Host=HOST)
        assert (shown.status, shown.body[1:4]) == (200, b"PNG")
