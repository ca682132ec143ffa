"""A person at the wiki, in headless Chromium."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from setup import browser


def picture(side: int = 64) -> bytes:
    """Return a PNG: a square with a diagonal run of colours, different in every row."""
    rows = b"".join(b"\0" + bytes(v for x in range(side) for v in (x * 4 % 256, y * 4 % 256, 128)) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@contextmanager
def opened() -> Iterator[Page]:
    """Give a page of a fresh browser."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.find(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield chromium.new_page(viewport={"width": 1280, "height": 900})
        finally:
            chromium.close()


def another_person(page: Page) -> Page:
    """Give a page of the same browser that shares no cookie."""
    shared = page.context.browser
    assert shared
    return shared.new_context(viewport={"width": 1280, "height": 900}).new_page()


def log_in(page: Page, url: str, user: str, password: str) -> None:
    """Log in by the form."""
    page.goto(f"{url}/index.php?title=Special:UserLogin")
    page.fill("#wpName1", user)
    page.fill("#wpPassword1", password)
    page.click("#wpLoginAttempt")
    page.wait_for_load_state()


def edit(page: Page, url: str, title: str, text: str) -> None:
    """Write a page anew and save it."""
    page.goto(f"{url}/index.php?title={title}&action=edit")
    page.fill("#wpTextbox1", text)
    page.click("#wpSave")
    page.wait_for_load_state()


def upload(page: Page, url: str, file: Path) -> str:
    """Upload a file by the form; return the path of the original on the wiki."""
    page.goto(f"{url}/index.php?title=Special:Upload")
    page.set_input_files("#wpUploadFile", str(file))
    page.fill("#wpDestFile", file.name)
    page.click("input[name=wpUpload]")
    page.wait_for_load_state()
    return page.locator(".fullMedia a").first.get_attribute("href") or ""
