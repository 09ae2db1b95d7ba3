"""Telegram's HTML is read as Telegram reads it, and refused with its words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.localchat.markup import read_formatted, read_html, utf16_length
from bot.localchat.refusals import Refused


def marks(html: str) -> list[tuple[Any, ...]]:
    return [(e["type"], e["offset"], e["length"]) for e in read_html(html)[1]]


@pytest.mark.parametrize(
    ("html", "text", "expected"),
    [
        ("plain", "plain", []),
        ("<b>a</b>", "a", [("bold", 0, 1)]),
        ("<strong>a</strong>", "a", [("bold", 0, 1)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s>", "a", [("strikethrough", 0, 1)]),
        (
            "<strike>a</strike><del>b</del>",
            "ab",
            [("strikethrough", 0, 1), ("strikethrough", 1, 1)],
        ),
        ("<code>a</code>", "a", [("code", 0, 1)]),
        ("<pre>a\nb</pre>", "a\nb", [("pre", 0, 3)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
        ('<tg-time unix="5" format="wDT">now</tg-time>', "now", [("date_time", 0, 3)]),
        ('<a href="https://x.org">a</a>', "a", [("text_link", 0, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("😀<b>a</b>", "😀a", [("bold", 2, 1)]),  # offsets are UTF-16 units
        ("<b></b>a", "a", []),  # what marks nothing is no entity
        ("  <b> a </b> ", "a", [("bold", 0, 1)]),  # the spaces around a text go
        ("<B>a</B>", "a", [("bold", 0, 1)]),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("&lt;b&gt; &amp; &quot;", '<b> & "', []),
        ("&#65;&#x42; &nbsp; & &#0;", "AB &nbsp; & &#0;", []),
    ],
)
def test_what_html_means(html: str, text: str, expected: list[tuple[Any, ...]]) -> None:
    assert (read_html(html)[0], marks(html)) == (text, expected)


def test_code_in_pre_names_its_language() -> None:
    _, entities = read_html('<pre><code class="language-python">x</code></pre>')
    assert entities == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a<x>b</x>", 'Unsupported start tag "x" at byte offset 1'),
        ("é<div>", 'Unsupported start tag "div" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <", "Unclosed start tag at byte offset 2"),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', 'Unclosed start tag "a" at byte offset 0'),
        ("<a ='x'>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>b</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_what_is_refused(html: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_html(html)
    assert refused.value.code == 400
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_escaped_text_comes_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert read_html(escaped) == (text.strip(), [])


@given(st.text(alphabet="<>/=\"'& ab#x;é😀", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        plain, entities = read_html(text)
    except Refused:
        return
    assert all(
        0 <= e["offset"] < e["offset"] + e["length"] <= utf16_length(plain) for e in entities
    )


def test_entities_may_stand_beside_the_text() -> None:
    bold = {"type": "bold", "offset": 1, "length": 2}
    assert read_formatted("abc", None, [bold]) == ("abc", [bold])


@pytest.mark.parametrize("entity", [{"offset": 2, "length": 2}, {"offset": -1, "length": 1}, {}])
def test_entities_beyond_the_text_are_refused(entity: dict[str, int]) -> None:
    with pytest.raises(Refused, match="beyond the end"):
        read_formatted("abc", None, [{"type": "bold", **entity}])


def test_another_parse_mode_is_refused() -> None:
    with pytest.raises(Refused, match="unsupported parse_mode"):
        read_formatted("*a*", "MarkdownV2", None)
