"""The way of a newcomer, in a real browser: from the printed address to tomorrow's adjusted ritual.

The test walks it, and so does the gallery that takes pictures of it.
"""

import asyncio
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = (390, 844)
Snap = Callable[[str], Awaitable[None]]


@asynccontextmanager
async def running_bot(folder: Path) -> AsyncIterator[str]:
    """`backbeat run` as a newcomer starts it, with its data in a folder; gives the printed address."""
    environ = {name: value for name, value in os.environ.items() if "BACKBEAT" not in name}
    environ.pop("TELEGRAM_TOKEN", None)
    environ |= {"BACKBEAT_PORT": str(_free_port()), "PYTHONUNBUFFERED": "1"}
    environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    log = (folder / "log").open("wb")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=folder,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=log,
    )
    try:
        yield await asyncio.wait_for(_address(process), 60)
    finally:
        process.terminate()
        await process.wait()
        log.close()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser that the system has."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS])
        yield browser
        await browser.close()


async def open_page(
    browser: Browser,
    address: str,
    size: tuple[int, int] = PHONE,
    scheme: Literal["dark", "light"] = "light",
) -> Page:
    """A phone-sized page, in a zone where the clock's “tomorrow 07:00” is the person's."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        timezone_id="Europe/Zurich",
        locale="en-GB",
        device_scale_factor=1.5,  # sharp enough for a README, and half the bytes of 2
    )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    await page.goto(address)
    return page


async def walk(page: Page, snap: Snap) -> None:
    """Enrol, practise, answer, read what comes next, move to tomorrow, be met by the adjusted ritual."""
    await snap("empty")
    await page.get_by_role("button", name="START").click()
    await _press(page, "I agree, let's start")
    await expect(_last(page)).to_contain_text("Is any of this new?")
    await snap("safety")
    await _press(page, "None of these")
    await expect(_last(page)).to_contain_text("And any of this?")
    await _press(page, "None of these")
    await expect(_last(page)).to_contain_text("Does any of this apply")
    for label in ("None of these", "None, or I can't say", "Sitting", "2", "Nothing of these"):
        await _press(page, label)
    await expect(_last(page)).to_contain_text("How well can you do it now?")
    await _press(page, "Nothing in particular")
    await expect(_last(page)).to_contain_text("Which town")
    await page.get_by_label("Message", exact=True).fill("Zürich")
    await page.keyboard.press("Enter")
    await _press(page, "Zürich, Switzerland")
    await _press(page, "07:00")
    await _press(page, "15 min")
    await expect(_last(page)).to_contain_text("Before the first coffee")
    await snap("ritual")
    await _press(page, "Done")
    await expect(_last(page)).to_contain_text("1 of 3")
    await snap("pain")
    await _press(page, "3")
    await expect(_last(page)).to_contain_text("2 of 3")
    await _press(page, "1")
    await _press(page, "Most of the time")
    await _press(page, "That's all")
    await expect(_last(page)).to_contain_text("3 of 3")
    await _press(page, "All the way")
    await expect(_last(page)).to_contain_text("Next:")
    await snap("outlook")
    await page.locator("#clock").click()
    await page.get_by_role("button", name=re.compile("Tomorrow 07:00")).click()
    await expect(_last(page)).to_contain_text("How did you wake?", timeout=15_000)
    await expect(_last(page)).to_contain_text("% of the full")
    await snap("tomorrow")


def _last(page: Page) -> Locator:
    return page.locator("#log > li").last


async def _press(page: Page, label: str) -> None:
    await _last(page).get_by_role("button", name=label, exact=True).click()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None  # piped above
    async for line in process.stdout:
        if found := re.search(r"http://\S+", line.decode()):
            return found[0]
    raise AssertionError("the bot ended without printing an address")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
