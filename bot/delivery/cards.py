"""The ritual card and its questions, as letters. One card a session; each answer changes the same card."""

import datetime as dt

from bot.catalogue.words import Words
from bot.delivery import player_card, weight_card
from bot.delivery.away_cards import away_line, back_button
from bot.delivery.illustrations import picture_of_day
from bot.delivery.letter import Button, Letter, Rows, fits, in_rows
from bot.delivery.safety_cards import worry
from bot.delivery.taps import (
    ASK,
    Again,
    Change,
    FindStart,
    Later,
    Rate,
    Recall,
    Shorten,
    Tap,
    Wake,
    Why,
)
from bot.domain.course import alike, most_telling
from bot.domain.decision import Action, Decision
from bot.domain.doubt import Doubt
from bot.domain.exercise import Occasion
from bot.domain.feedback import Completed
from bot.domain.opinion import FLARE_RUNS
from bot.domain.session import ASKED_BACK, Asked, Session
from bot.practice.journal import Outlook
from bot.practice.plan import Plan
from bot.practice.why import explain, explain_missing, what_next

BRIEFER = (1, 2)  # below a picture, as much as has room


def ritual_card(words: Words, plan: Plan, changed: Doubt | None = None) -> Letter:
    """What to do, in a picture and in words, and the buttons that say what came of it.

    Above them stands what is open about an earlier session; a number that is not right is asked anew.
    """
    below = ""
    if plan.snoozed is not None:
        below = f"\n\n{words.say('rhythm.again_at', time=plan.snoozed)}"
    find = Button(words.label("tryout.offer"), FindStart())
    rows: Rows = (
        (player_card.begin(words, plan),),
        *([(find,)] if plan.try_out else []),
        *_how_it_went(words, plan.session),
        *_today_only(words, plan),
        (worry(words),),
    )
    about = None if plan.session.touched else _about_before(words, plan, changed)
    if about is not None:
        below, rows = f"{below}\n{about.text}", (*about.rows, *rows)
    return _sequence(words, plan, below, rows)


def weights_card(words: Words, plan: Plan) -> Letter:
    """The same, while another weight is chosen."""
    assert plan.weight is not None  # else there is none to choose
    asks = words.say("card.ask_weight", pieces=plan.weight.load.pieces)
    rows = weight_card.choices(words, plan.session, plan.weight)
    return _sequence(words, plan, f"\n\n{asks}", (*rows, (worry(words),)))


def before_card(
    words: Words, plan: Plan, today: dt.date, changed: Doubt | None = None
) -> Letter | None:
    """What is open about an earlier session, where they went past it on the ritual card."""
    about = _about_before(words, plan, changed)
    if about is None:
        return None
    text = f"{title(words, plan, today)}\n{about.text}"
    return Letter(text, (*about.rows, (worry(words),)), session=plan.session.id)


def closed_card(words: Words, plan: Plan, today: dt.date, outlook: Outlook | None = None) -> Letter:
    """All answered: what comes next, and why."""
    session, above = plan.session, title(words, plan, today)
    last = Button(words.label("card.again"), Again(session.id))
    if session.done:
        said = _outlook(words, outlook) if outlook else words.say("card.kept")
        beside = _about(words, plan)
    else:
        said, beside = words.say("card.skipped"), ()
    rows = ((last, *beside), (worry(words),))
    return Letter(f"{above}\n{said}", rows, session=session.id)


def why_card(words: Words, plan: Plan) -> Letter:
    """Every reason, with the ladders it holds for, and the nearest change that would lead them upwards."""
    ladders: dict[tuple[str, str], list[str]] = {}
    for ladder, decision in plan.decisions.items():
        said = explain(decision, words), what_next(decision, plan.nearest.get(ladder), words)
        ladders.setdefault(said, []).append(plan.names[ladder])
    rows = [(names, why, next_) for (why, next_), names in ladders.items()]
    text = words.say("card.reasons", rows=rows) if rows else words.say("card.no_reasons")
    return Letter(text, ((worry(words),),))


def _sequence(words: Words, plan: Plan, below: str, rows: Rows) -> Letter:
    """The sequence and what stands below it; with a picture above, no more than it needs."""
    text, brief, picture = f"{_ritual(words, plan)}{below}", None, picture_of_day(words, plan)
    if picture is not None:
        shorter = (f"{_ritual(words, plan, left_out)}{below}" for left_out in BRIEFER)
        brief = next(filter(fits, shorter), None)
    return Letter(text, rows, session=plan.session.id, picture=picture, brief=brief)


def _ritual(words: Words, plan: Plan, brief: int = 0) -> str:
    weight = plan.weight
    return words.say(
        "card.ritual",
        name=plan.own_name or plan.set.name,
        sequence=plan.sequence,
        weight=weight_card.told(words, weight) if weight else None,
        heavier=weight_card.offered(words, weight) if weight else None,
        why=_headline(words, plan),
        missed=plan.missed,
        reminds=plan.reminds,
        gone=len(plan.session.gone),
        brief=brief,
    )


def _headline(words: Words, plan: Plan) -> str | None:
    """One sentence on why the day looks so; home again, or away, it says that first."""
    if plan.trip is not None:
        return away_line(words, plan.trip)
    why = _most_telling(words, plan)
    return words.say("away.returned", why=why) if plan.returned else why


def _most_telling(words: Words, plan: Plan) -> str | None:
    """About the ladder where most changes."""
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


def title(words: Words, plan: Plan, today: dt.date) -> str:
    """Whose session, and of which day."""
    session = plan.session
    of_today = plan.own_name if session.day == today else None
    name = plan.set.name if session.travel else of_today
    return words.say("card.day", date=session.day, today=session.day == today, name=name)


def _about_before(words: Words, plan: Plan, changed: Doubt | None) -> Letter | None:
    """A number that is to change, else the morning that nobody told, else a number to ask back."""
    if changed is not None:
        return _number(words, plan.session, changed.session, changed.asked)
    if plan.morning_of is not None:
        return _number(words, plan.session, plan.morning_of, Asked.MORNING)
    return asked_back(words, plan.session, plan.doubt_before) if plan.doubt_before else None


def _number(words: Words, card: Session, about: Session, asked: Asked) -> Letter:
    """0 to 10 about an earlier session."""
    if asked is Asked.MORNING:
        text = words.say("card.morning", day=_morning_after(card, about))
    else:
        text = words.say("card.pain_before", day=about.day)
    buttons = (Button(str(n), _told(card, about, asked, n)) for n in range(11))
    return Letter(text, in_rows(buttons, 6))


def asked_back(words: Words, card: Session, doubt: Doubt) -> Letter:
    """Is that right? "Yes" stands in the first row: a hasty second tap on 8, 9 or 10 falls on the second."""
    about, morning = doubt.session, doubt.asked is Asked.MORNING
    of_day = None if about.id == card.id else about.day
    text = words.say(
        "card.asked_back",
        value=doubt.value,
        usual=round(doubt.usual),
        morning=morning,
        day=_morning_after(card, about) if morning else of_day,
    )
    confirmed = _told(card, about, ASKED_BACK[doubt.asked], doubt.value)
    right = Button(words.label("card.right", value=doubt.value), confirmed)
    change = Button(words.label("card.change"), Change(card.id, about.id, doubt.asked))
    return Letter(text, ((right,), (change,)))


def _told(card: Session, about: Session, asked: Asked, value: int) -> Tap:
    """An answer about a session, on its own card or on a later one."""
    if about.id == card.id:
        return Rate(about.id, asked, value)
    if asked is Asked.MORNING:
        return Wake(card.id, about.id, value)
    return Recall(card.id, about.id, asked, value)


def _morning_after(card: Session, about: Session) -> dt.date | None:
    """The day before that morning, None for this morning."""
    return None if (card.day - about.day).days == 1 else about.day


def _outlook(words: Words, outlook: Outlook) -> str:
    return words.say(
        "card.outlook",
        why=_of_ladder(words, outlook.ladder, outlook.decision),
        missing=" ".join(explain_missing(outlook.decision, words)),
    )


def completed(words: Words, session: Session) -> tuple[Button, ...]:
    """How it went."""
    return (
        Button(
            words.label("card.done"),
            Rate(session.id, Asked.COMPLETED, Completed.FULL),
            style="success",
        ),
        Button(words.label("card.partly"), Rate(session.id, Asked.COMPLETED, Completed.PARTIAL)),
        Button(words.label("card.not_today"), Rate(session.id, Asked.COMPLETED, Completed.NO)),
    )


def _how_it_went(words: Words, session: Session) -> Rows:
    """The same on the card itself, where it may also come once more."""
    done, partly, not_today = completed(words, session)
    if session.travel:
        return ((done, partly, not_today),)
    return (
        (done, partly),
        (Button(words.label("rhythm.later"), Later(session.id, ASK)), not_today),
    )


def _today_only(words: Words, plan: Plan) -> Rows:
    """Another weight, no time today or time after all, and why it looks so."""
    weight = weight_card.beside(words, plan.session, plan.weight) if plan.weight else ()
    about = _about(words, plan)
    if plan.session.travel:
        return tuple(filter(None, (weight, about)))
    short = plan.set.occasion is Occasion.SHORT
    label = words.label("card.whole" if short else "card.short")
    length = Button(label, Shorten(plan.session.id, int(not short)))
    return (weight, (length, *about)) if weight else ((length, *about),)


def _about(words: Words, plan: Plan) -> tuple[Button, ...]:
    """Why it looks so; on a trip, the way home."""
    if plan.trip is not None:
        return (back_button(words),)
    if plan.session.travel:
        return ()
    return (Button(words.label("card.why_button"), Why(plan.session.id)),)
