"""Keyboards under messages and under the input: which ones Telegram takes, and which button was meant."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.localchat.refusals import Json, Refused, bad_request

DATA_BYTES = range(1, 65)
MOST_BUTTONS = 100
STYLES = frozenset({"primary", "success", "danger"})
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
)


def read_reply_markup(markup: Any) -> Json | None:
    """Return a keyboard as Telegram would keep it, or refuse; None where there is none."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return read_inline_keyboard(markup)
    if "keyboard" in markup:
        return {**markup, "keyboard": _reply_rows(markup["keyboard"])}
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return markup
    return None


def read_inline_keyboard(markup: Any) -> Json | None:
    """Return the inline keyboard, or None for one without buttons: that is how a bot takes it away."""
    if markup is None or markup == "":
        return None
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    rows = [[_inline_button(b) for b in row] for row in _rows(markup["inline_keyboard"])]
    rows = [row for row in rows if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse keyboard: array of arrays expected")
    return rows


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _unparsable("KeyboardButton must be an Object")
    if not str(button.get("text") or "").strip():
        raise _unparsable('Can\'t find field "text"')
    if button.get("style", "primary") not in STYLES:
        raise _unparsable("invalid button style specified")
    actions = [action for action in ACTIONS if action in button]
    if not actions:
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if "callback_data" in button and len(str(button["callback_data"]).encode()) not in DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(str(button["url"]))
    return button


def _check_url(url: str) -> None:
    parts = urlsplit(url if "://" in url else f"http://{url}")
    known = parts.scheme == "tg" or (parts.scheme in ("http", "https") and "." in parts.netloc)
    if not known:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply_rows(rows: Any) -> list[list[Json]]:
    """A reply keyboard's button may be a bare text."""
    buttons = [
        [{"text": b} if isinstance(b, str) else b for b in row] for row in _rows(rows) if row
    ]
    if not buttons:
        raise bad_request("reply keyboard must contain at least one button")  # Telegram drops it
    for button in (b for row in buttons for b in row):
        if not isinstance(button, dict) or not str(button.get("text") or "").strip():
            raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    return buttons


def _unparsable(words: str) -> Refused:
    return bad_request(f"can't parse inline keyboard button: {words}")


def buttons_of(markup: Json | None) -> Iterator[Json]:
    """Every button of an inline or a reply keyboard, row by row."""
    for row in (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or ():
        yield from row
