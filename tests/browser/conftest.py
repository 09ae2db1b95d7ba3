"""The system's browser for the tests; without one they say so and are skipped, but never in CI."""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.walk import CHROMIUM, chromium


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One for a whole file: a start takes longer than a test."""
    if CHROMIUM is None:
        words = "no Chromium on this machine: the chat page was not tried in a browser"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    async with chromium() as opened:
        yield opened
