"""What a message says: text, or a picture, animation or document with its caption.

Reads the parameters of a send or an edit into the content a message keeps.
"""

from collections.abc import Mapping
from typing import Any

from bot.localchat.calls import Call, Upload
from bot.localchat.markup import read_formatted, utf16_length
from bot.localchat.media import KIND_NAMES, Kind, StoredFile, receive
from bot.localchat.refusals import Json, bad_request
from bot.localchat.world import World

# Telegram counts characters after the entities are parsed. We count UTF-16 units, never fewer than
# characters: what passes here passes there.
TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
KINDS: tuple[Kind, ...] = ("photo", "animation", "document")


def text_content(call: Call) -> Json:
    raw = call.text("text")
    if not raw:
        raise bad_request("message text is empty")
    text, entities = read_formatted(raw, call.text("parse_mode"), call.listed("entities"))
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > TEXT_LENGTH:
        raise bad_request("message is too long")
    return {"text": text} | ({"entities": entities} if entities else {})


def caption_content(source: Mapping[str, Any], entities: list[Json] | None) -> Json:
    raw = str(source.get("caption") or "")
    caption, marks = read_formatted(raw, source.get("parse_mode"), entities)
    if utf16_length(caption) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    if not caption:
        return {}
    return {"caption": caption} | ({"caption_entities": marks} if marks else {})


def media_content(world: World, kind: Kind, call: Call) -> Json:
    """The content of sendPhoto, sendAnimation and sendDocument."""
    caption = caption_content(call.params, call.listed("caption_entities"))
    size = call.integer("width"), call.integer("height")
    file = _find_file(world, kind, call, call.params.get(kind), size, call.integer("duration"))
    return shown_file(file) | caption


def input_media_content(world: World, call: Call) -> Json:
    """The content of editMessageMedia, whose caption lies within the media."""
    media = call.data("media")
    if not isinstance(media, dict) or media.get("type") not in KINDS:
        raise bad_request("can't parse InputMedia: media of this type is not supported")
    caption = caption_content(media, media.get("caption_entities"))
    try:
        width, height, duration = (int(media.get(k) or 0) for k in ("width", "height", "duration"))
    except (TypeError, ValueError):
        raise bad_request("can't parse InputMedia: an integer is expected") from None
    kind: Kind = media["type"]
    return (
        shown_file(_find_file(world, kind, call, media.get("media"), (width, height), duration))
        | caption
    )


def _find_file(
    world: World, kind: Kind, call: Call, named: object, size: tuple[int, int], duration: int
) -> StoredFile:
    """A file comes as an upload, as attach:// to one, or as the id of a file sent before."""
    name = named if isinstance(named, str) else ""
    upload = call.uploads.get(name.removeprefix("attach://") or kind)
    if upload is not None:
        return _keep(world, kind, upload, size, duration)
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    if name.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # nothing leaves this machine
    file = world.files.get(name)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {KIND_NAMES[file.kind]} as {KIND_NAMES[kind]}")
    return file


def _keep(
    world: World, kind: Kind, upload: Upload, size: tuple[int, int], duration: int
) -> StoredFile:
    file = receive(kind, upload.name, upload.body, size, duration)
    return world.files.setdefault(file.file_id, file)


def shown_file(file: StoredFile) -> Json:
    """A file as a message shows it."""
    base = {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.body),
    }
    size = {"width": file.width, "height": file.height}
    named = base | {"file_name": file.name, "mime_type": file.mime}
    if file.kind == "photo":
        return {"photo": [base | size]}
    if file.kind == "document":
        return {"document": named}
    animation = named | size | {"duration": file.duration}
    return {"animation": animation, "document": named}  # Telegram sends both, for old bots


def kind_of(content: Json) -> Kind | None:
    return next((kind for kind in KINDS if kind in content), None)
