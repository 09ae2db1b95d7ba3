"""The chat page in a real browser, with a small bot of the real library on the other side."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.localchat.server import Localchat
from tests.localchat.samples import png

# One browser for the whole file: a start takes longer than a test.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

KEYS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Done", callback_data="done", style="success")],
        [InlineKeyboardButton("Why?", callback_data="why")],
    ]
)
QUOTE = f"<blockquote expandable>{'A reason that goes on. ' * 30}</blockquote>"
Context = ContextTypes.DEFAULT_TYPE


async def on_message(update: Update, context: Context) -> None:
    """Say what was said, in every dress."""
    assert update.message is not None
    match update.message.text:
        case "/start":
            keyboard = ReplyKeyboardMarkup([["Sitting", "Standing"]], one_time_keyboard=True)
            await update.message.reply_text("Where are you all day?", reply_markup=keyboard)
        case "card":
            text = f"<b>Ready?</b> 5 &lt; 6\n{QUOTE}"
            await update.message.reply_html(text, reply_markup=KEYS)
        case "picture":
            await update.message.reply_photo(png(40, 30), caption="A picture")
        case "bell":
            ends = int(update.message.date.timestamp()) + 90
            bell = f'<b>Bell:</b> <tg-time unix="{ends}" format="r">07:03:12</tg-time>'
            await update.message.reply_html(bell)
        case "many":
            for number in range(40):
                await update.message.reply_text(f"Line {number}")
        case text:
            await update.message.reply_text(f"You said {text}")


async def on_tap(update: Update, context: Context) -> None:
    """Done is edited in place and toasted; why is explained in a box."""
    query = update.callback_query
    assert query is not None
    if query.data == "why":
        await query.answer("Because it helps.", show_alert=True)
    else:
        await query.answer("Noted.")
        await query.edit_message_text("Well done.")


@pytest_asyncio.fixture(loop_scope="module")
async def local() -> AsyncIterator[Localchat]:
    """Localchat with a bot that polls it."""
    local = Localchat()
    await local.start()
    app: Application[Any, Any, Any, Any, Any, Any]
    app = ApplicationBuilder().token(local.token).base_url(local.api_url).build()
    app.add_handler(MessageHandler(filters.ALL, on_message))
    app.add_handler(CallbackQueryHandler(on_tap))
    async with app:
        await app.bot.set_my_commands([BotCommand("start", "Begin"), BotCommand("help", "Help")])
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(poll_interval=0)
        yield local
        await app.updater.stop()
        await app.stop()
    await local.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, local: Localchat) -> AsyncIterator[Page]:
    """The page, opened for the first time; whatever goes wrong in it fails the test."""
    page = await browser.new_page(viewport={"width": 1100, "height": 800})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    await page.goto(local.page_url)
    yield page
    await page.close()
    assert wrong == []


async def begin(page: Page) -> None:
    await page.get_by_role("button", name="START").click()
    await expect(page.locator("#log")).to_contain_text("Where are you all day?")


async def say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Message").fill(text)
    await page.keyboard.press("Enter")


async def test_a_newcomer_starts_and_talks(page: Page) -> None:
    await begin(page)
    await page.get_by_role("button", name="Sitting").click()
    await expect(page.locator("#log")).to_contain_text("You said Sitting")
    await expect(page.locator("#keyboard")).to_be_hidden()  # it was for one use
    await page.get_by_role("button", name="Keyboard").click()
    await expect(page.get_by_role("button", name="Standing")).to_be_visible()


async def test_a_tap_edits_the_card_in_place_and_toasts(page: Page) -> None:
    await begin(page)
    await say(page, "card")
    card = page.locator(".from-bot", has_text="Ready?")
    await expect(card.locator("strong")).to_have_text("Ready?")
    await expect(card).to_contain_text("5 < 6")
    count = await page.locator(".message").count()
    await card.get_by_role("button", name="Done").click()
    await expect(page.locator("#toast")).to_have_text("Noted.")
    last = page.locator(".message").last
    await expect(last).to_contain_text("Well done.")
    await expect(last.locator(".meta")).to_contain_text("edited")
    await expect(last.get_by_role("button")).to_have_count(0)
    assert await page.locator(".message").count() == count


async def test_an_alert_is_a_box_to_close(page: Page) -> None:
    await begin(page)
    await say(page, "card")
    await page.get_by_role("button", name="Why?").click()
    box = page.get_by_role("dialog")
    await expect(box).to_contain_text("Because it helps.")
    await page.keyboard.press("Enter")
    await expect(box).to_be_hidden()


async def test_behind_a_quote_a_line_break_makes_no_empty_line(page: Page) -> None:
    """As on Telegram: a quote is a block, and ends its own line."""
    shown = await page.evaluate(
        """async () => {
            const { formatted } = await import("./format.js");
            const quote = [{ type: "blockquote", offset: 0, length: 5 }];
            const holder = document.createElement("div");
            return ["quote\\nnext", "quote\\n\\nnext", "quote next"].map((text) => {
                holder.replaceChildren(formatted(text, quote));
                return holder.lastChild.textContent;
            });
        }"""
    )
    assert shown == ["next", "\nnext", " next"]


async def test_a_long_quote_unfolds(page: Page) -> None:
    await begin(page)
    await say(page, "card")
    quote = page.locator("blockquote")
    folded = await quote.evaluate("node => node.offsetHeight")
    await quote.get_by_role("button", name="Show more").click()
    assert await quote.evaluate("node => node.offsetHeight") > folded
    await expect(quote.get_by_role("button", name="Show less")).to_be_visible()


async def test_pictures_are_drawn(page: Page) -> None:
    await begin(page)
    await say(page, "picture")
    picture = page.locator(".media img")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 40)


async def test_what_a_person_writes_is_never_run(page: Page) -> None:
    await begin(page)
    await say(page, "<img src=x onerror=alert(1)> <b>")
    await expect(page.locator("#log")).to_contain_text("You said <img src=x onerror=alert(1)> <b>")
    assert await page.locator("#log img").count() == 0


async def test_the_keyboard_alone_is_enough(page: Page) -> None:
    start = page.get_by_role("button", name="START")
    await start.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#log")).to_contain_text("Where are you all day?")
    await page.get_by_role("textbox", name="Message").focus()
    await page.keyboard.type("/")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("#log")).to_contain_text("You said /help")
    await expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("card")
    await page.keyboard.press("Enter")
    done = page.get_by_role("button", name="Done")
    await expect(done).to_be_visible()
    for _ in range(40):
        await page.keyboard.press("Shift+Tab")
        if await done.evaluate("node => node === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.locator("#log")).to_contain_text("Well done.")
    await expect(page.get_by_role("textbox", name="Message")).to_be_focused()


async def test_every_control_has_a_name(page: Page) -> None:
    await begin(page)
    await say(page, "card")
    await expect(page.get_by_role("button", name="Done")).to_be_visible()
    nameless = await page.evaluate(
        """[...document.querySelectorAll("button, a, input, select, textarea")].filter(node =>
            !(node.textContent.trim() || node.ariaLabel || node.labels?.length)).map(node => node.id)"""
    )
    assert nameless == []


async def test_someone_new_comes_in(page: Page, local: Localchat) -> None:
    await begin(page)
    await page.get_by_role("button", name="Be someone new").click()
    await page.get_by_label("Name").fill("Björn")
    await page.get_by_label("Language").select_option("de")
    await page.keyboard.press("Enter")
    current = page.locator(".person[aria-current]")
    await expect(current).to_contain_text("Björn")
    await begin(page)
    assert [p.language for p in local.world.people.values()][-1] == "de"


async def test_the_clock_moves(page: Page, local: Localchat) -> None:
    before = local.now()
    await page.get_by_role("button", name=re.compile("^Move the clock")).click()
    await page.get_by_role("button", name="Tomorrow 07:00", exact=True).click()
    await expect(page.locator("#clock-now")).to_contain_text("07:00")
    assert local.now() > before
    await page.get_by_role("button", name=re.compile("^Move the clock")).click()
    await page.get_by_role("button", name="+1 h").click()
    await expect(page.locator("#clock-now")).to_contain_text("08:00")


async def test_a_bell_counts_down_by_itself_and_with_a_moved_clock(
    page: Page, local: Localchat
) -> None:
    local.move_to(local.now() - timedelta(days=400))  # the page's own clock is no help
    await begin(page)
    await say(page, "bell")
    time = page.locator("#log time[data-relative]")
    await expect(time).to_have_text(re.compile(r"in (90|8\d) seconds"))
    shown = await time.inner_text()
    await expect(time).not_to_have_text(shown)  # a second later
    local.clock.move_by(timedelta(seconds=60))
    await expect(time).to_have_text(re.compile(r"in [12]\d seconds"))
    local.clock.move_by(timedelta(seconds=60))
    await expect(time).to_have_text(re.compile(r"\d+ seconds ago"))


async def test_reading_above_is_not_disturbed(page: Page) -> None:
    await begin(page)
    await say(page, "many")
    await expect(page.locator("#log")).to_contain_text("Line 39")
    newest = page.get_by_role("button", name="Go to the newest message")
    last = page.locator(".message").last
    await expect(last).to_be_in_viewport()
    await expect(newest).to_be_hidden()
    await page.locator("#scroller").evaluate("node => { node.scrollTop = 0; }")
    await expect(newest).to_be_visible()
    await expect(last).not_to_be_in_viewport()
    await newest.click()
    await expect(last).to_be_in_viewport()


async def test_blocking_and_coming_back(page: Page) -> None:
    await begin(page)
    await page.get_by_role("button", name="More", exact=True).click()
    await page.get_by_role("button", name="Block the bot", exact=True).click()
    await page.get_by_role("button", name="UNBLOCK THE BOT").click()
    await say(page, "hello again")
    await expect(page.locator("#log")).to_contain_text("You said hello again")


@pytest.mark.parametrize("width", [360, 390])
async def test_a_phone_needs_no_sideways_scrolling(page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 740})
    await begin(page)
    await say(page, "card")
    await say(page, "x" * 300)
    await say(page, "picture")
    await expect(page.locator(".media img")).to_be_visible()
    wide = "[document.documentElement, document.querySelector('#scroller')].map(n => n.scrollWidth)"
    assert max(await page.evaluate(wide)) <= width
    await page.get_by_role("button", name="People").click()
    await expect(page.locator(".person[aria-current]")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="People")).to_be_focused()


CONTRAST = """() => {
  const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const colour = text => text.match(/[\\d.]+/g).map(Number);
  const ground = node => {
    for (let n = node; n; n = n.parentElement) {
      const found = colour(getComputedStyle(n).backgroundColor);
      if (found.length < 4 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const leaves = [...document.querySelectorAll("body *")].filter(n => n.checkVisibility()
    && [...n.childNodes].some(c => c.nodeType === 3 && c.textContent.trim()) && !n.closest(".hidden, .skip"));
  return leaves.map(n => {
    const [a, b] = [colour(getComputedStyle(n).color), ground(n)].map(luminance).sort((x, y) => y - x);
    return [n.className + " " + n.textContent.trim().slice(0, 30), (a + .05) / (b + .05)];
  }).filter(([, ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(page: Page, scheme: Any) -> None:
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await begin(page)
    await say(page, "card")
    await expect(page.get_by_role("button", name="Done")).to_be_visible()
    assert await page.evaluate(CONTRAST) == []
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground))) < 150) == (scheme == "dark")
