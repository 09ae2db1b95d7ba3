"""A Telegram on loopback: a strict Bot API, and a chat page to be the other side of it."""
