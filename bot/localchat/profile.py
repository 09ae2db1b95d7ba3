"""How the bot introduces itself and how it is reached: name, texts, commands, webhook."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.localchat.calls import Call
from bot.localchat.records import Webhook
from bot.localchat.refusals import Json, bad_request
from bot.localchat.world import World

COMMAND = re.compile(r"^/?[a-z0-9_]{1,32}$")
COMMANDS = 100
COMMAND_DESCRIPTION = range(1, 257)
SECRET = re.compile(r"^[A-Za-z0-9_-]{0,256}$")
LOOPBACK = "http://127.0.0.1:"  # as a Bot API server of one's own takes it
CONNECTIONS = 40
MOST_CONNECTIONS = 100
LENGTHS = {"name": 64, "description": 512, "short_description": 120}


def get_me(world: World, call: Call, now: datetime) -> Json:
    return world.bot_user() | {
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, call: Call, now: datetime) -> bool:
    commands = call.listed("commands") or []
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.match(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if len(str(command.get("description", ""))) not in COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = [{**c, "command": c["command"].lstrip("/")} for c in commands]
    world.profile.commands[call.text("language_code")] = kept
    world.tell("profile")
    return True


def get_my_commands(world: World, call: Call, now: datetime) -> list[Json]:
    return world.profile.commands.get(call.text("language_code"), [])


def delete_my_commands(world: World, call: Call, now: datetime) -> bool:
    world.profile.commands.pop(call.text("language_code"), None)
    world.tell("profile")
    return True


def _set_text(kind: str) -> Callable[[World, Call, datetime], bool]:
    def set_text(world: World, call: Call, now: datetime) -> bool:
        text = call.text(kind)
        if len(text) > LENGTHS[kind]:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        world.profile.texts.setdefault(kind, {})[call.text("language_code")] = text
        if kind == "name" and not call.text("language_code"):
            world.profile.name = text or world.profile.name
        world.tell("profile")
        return True

    return set_text


def _get_text(kind: str) -> Callable[[World, Call, datetime], Json]:
    def get_text(world: World, call: Call, now: datetime) -> Json:
        texts = world.profile.texts.get(kind, {})
        default = world.profile.name if kind == "name" else ""
        return {kind: texts.get(call.text("language_code")) or texts.get("") or default}

    return get_text


def set_webhook(world: World, call: Call, now: datetime) -> bool:
    """Updates are posted from now on. An empty URL takes the webhook away."""
    secret = call.text("secret_token")
    if not SECRET.match(secret):
        raise bad_request("secret token contains unallowed characters")
    url = call.text("url")
    if not url:
        return delete_webhook(world, call, now)
    if not url.startswith(("https://", LOOPBACK)):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    most = call.integer("max_connections", CONNECTIONS)
    world.webhook = Webhook(
        url=url, secret=secret, max_connections=min(max(most, 1), MOST_CONNECTIONS)
    )
    if (allowed := call.data("allowed_updates")) is not None:
        world.allowed_updates = allowed or None
    return _drop_pending(world, call)


def delete_webhook(world: World, call: Call, now: datetime) -> bool:
    world.webhook = Webhook()
    return _drop_pending(world, call)


def _drop_pending(world: World, call: Call) -> bool:
    if call.flag("drop_pending_updates"):
        world.updates.clear()
    world.tell("webhook")
    return True


def get_webhook_info(world: World, call: Call, now: datetime) -> Json:
    info: Json = {
        "url": world.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if world.webhook.url:
        info["max_connections"] = world.webhook.max_connections
    if world.webhook.last_error_date is not None:
        info["last_error_date"] = world.webhook.last_error_date
        info["last_error_message"] = world.webhook.last_error_message
    if world.allowed_updates is not None:
        info["allowed_updates"] = world.allowed_updates
    return info


def done(world: World, call: Call, now: datetime) -> bool:
    """Nothing to do on loopback."""
    return True


METHODS: dict[str, Callable[[World, Call, datetime], Any]] = {
    "getme": get_me,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": _set_text("name"),
    "getmyname": _get_text("name"),
    "setmydescription": _set_text("description"),
    "getmydescription": _get_text("description"),
    "setmyshortdescription": _set_text("short_description"),
    "getmyshortdescription": _get_text("short_description"),
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "setchatmenubutton": done,
    "logout": done,
    "close": done,
}
