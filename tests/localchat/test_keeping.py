"""What was said, and the moved clock, are there again after a restart."""

from datetime import timedelta
from pathlib import Path

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.localchat.saver import SavedUnreadable
from bot.localchat.server import Localchat
from tests.localchat.samples import png
from tests.localchat.visitor import Visitor


async def lived(path: Path) -> Localchat:
    """A localchat in which something happened, stopped."""
    local = Localchat(save_to=path)
    await local.start()
    async with (
        await Visitor.arrive(local, "Ada") as ada,
        Bot(local.token, base_url=local.api_url) as bot,
    ):
        await ada.say("/start")
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="yes")]])
        await bot.send_photo(
            ada.id, png(), caption="<b>Ready?</b>", parse_mode="HTML", reply_markup=keys
        )
        await ada.tap("Yes", wait=0)
    local.clock.move_by(timedelta(days=1))
    await local.stop()
    return local


async def test_a_restart_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "data" / "local.json"
    before = await lived(path)
    after = Localchat(save_to=path)
    assert after.world.to_json() == before.world.to_json()
    assert after.clock.shift == before.clock.shift
    assert [f.body for f in after.world.files.values()] == [png()]


async def test_ids_go_on_where_they_were(tmp_path: Path) -> None:
    path = tmp_path / "local.json"
    before = await lived(path)
    after = Localchat(save_to=path)
    message = after.world.say(1001, "again", after.now())
    assert message.id == before.world.last["message"] + 1
    assert after.world.updates[-1]["update_id"] == before.world.updates[-1]["update_id"] + 1


async def test_changes_are_written_soon_and_whole(tmp_path: Path) -> None:
    path = tmp_path / "local.json"
    local = Localchat(save_to=path)
    await local.start()
    async with await Visitor.arrive(local, "Ada") as ada:
        await ada.say("/start")
    local._saver._save()
    assert Localchat(save_to=path).world.people[1001].name == "Ada"
    await local.stop()
    assert not path.with_name("local.json.new").exists()  # nothing half-written


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1]", b'{"format": 99}', b'{"format": 1, "world": {}}']
)
def test_a_broken_file_is_named_and_not_overwritten(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "local.json"
    path.write_bytes(body)
    with pytest.raises(SavedUnreadable, match=r"local\.json"):
        Localchat(save_to=path)
    assert path.read_bytes() == body


async def test_stopping_twice_and_starting_again_are_fine() -> None:
    local = Localchat()
    await local.start()
    await local.stop()
    await local.stop()
    await local.start()
    await local.stop()


async def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "local.json"
    await lived(path)
    kept = [path.parent, path, *path.with_suffix(".files").iterdir()]
    assert [place.stat().st_mode & 0o077 for place in kept] == [0] * len(kept)
