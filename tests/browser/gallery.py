"""Every card as people see it: the real bot, the real page, a phone's width, light and dark.

    python -m tests.browser.gallery docs/screens [scene ...]

People live through scenes over HTTP, as in the journeys; the browser only looks on. Where a life takes weeks,
localchat's clock takes them.
"""

import asyncio
import datetime as dt
import json
import logging
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Browser, Page

from tests.browser.walk import PHONE, chromium, open_page, walk
from tests.journeys.house import MONDAY, Guest, House, house

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 1800  # pixels; nobody's phone, but nothing of a long card is cut
HOURS = dt.timedelta(hours=1)

# What the newest messages need, and what stands around them.
NEEDED = """(number) => {
  const shown = [...document.querySelectorAll("#log > .message")].slice(-number);
  const around = innerHeight - document.querySelector("#scroller").clientHeight;
  const log = document.querySelector("#log").getBoundingClientRect();
  return Math.ceil(log.bottom - shown[0].getBoundingClientRect().top + around + 48);
}"""
DRAWN = "[...document.querySelectorAll('#log > .message')].map((node) => node.print)"


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes pictures of one person's chat."""

    folder: Path
    browser: Browser
    home: House
    guest: Guest
    page: Page

    async def snap(self, name: str, messages: int = 1) -> None:
        """The newest messages, and above them whatever has room on a phone."""
        await self._drawn()
        await shoot(self.page, self.folder, name, messages)

    async def _drawn(self) -> None:
        """Until the page shows what the chat holds."""
        async with asyncio.timeout(10):
            while await self._seen() != await self._there():  # noqa: ASYNC110  # no event tells it
                await asyncio.sleep(0.05)

    async def _seen(self) -> list[Any]:
        return [json.loads(one) for one in await self.page.evaluate(DRAWN)]

    async def _there(self) -> list[Any]:
        messages = await self.guest.visitor.messages()
        return [{k: v for k, v in one.items() if k != "text"} for one in messages]

    async def press(self, *labels: str) -> None:
        """Tap buttons of the newest message that has them, one after the other."""
        for label in labels:
            await self.guest.visitor.tap(label)

    async def ask(self, command: str, then: str) -> None:
        await self.guest.visitor.say(command)
        await self.guest.visitor.wait_for(then)

    async def days(self, first: int, beyond: int, **answers: Any) -> None:
        """Mornings with their ritual, all answered."""
        for day in range(first, beyond):
            if day:
                await self.guest.morning(day)
            await self.guest.practise(**answers)

    async def come(self, when: dt.datetime, words: str) -> None:
        """Move the clock, and wait for what comes then."""
        known = (await self.guest.visitor.messages())[-1]["id"]
        self.home.local.move_to(when)
        await self.guest.visitor.wait_for(lambda m: m["id"] > known and words in m["text"], 10)


async def shoot(page: Page, folder: Path, name: str, messages: int = 1) -> None:
    """Light and dark, as JPEG: a third of the bytes, and sharp enough."""
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        height = min(max(PHONE[1], await page.evaluate(NEEDED, messages)), TALLEST)
        await page.set_viewport_size({"width": PHONE[0], "height": height})
        await page.wait_for_timeout(150)  # for the scrolling that a new size brings
        await page.screenshot(path=folder / f"{name}-{scheme}.jpg", type="jpeg", quality=60)
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


Scene = Callable[[Camera], Awaitable[None]]


async def enrolment(camera: Camera) -> None:
    guest = camera.guest
    await camera.ask("/start", "Hello")
    await camera.snap("consent")
    await guest.press("I agree, let's start", "Safety first")
    await camera.snap("safety")
    await guest.press("None of these", "And any of this?")
    await camera.snap("safety-second")
    await guest.press("None of these", "Does any of this apply")
    await camera.snap("safety-third")
    await guest.press("None of these", "feel worse")
    await camera.press("Sitting and bending", "Kneeling")
    await camera.snap("ticks")
    await guest.press("That's all", "most of the day")
    await guest.press("Sitting", "how much does your back hurt")
    await camera.snap("usual-pain")
    await guest.press("3", "have at home")
    await camera.press("Dumbbells")
    await camera.snap("equipment")
    await guest.press("That's all", "How well can you do it now")
    await camera.snap("activity")
    await guest.press("5", "Which town")
    await camera.ask("zurch", "Which of these is it?")
    await camera.snap("town", messages=3)
    await guest.press("Zürich, Switzerland", "When shall the ritual come?")
    await camera.snap("time")
    await guest.press("07:00", "how long")
    await guest.press("15 min", "Before the first coffee")
    await camera.snap("first-ritual", messages=2)
    await guest.press("Find my start (2 min)", "Finding your start")
    await camera.snap("tryout")


async def ritual(camera: Camera) -> None:
    guest = camera.guest
    await guest.enrol(minutes="15 min")
    await camera.page.get_by_role("button", name="Show more").last.click()
    await camera.snap("detail")
    await camera.press("Later")
    await camera.snap("later")
    await camera.press("In 1 hour")
    await camera.snap("later-kept")
    await camera.press("Why?")
    await guest.visitor.wait_for("Why it looks so")
    await camera.snap("why")
    await camera.press("Done")
    await camera.snap("pain")
    await camera.press("8")
    await camera.snap("where")
    await camera.press("2")
    await camera.press("That's all")
    await camera.snap("signs")
    await camera.press("1")
    card = (await guest.card())["id"]
    first, *_ = await guest.visitor.labels(card)
    await camera.press(first)
    await camera.snap("sign")
    await camera.press("Now and then")
    await camera.snap("signs-ticked")
    await camera.press("That's all")
    await camera.snap("breath")


async def player(camera: Camera) -> None:
    guest = camera.guest
    await guest.enrol(minutes="15 min")
    await camera.press("Start")
    await camera.snap("player-opening")
    await camera.press("Go")
    await camera.snap("player-opening-runs")
    await camera.press("Next")
    await camera.snap("player-set")
    await camera.press("Go")
    await camera.snap("player-hold")
    camera.home.local.clock.move_by(dt.timedelta(seconds=90))
    await guest.visitor.wait_for(lambda m: m["text"].startswith(("Time", "Rest is over")))
    await camera.snap("player-bell", messages=2)
    await _to(camera, "How was it?")
    await camera.snap("player-rating")
    await camera.press("Clean")
    await _to(camera, "Rest ·")
    await camera.snap("player-rest")
    await camera.press("Swap")
    await camera.snap("player-swap")
    await camera.press("Back to it", "This hurts")
    await camera.snap("player-hurts")
    await camera.press("6")
    await camera.snap("player-after-hurt")


async def _to(camera: Camera, words: str) -> None:
    """On through the player, until its card says so."""
    for _ in range(20):
        newest = await camera.guest.visitor.last()
        if words in newest["text"]:
            return
        labels = await camera.guest.visitor.labels(newest["id"])
        label = next(one for one in ("Next", "Set done", "Go", "Go on", "Clean") if one in labels)
        await camera.guest.visitor.tap(label, on=newest["id"])
    raise AssertionError(f"no {words!r} on the way")


async def weeks(camera: Camera) -> None:
    guest = camera.guest
    await guest.enrol(pain="4", minutes="15 min")
    await camera.days(0, 7, woke=3, pain=3)
    await camera.come(MONDAY + dt.timedelta(days=7, seconds=2), "of the last seven days")
    await camera.snap("week")
    await camera.days(8, 11, woke=2, pain=2)
    await camera.ask("/progress", "How it goes")
    await camera.snap("progress")
    await camera.ask("/report", "For a physiotherapist")
    await camera.snap("report")


async def silence(camera: Camera) -> None:
    await camera.guest.enrol(minutes="15 min")
    await camera.guest.practise()
    for day in (1, 2, 3):
        await camera.guest.morning(day)
    await camera.come(MONDAY + dt.timedelta(days=3, hours=12), "A few quiet days")
    await camera.snap("missed")
    await camera.press("No time")
    await camera.snap("missed-no-time")


async def trips(camera: Camera) -> None:
    guest = camera.guest
    await guest.enrol(minutes="15 min")
    await camera.ask("/travel", "On the way")
    await camera.snap("travel")
    await camera.press("Hotel room")
    await camera.snap("travel-minutes")
    await camera.press("10 min")
    await camera.snap("travel-set")
    await camera.ask("/travel", "On the way")
    await guest.press("Away for some days", "When are you home again?")
    await camera.snap("away")
    await camera.press("In a week")
    await camera.snap("away-set")
    await camera.press("Hotel room")
    await camera.snap("away-clock")
    await guest.press("Keep home time", "You are away until")
    await camera.snap("away-stands")


async def flare(camera: Camera) -> None:
    guest = camera.guest
    await guest.enrol(minutes="15 min", at="18:00")
    await guest.practise()
    await camera.ask("/flare", "Safety first")
    await guest.press("None of these", "And any of this?")
    await guest.press("None of these", "We keep moving, gently")
    await camera.snap("flare")
    await camera.come(MONDAY + dt.timedelta(days=1, hours=1, minutes=1), "How did you wake?")
    await camera.snap("flare-morning")
    await camera.press("4")
    await camera.snap("flare-told")


async def locked(camera: Camera) -> None:
    await camera.guest.enrol(minutes="15 min")
    await camera.press("Something new or worrying")
    await camera.guest.press("Yes, at least one", "This can need emergency care now")
    await camera.snap("locked")


async def settings(camera: Camera) -> None:
    guest = camera.guest
    await guest.enrol(minutes="15 min")
    await camera.ask("/settings", "Settings")
    await camera.snap("settings")
    await camera.press("Rituals")
    await camera.snap("settings-rituals")
    await camera.press("Back", "Quiet hours")
    await camera.snap("settings-quiet")
    await camera.press("Back", "Language")
    await camera.snap("settings-language")
    await camera.press("Back", "Close")
    await camera.ask("/pause", "A pause")
    await camera.snap("pause")
    await camera.press("1 week")
    await camera.snap("pause-kept")
    await camera.ask("/help", "keeps your daily back ritual")
    await camera.snap("help")
    await camera.ask("/privacy", "What is kept, and where")
    await camera.snap("privacy")
    await camera.ask("/forget", "Delete everything?")
    await camera.snap("forget")
    await camera.press("Delete everything")
    await camera.snap("forgotten")


async def languages(camera: Camera) -> None:
    await camera.guest.enrol(minutes="15 min")
    for language, name in (("de", "Deutsch"), ("es", "Español")):
        await camera.guest.visitor.say("/language")
        await camera.guest.visitor.wait_for(lambda m, name=name: name in str(m["rows"]))  # type: ignore[misc]  # mypy infers no default
        await camera.press(name)
        known = await camera.guest.visitor.say("/today")
        await camera.guest.visitor.wait_for(lambda m, known=known: m["id"] > known)  # type: ignore[misc]  # mypy infers no default
        await camera.snap(f"ritual-{language}")


async def newcomer(camera: Camera) -> None:
    """The way of the test, by hands in the browser; three of its screens are the README's."""

    async def snap(name: str) -> None:
        if name in ("ritual", "outlook", "tomorrow"):
            await camera.page.wait_for_timeout(3000)  # the last toast has gone
            await shoot(camera.page, camera.folder, name)

    await walk(camera.page, snap)


async def pictures(camera: Camera) -> None:
    """With what is drawn in the background; all other scenes show the words, which suffice without."""
    guest, database = camera.guest, camera.home.settings.database_url.partition("///")[2]
    folder = Path(database).parent / "pictures"
    await guest.enrol(minutes="15 min")
    await guest.practise()
    await _quiet(folder)
    await guest.morning(1)
    await camera.snap("pictures-ritual")
    await camera.press("Start", "Skip", "Skip")
    await _quiet(folder)  # until the film of the next one is there, too
    await camera.press("Skip")
    await camera.page.wait_for_timeout(500)  # for the film's first frame
    await camera.snap("pictures-player")
    await camera.ask("/progress", "practised")
    await camera.snap("pictures-progress")
    await camera.ask("/settings", "Settings")
    await camera.press("Pictures")
    await camera.snap("settings-pictures")


def _drawn(folder: Path) -> int:
    return len([*folder.glob("*.*")])


async def _quiet(folder: Path, seconds: float = 5) -> None:
    """Until nothing was drawn for a while."""
    seen, since = -1, time.monotonic()
    while seen < 1 or time.monotonic() - since < seconds:
        await asyncio.sleep(0.2)
        if (drawn := _drawn(folder)) != seen:
            seen, since = drawn, time.monotonic()


SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        *(enrolment, newcomer, ritual, player, weeks, silence),
        *(trips, flare, locked, settings, languages, pictures),
    )
}


async def film(folder: Path, browser: Browser, name: str) -> None:
    """One scene, in a house of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as data:
        async with house(Path(data)) as home:
            painters = {"picture_painters": int(name == pictures.__name__)}
            home.settings = home.settings.model_copy(update=painters)
            async with home.bot():
                guest = await home.visitor()
                page = await open_page(browser, f"{home.local.page_url}#{guest.visitor.id}")
                await SCENES[name](Camera(folder, browser, home, guest, page))
                await page.context.close()
    sys.stdout.write(f"{name}: {time.monotonic() - began:.0f} s\n")


async def main(folder: Path, names: list[str]) -> None:
    """All scenes or some, and the page that shows every picture."""
    logging.disable(logging.WARNING)  # a machine that is busy drawing skips some ticks
    async with chromium() as browser:
        for name in names or [*SCENES]:
            await film(folder, browser, name)
    (folder / "README.md").write_text(page_of(folder), "utf-8")


def page_of(folder: Path) -> str:
    """Every picture there is, light beside dark."""
    names = [path.name.removesuffix("-light.jpg") for path in sorted(folder.glob("*-light.jpg"))]
    cell = "![{0}, {1}]({0}-{1}.jpg)".format
    rows = (
        f"| {name.replace('-', ' ')} | {cell(name, 'light')} | {cell(name, 'dark')} |"
        for name in names
    )
    head = "# Every screen\n\n`make screens` takes these from the real bot on its page, at a phone's width."
    return "\n".join((head, "", "| | light | dark |", "|---|---|---|", *rows, ""))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
