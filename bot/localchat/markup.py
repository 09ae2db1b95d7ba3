"""Telegram's HTML: text with a few tags in, plain text and entities out.

The reader walks the bytes as Telegram's own does, so that it accepts and
refuses the same texts, with the same words and the same byte offsets. Entity
offsets count UTF-16 units, as everywhere in Telegram.
"""

import re
from dataclasses import dataclass, field

from bot.localchat.refusals import Json, bad_request

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}  # the only names Telegram decodes
REFERENCE = re.compile(rb"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
LINK = re.compile(r"^(?:https?://|tg://|tonsite://|mailto:|tel:)?[^\s/]+\.?[^\s]*$", re.IGNORECASE)
SPACE = b" \t\r\n\0"
ATTRIBUTE_END = SPACE + b"=>/\"'"


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _Open:
    """A tag whose end has not come yet."""

    tag: str
    attributes: dict[str, str]
    offset: int  # in UTF-16 units of the plain text
    start: int  # index of its first piece of plain text


@dataclass(slots=True)
class _Reader:
    """One pass over the bytes."""

    raw: bytes
    at: int = 0
    length: int = 0  # UTF-16 units written so far
    pieces: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def read(self) -> None:
        while self.at < len(self.raw):
            match self.raw[self.at : self.at + 1]:
                case b"<" if self.raw[self.at + 1 : self.at + 2] == b"/":
                    self._close_tag()
                case b"<":
                    self._open_tag()
                case b"&":
                    self._write(self._reference() or self._take(1))
                case _:
                    self._write(self._until(b"<&"))
        if self.open:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"'
            )

    def _write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_length(text)

    def _take(self, count: int) -> str:
        self.at += count
        return self.raw[self.at - count : self.at].decode()

    def _until(self, stops: bytes) -> str:
        """Take everything up to the first of these bytes."""
        end = self.at
        while end < len(self.raw) and self.raw[end] not in stops:
            end += 1
        return self._take(end - self.at)

    def _skip_space(self) -> None:
        while self.at < len(self.raw) and self.raw[self.at] in SPACE:
            self.at += 1

    def _next_is(self, sign: bytes) -> bool:
        return self.raw[self.at : self.at + 1] == sign

    def _reference(self) -> str | None:
        """Decode &amp; and its like; what is no reference stays as it was written."""
        found = REFERENCE.match(self.raw, self.at)
        if found is None:
            return None
        decimal, hexadecimal, name = found.groups()
        if name is not None:
            text = NAMED[name.decode()]
        else:
            code = int(decimal) if decimal else int(hexadecimal, 16)
            if not 0 < code <= 0x10FFFF or 0xD800 <= code < 0xE000:
                return None
            text = chr(code)
        self.at = found.end()
        return text

    def _open_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._until(SPACE + b">").lower()
        if self.at >= len(self.raw):
            raise _unparsable(f"Unclosed start tag at byte offset {begin}")
        if tag not in TAGS:
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {begin}')
        attributes: dict[str, str] = {}
        self._skip_space()
        while not self._next_is(b">"):
            name, value = self._attribute(tag, begin)
            attributes[name] = value
            self._skip_space()
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(_Open(tag, attributes, self.length, len(self.pieces)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        unclosed = _unparsable(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if self.at >= len(self.raw):
            raise unclosed
        name = self._until(ATTRIBUTE_END).lower()
        if not name:
            words = f'Empty attribute name in the tag "{tag}" at byte offset {begin}'
            raise _unparsable(words)
        self._skip_space()
        if not self._next_is(b"="):
            return name, ""
        self.at += 1
        self._skip_space()
        if self.at >= len(self.raw):
            raise unclosed
        return name, self._attribute_value(unclosed)

    def _attribute_value(self, unclosed: Exception) -> str:
        quote = self.raw[self.at : self.at + 1]
        if quote not in (b'"', b"'"):
            begin = self.at
            value = self._until(SPACE + b">")
            if not re.fullmatch(r"[A-Za-z0-9.-]*", value):
                raise _unparsable(f"Unexpected end of name token at byte offset {begin}")
            return value.lower()
        self.at += 1
        value = ""
        while not self._next_is(quote):
            if self.at >= len(self.raw):
                raise unclosed
            text = self._reference() if self._next_is(b"&") else self._until(b"&" + quote)
            value += self._take(1) if text is None else text
        self.at += 1
        return value

    def _close_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise _unparsable(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        found = self._until(SPACE + b">").lower()
        self._skip_space()
        if not self._next_is(b">"):
            raise _unparsable(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open.pop()
        if found and found != opened.tag:
            raise _unparsable(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        self._note(opened)

    def _note(self, opened: _Open) -> None:
        """Keep what a closed tag marked, unless it marked nothing."""
        if self.length == opened.offset:
            return
        inner = "".join(self.pieces[opened.start :])
        entity: Json = {
            "type": TAGS[opened.tag],
            "offset": opened.offset,
            "length": self.length - opened.offset,
        }
        extra = _extra(opened, inner)
        if extra is None:
            return
        if opened.tag == "pre":
            self._adopt_language(entity)
        self.entities.append(entity | extra)

    def _adopt_language(self, pre: Json) -> None:
        """<pre><code class="language-x"> is one block with a language, not two entities."""
        for entity in self.entities:
            same = (entity["offset"], entity["length"]) == (pre["offset"], pre["length"])
            if same and entity["type"] == "code":
                self.entities.remove(entity)
                if "language" in entity:
                    pre["language"] = entity["language"]
                return


def _extra(opened: _Open, inner: str) -> Json | None:
    """What an entity carries besides its place; None when the tag turns out to mean nothing."""
    attributes = opened.attributes
    match opened.tag:
        case "a":
            url = attributes.get("href") or inner
            return {"url": url} if LINK.match(url) else None
        case "code" if attributes.get("class", "").startswith("language-"):
            return {"language": attributes["class"].removeprefix("language-")}
        case "blockquote" if "expandable" in attributes:
            return {"type": "expandable_blockquote"}
        case "tg-emoji":
            emoji = attributes.get("emoji-id", "")
            if not emoji.isdecimal():
                raise _unparsable("Invalid custom emoji identifier specified")
            return {"custom_emoji_id": emoji}
        case "tg-time":
            return _date_time(attributes)
    return {}


def _date_time(attributes: dict[str, str]) -> Json:
    unix = attributes.get("unix", "")
    if not unix.isdecimal():
        raise _unparsable("Invalid date specified")
    shape = attributes.get("format")
    return {"unix_time": int(unix)} | ({"date_time_format": shape} if shape else {})


def _unparsable(words: str) -> Exception:
    # Telegram's library lowers no first letter after the colon here
    return bad_request(f"can't parse entities: {words}")


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut the spaces around a text, as Telegram does, and move the entities along."""
    body = text.strip()
    shift = utf16_length(text[: len(text) - len(text.lstrip())])
    size = utf16_length(body)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, size)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return body, sorted(kept, key=lambda e: (e["offset"], -e["length"]))


def read_html(html: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities, or refuse as Telegram does."""
    reader = _Reader(html.encode("utf-8", "replace"))
    reader.read()
    entities = [
        {k: v for k, v in e.items() if k != "language" or e["type"] == "pre"}
        for e in reader.entities
    ]
    return _trimmed("".join(reader.pieces), entities)


def read_formatted(
    text: str, parse_mode: str | None, entities: list[Json] | None
) -> tuple[str, list[Json]]:
    """Read a text in the way its sender named: HTML, entities beside it, or plain."""
    if parse_mode and parse_mode.lower() != "html":
        raise bad_request(
            "unsupported parse_mode"
        )  # Markdown exists at Telegram; the bot speaks HTML
    if parse_mode:
        return read_html(text)
    size = utf16_length(text)
    for entity in entities or ():
        if not 0 <= entity.get("offset", -1) < entity["offset"] + entity.get("length", 0) <= size:
            raise bad_request("can't parse entities: Entity beyond the end of the text")
    return _trimmed(text, entities or [])
