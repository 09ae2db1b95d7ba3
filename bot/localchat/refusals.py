"""What Telegram says no with: a code, Telegram's own words, and sometimes parameters.

Bots compare these words, so they are kept to the letter, in one place.
"""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """The Bot API refuses a call."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def to_telegram(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body if self.parameters is None else body | {"parameters": self.parameters}


class NotPossible(Exception):
    """The page asks for what a person cannot do just now, such as tapping a button that is gone."""


def bad_request(words: str) -> Refused:
    return Refused(400, f"Bad Request: {words}")


def too_many_requests(seconds: int) -> Refused:
    words = f"Too Many Requests: retry after {seconds}"
    return Refused(429, words, {"retry_after": seconds})


UNAUTHORIZED = (401, "Unauthorized")
NOT_FOUND = (404, "Not Found")
BLOCKED = (403, "Forbidden: bot was blocked by the user")
DEACTIVATED = (403, "Forbidden: user is deactivated")
OTHER_POLLER = (
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
WEBHOOK_ACTIVE = (
    409,
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first",
)

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
