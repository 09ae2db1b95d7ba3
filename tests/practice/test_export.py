"""What an export holds, read back as a program and as a spreadsheet would."""

import asyncio
import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.profile import Question
from bot.domain.refusal import NotEnrolled
from bot.domain.session import GREATEST, OF_ONE_EXERCISE, Asked, Session
from bot.practice import consent
from bot.practice.desk import Desk
from bot.practice.export import FORMULA, as_csv, as_json
from bot.storage import holdings, sessions
from tests import builders
from tests.builders import ADA, words
from tests.practice.someone import Someone, at

Said = tuple[Asked, int, bool]  # a question, an answer, and whether it is about one exercise

AN_ANSWER = st.sampled_from(Asked).flatmap(
    lambda asked: st.tuples(
        st.just(asked),
        st.integers(0, GREATEST[asked]),
        st.booleans() if asked in OF_ONE_EXERCISE else st.just(False),
    )
)
A_LIFE = st.lists(st.lists(AN_ANSWER, max_size=8), min_size=1, max_size=4)


async def lived(folder: Path, life: list[list[Said]]) -> tuple[bytes, list[tuple[Any, ...]]]:
    """The export of days on which all of that was answered, and all that was."""
    async with builders.database(folder) as database:
        desk = builders.desk(database)
        await builders.enrolled(desk, at(0))
        ada, told = Someone(desk), []
        for day, answers in enumerate(life):
            plan = await ada.today(at(day))
            for asked, value, of_one in answers:
                ladder = plan.session.given[0].ladder if of_one else None
                told.append((plan.session.id, asked.value, value, ladder))
                async with database.work() as work:
                    await sessions.answer(
                        work,
                        plan.session.id,
                        asked,
                        value,
                        ladder=ladder,
                        update_id=-len(told),
                        now=at(day, 1),
                    )
        return await desk.belongings.export(ADA, words(), at(len(life))), told


def opened(body: bytes) -> tuple[dict[str, Any], list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        whole = json.loads(archive.read("backbeat.json"))
        sheet = archive.read("sessions.csv").decode("utf-8-sig")
    return whole, [*csv.reader(io.StringIO(sheet, newline=""))]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(A_LIFE)
def test_read_back_it_names_every_answer_of_any_life(life: list[list[Said]]) -> None:
    with TemporaryDirectory() as folder:
        body, told = asyncio.run(lived(Path(folder), life))
    whole, (heads, *lines) = opened(body)
    kept = [
        (row["session_id"], row["question"], row["value"], row["ladder"])
        for row in whole["tables"]["answer"]
    ]
    assert kept == told  # changed ones and those taken back as well
    assert {question for _, question, _, _ in told} <= whole["questions"].keys()
    assert len(lines) == len(life) == len(whole["tables"]["session"])
    assert {len(line) for line in lines} == {len(heads)}
    days = [line[0] for line in lines]
    assert days == sorted(days)
    for line, answers in zip(lines, life, strict=True):
        pain = [value for asked, value, of_one in answers if asked is Asked.PAIN and not of_one]
        column = next((n for n, head in enumerate(heads) if head.startswith("Pain while m")), None)
        if pain:
            assert column is not None
            assert line[column] == str(pain[-1])  # the newest counts


async def test_the_json_explains_every_table_and_question(ada: Someone) -> None:
    await ada.day(0)
    whole, _ = opened(await ada.desk.belongings.export(ADA, words(), at(1)))
    assert all(whole["explained"][table] for table in whole["tables"])
    assert all(whole["questions"].values())
    assert whole["format"] == 1
    assert whole["made_at"] == "2026-11-24T06:00:00+00:00"
    assert whole["tables"]["ritual"][0]["wall_time"] == "07:00:00"
    assert whole["tables"]["session"][0]["local_date"] == "2026-11-23"
    assert whole["tables"]["decision"][0]["basis"]["usual_pain"] == 2


async def test_the_text_agreed_to_is_in_it_while_it_is_the_same(desk: Desk) -> None:
    await desk.enrolment.begin(ADA, "en", at(0))
    version = consent.version(words())
    await desk.enrolment.tell(ADA, Question.CONSENT, "yes", at(0), version)
    async with desk.enrolment.database.look() as work:
        kept = await holdings.of_person(work, ADA)
    told = json.loads(as_json(kept, words(), at(0)))["consent"]
    assert told == {"at": at(0).isoformat(), "version": version, "text": consent.text(words())}
    [person] = kept["person"]
    older = {**kept, "person": ({**person, "consented_to": "en-00000000"},)}
    told = json.loads(as_json(older, words(), at(0)))["consent"]
    assert (told["version"], told["text"]) == ("en-00000000", None)


async def test_a_stranger_has_nothing_to_export(desk: Desk) -> None:
    with pytest.raises(NotEnrolled):
        await desk.belongings.export(ADA, words(), at(0))


@pytest.mark.parametrize("start", FORMULA)
async def test_no_text_in_the_sheet_is_reckoned_with(ada: Someone, start: str) -> None:
    """Names are content's, and content is anybody's."""
    plan = await ada.day(0)
    evil = f'{start}HYPERLINK("http://example.org")'
    ladder = plan.session.given[0].ladder
    past = [replace(plan.session, set_id=evil, about={ladder: {Asked.PAIN: 3}})]
    lines = [*csv.reader(io.StringIO(as_csv(past, {ladder: evil}, words())))]
    cells = [cell for line in lines for cell in line]
    assert [cell for cell in cells if cell.startswith(FORMULA)] == []
    assert f"'{evil}" in cells


async def test_a_word_that_took_another_back_is_the_one_in_the_sheet(ada: Someone) -> None:
    plan = await ada.day(0)
    session = await _changed(ada, plan.session)
    heads, line = csv.reader(io.StringIO(as_csv([session], {}, words())))
    told = dict(zip(heads, line, strict=True))
    assert [told[head] for head in heads if head.startswith("Did other muscles")] == ["0"]
    assert not any(session.about.values())


async def _changed(ada: Someone, session: Session) -> Session:
    """Of one exercise first, then of the whole."""
    ladder = session.given[0].ladder
    async with ada.desk.enrolment.database.work() as work:
        for update_id, (value, of) in enumerate(((2, ladder), (0, None))):
            await sessions.answer(
                work,
                session.id,
                Asked.COMPENSATION,
                value,
                ladder=of,
                update_id=-80 - update_id,
                now=at(0, 2),
            )
        return await sessions.get(work, session.id, ada.desk.prescription.catalogue.ladders)
