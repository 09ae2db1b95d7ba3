"""From the try-out to a first weight: the fourth question there, and the weight that is remembered."""

import pytest

from tests.journeys.house import Guest, House

pytestmark = pytest.mark.timeout(240)

LATEST = "SELECT loaded FROM portion WHERE session_id = (SELECT max(id) FROM session)"


async def test_little_in_reserve_keeps_the_weight_where_it_is_until_there_is_more(
    home: House,
) -> None:
    async with home.bot():
        ada = await home.visitor()
        await begin(ada)
        first = await until_a_weight(home, ada, 0)
        assert (await ada.steps(home))["hinge"] == (5, 0.6)
        await ada.practise()
        second = await until_a_weight(home, ada, first + 1)
    async with home.bot():  # a restart in between
        await ada.practise(three_more="No")
        third = await until_a_weight(home, ada, second + 1)
        assert (await ada.steps(home))["hinge"] == (5, 0.6)
        await ada.visitor.say("/why")
        why = await ada.visitor.wait_for("Why it looks so")
        assert "With the weight there was little left in reserve" in why["text"]

        number = third
        while (await ada.steps(home))["hinge"] == (5, 0.6):
            await ada.practise()
            number = await until_a_weight(home, ada, number + 1)
        assert (await ada.steps(home))["hinge"] == (5, 0.8)
    weights = await home.rows("SELECT session_id FROM portion WHERE loaded")
    told = await home.rows("SELECT session_id, value FROM answer WHERE question = 'reserve'")
    assert [row["value"] for row in told].count(1) == 1
    assert {row["session_id"] for row in told} < {row["session_id"] for row in weights}


async def test_a_weight_is_said_once_and_remembered_in_their_own_unit(home: House) -> None:
    async with home.bot():
        ada = await home.visitor()
        await begin(ada)
        first = await until_a_weight(home, ada, 0)
        card = await ada.card()
        assert "· start with 2 kg" in card["text"]
        await ada.visitor.tap("Another weight", on=card["id"])
        await ada.visitor.tap("3 kg", on=card["id"])
        await ada.practise()
        second = await until_a_weight(home, ada, first + 1)
        card = await ada.card()
        assert "· one weight, 3 kg" in card["text"]
    async with home.bot():  # a restart in between
        await ada.visitor.tap("Another weight", on=card["id"])
        await ada.visitor.tap("In lb", on=card["id"])
        assert "6.5 lb" in await ada.visitor.labels(card["id"])  # what 3 kg are
        await ada.visitor.tap("6 lb", on=card["id"])
        await ada.practise()
        await until_a_weight(home, ada, second + 1)
        assert "· one weight, 6 lb" in (await ada.card())["text"]
        await ada.visitor.say("/forget")
        await ada.visitor.wait_for(lambda m: "Delete" in str(m["rows"]))
        await ada.press("Delete everything", "is deleted here")
    assert await home.rows("SELECT id FROM weight") == []


async def begin(ada: Guest) -> None:
    """Enrolled, and so easy at the try-out that a weight comes next."""
    await ada.enrol(life="Sitting", minutes="10 min")
    await ada.press("Find my start (2 min)", "Find the middle and stay")
    while "Finding your start" in (await ada.visitor.last())["text"]:
        await ada.visitor.tap("Easy, breathing calmly")
    assert "Hip hinge at step 4" in (await ada.visitor.last())["text"]


async def until_a_weight(home: House, ada: Guest, number: int) -> int:
    """Calm days from this one on, to a ritual with a weight."""
    while True:
        if number:
            await ada.morning(number)
        if any(row["loaded"] for row in await home.rows(LATEST)):
            return number
        await ada.practise()
        number += 1
