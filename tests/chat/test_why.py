"""/why in the chat: what led there as a picture above the reasons; or the reasons alone."""

import pytest

from bot.delivery import why_picture
from tests.chat.scenes import card, guest_at, reply_to
from tests.journeys.house import House

pytestmark = pytest.mark.usefixtures("no_accidents")


async def test_the_first_day_has_reasons_and_no_picture_and_the_next_has_both(home: House) -> None:
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        [said] = await reply_to(home, ada, "/why")
        assert said.startswith("Why it looks so")
        assert "photo" not in (await ada.visitor.last())["content"]
        await ada.practise()
        await ada.morning(1)
        [said] = await reply_to(home, ada, "/why")
        shown = await ada.visitor.last()
    assert shown["content"]["photo"]
    assert said.startswith("Why it looks so")
    assert "The picture in words\n" in said
    assert ": not all told yet; now step 1, 60 %." in said
    assert [button["text"] for row in shown["rows"] for button in row]  # the worry


async def test_where_it_cannot_be_drawn_the_words_go_alone(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise OSError("no room")

    monkeypatch.setattr(why_picture, "why_picture", broken)
    ada = await guest_at(home)
    async with home.bot():
        await card(home, ada)
        await ada.practise()
        await ada.morning(1)
        [said] = await reply_to(home, ada, "/why")
        assert "photo" not in (await ada.visitor.last())["content"]
    assert said.startswith("Why it looks so")
