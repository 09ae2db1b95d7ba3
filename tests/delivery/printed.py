"""What a printed page says and holds, as a reader program sees it."""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

from pypdf import PdfReader


def opened(page: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(page))


@cache  # a page full of drawings takes a while to be read
def said_on(page: bytes) -> str:
    """Every word of it, wherever its lines end."""
    return " ".join(" ".join(one.extract_text() for one in opened(page).pages).split())


def tagged(page: bytes) -> Iterator[tuple[str, str]]:
    """Each thing on it by its tag, with its text alternative."""
    return _tagged(opened(page).root_object["/StructTreeRoot"])


def _tagged(node: Any) -> Iterator[tuple[str, str]]:
    if not hasattr(node, "get"):
        return
    if tag := node.get("/S"):
        yield str(tag), str(node.get("/Alt", ""))
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        yield from _tagged(kid.get_object() if hasattr(kid, "get_object") else kid)
