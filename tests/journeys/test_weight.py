"""From the try-out to a first weight, and what the fourth question does there."""

import pytest

from tests.journeys.house import Guest, House

pytestmark = pytest.mark.timeout(240)

LATEST = "SELECT loaded FROM portion WHERE session_id = (SELECT max(id) FROM session)"


async def test_little_in_reserve_keeps_the_weight_where_it_is_until_there_is_more(
    home: House,
) -> None:
    async with home.bot():
        ada = await home.visitor()
        await ada.enrol(life="Sitting", minutes="10 min")
        await ada.press("Find my start (2 min)", "Find the middle and stay")
        while "Finding your start" in (await ada.visitor.last())["text"]:
            await ada.visitor.tap("Easy, breathing calmly")
        assert "Hip hinge at step 4" in (await ada.visitor.last())["text"]

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


async def until_a_weight(home: House, ada: Guest, number: int) -> int:
    """Calm days from this one on, to a ritual with a weight."""
    while True:
        if number:
            await ada.morning(number)
        if any(row["loaded"] for row in await home.rows(LATEST)):
            return number
        await ada.practise()
        number += 1
