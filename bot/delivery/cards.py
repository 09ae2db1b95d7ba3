"""The ritual card and its questions, as letters. One card a session; each answer changes the same card."""

import datetime as dt

from bot.catalogue.words import Words
from bot.delivery.letter import Button, Letter, Rows, in_rows
from bot.delivery.taps import Again, Rate, Wake, Why, Worry
from bot.domain.course import alike, most_telling
from bot.domain.decision import Action, Decision
from bot.domain.feedback import Breath, Compensation, Completed
from bot.domain.opinion import FLARE_RUNS
from bot.domain.session import Asked, Session
from bot.practice.journal import Outlook
from bot.practice.prescription import Plan
from bot.practice.why import explain, explain_missing, what_next

MOST_SIGNS = 4  # examples in a question that is read at a glance


def ritual_card(words: Words, plan: Plan) -> Letter:
    """What to do, and the buttons that say what came of it."""
    text = words.say(
        "card.ritual",
        sequence=plan.sequence,
        why=_headline(words, plan),
        missed=plan.missed,
        travel=plan.session.travel,
    )
    rows = (_completed(words, plan.session), _beside(words, plan.session))
    if plan.morning_of is None or plan.session.touched:
        return Letter(text, rows)
    question, scale = _morning(words, plan.session, plan.morning_of)
    return Letter(f"{text}\n{question}", (*scale, *rows))


def morning_card(words: Words, plan: Plan, after: Session, today: dt.date) -> Letter:
    """How someone woke, where they went past that question on the ritual card."""
    question, scale = _morning(words, plan.session, after)
    return Letter(f"{_title(words, plan.session, today)}\n{question}", scale)


def question_card(words: Words, plan: Plan, asked: Asked, today: dt.date) -> Letter:
    """One question about a session."""
    session = plan.session
    title = _title(words, session, today)
    match asked:
        case Asked.COMPENSATION:
            question = words.say("card.ask_compensation", signs=_signs(plan))
            rows = in_rows(_worded(words, session, asked, Compensation), 1)
        case Asked.BREATH:
            question = words.say("card.ask_breath_holding")
            rows = in_rows(_worded(words, session, asked, Breath), 1)
        case Asked.COMPLETED:
            question = words.say("card.ask_completed")
            rows = (_completed(words, session),)
        case _:
            question = words.say(f"card.ask_{asked}")
            buttons = (Button(str(n), Rate(session.id, asked, n)) for n in range(11))
            rows = in_rows(buttons, 6)
    return Letter(f"{title}\n{question}", rows)


def closed_card(
    words: Words, session: Session, today: dt.date, outlook: Outlook | None = None
) -> Letter:
    """All answered: what comes next, and why."""
    title = _title(words, session, today)
    last = Button(words.label("card.again"), Again(session.id))
    if not session.done:
        return Letter(f"{title}\n{words.say('card.skipped')}", ((last,),))
    said = _outlook(words, outlook) if outlook else words.say("card.kept")
    return Letter(f"{title}\n{said}", ((last,), _beside(words, session)))


def why_card(words: Words, plan: Plan) -> Letter:
    """Every reason, with the ladders it holds for, and the nearest change that would lead them upwards."""
    ladders: dict[tuple[str, str], list[str]] = {}
    for ladder, decision in plan.decisions.items():
        said = explain(decision, words), what_next(decision, plan.nearest.get(ladder), words)
        ladders.setdefault(said, []).append(plan.names[ladder])
    rows = [(names, why, next_) for (why, next_), names in ladders.items()]
    return Letter(words.say("card.reasons", rows=rows) if rows else words.say("card.no_reasons"))


def _headline(words: Words, plan: Plan) -> str | None:
    """One sentence on why the day looks so, about the ladder where most changes."""
    ladder = most_telling(plan.decisions)
    if ladder is None:
        return None
    name = None if alike(plan.decisions) else plan.names[ladder]
    return _of_ladder(words, name, plan.decisions[ladder])


def _of_ladder(words: Words, ladder: str | None, decision: Decision) -> str:
    """A move names its ladder, unless all make the same; staying is said of the whole, as is a flare."""
    why = explain(decision, words)
    if ladder is None or decision.action is Action.HOLD or decision.reasons[0] in FLARE_RUNS:
        return why
    return words.say("card.headline", ladder=ladder, why=why)


def _title(words: Words, session: Session, today: dt.date) -> str:
    return words.say(
        "card.day", date=session.day, today=session.day == today, travel=session.travel
    )


def _morning(words: Words, card: Session, after: Session) -> tuple[str, Rows]:
    yesterday = (card.day - after.day).days == 1
    question = words.say("card.morning", day=None if yesterday else after.day)
    buttons = (Button(str(pain), Wake(card.id, after.id, pain)) for pain in range(11))
    return question, in_rows(buttons, 6)


def _outlook(words: Words, outlook: Outlook) -> str:
    return words.say(
        "card.outlook",
        why=_of_ladder(words, outlook.ladder, outlook.decision),
        missing=" ".join(explain_missing(outlook.decision, words)),
    )


def _completed(words: Words, session: Session) -> tuple[Button, ...]:
    return (
        Button(
            words.label("card.done"),
            Rate(session.id, Asked.COMPLETED, Completed.FULL),
            style="success",
        ),
        Button(words.label("card.partly"), Rate(session.id, Asked.COMPLETED, Completed.PARTIAL)),
        Button(words.label("card.not_today"), Rate(session.id, Asked.COMPLETED, Completed.NO)),
    )


def _beside(words: Words, session: Session) -> tuple[Button, ...]:
    worry = Button(words.label("safety.worry"), Worry())
    if session.travel:
        return (worry,)
    return (Button(words.label("card.why_button"), Why(session.id)), worry)


def _worded(
    words: Words, session: Session, asked: Asked, kind: type[Compensation] | type[Breath]
) -> list[Button]:
    return [
        Button(words.label(f"card.{asked}_{value.value}"), Rate(session.id, asked, value))
        for value in kind
    ]


def _signs(plan: Plan) -> tuple[str, ...]:
    """The first sign of each exercise: the question is about today's movements, not about any."""
    signs = (portion.exercise.signs[0] for portion in plan.sequence.portions)
    return tuple(dict.fromkeys(signs))[:MOST_SIGNS]
