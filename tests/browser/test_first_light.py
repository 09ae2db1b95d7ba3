"""What a newcomer meets: `backbeat run`, the printed address, and the whole way in a real browser."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.walk import open_page, running_bot, walk

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def test_a_newcomer_gets_from_start_to_tomorrows_adjusted_ritual(
    browser: Browser, tmp_path: Path
) -> None:
    screens: list[str] = []
    async with running_bot(tmp_path) as address:
        page = await open_page(browser, address)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))

        async def snap(name: str) -> None:
            screens.append(name)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

        await walk(page, snap)
    assert screens[-1] == "tomorrow"
    assert complaints == []
    assert "error" not in (tmp_path / "log").read_text()
