"""One call of the Bot API, however it was encoded, and its parameters read with care.

Form fields are strings; a JSON body has real numbers. Both read alike here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.localchat.refusals import Json, bad_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    name: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A method's name in lower case, its parameters as they came, and its uploads."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.params.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.params.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"can't parse {name}: an integer is expected") from None

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in ("true", "1", "yes")

    def data(self, name: str) -> Any:
        """A parameter that is a JSON object or array."""
        value = self.params.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def listed(self, name: str) -> list[Json] | None:
        value = self.data(name)
        if value is not None and not isinstance(value, list):
            raise bad_request(f"can't parse {name}: array expected")
        return value

    @property
    def chat_id(self) -> int | None:
        """The chat a call is about, if it names one by number."""
        try:
            return int(self.params["chat_id"])
        except (KeyError, TypeError, ValueError):
            return None
