"""Days away as letters: one question after the other in the same message, and how it stands."""

import datetime as dt
from collections.abc import Iterable

from bot.catalogue.places import Town
from bot.catalogue.words import Words
from bot.delivery.letter import Button, Letter, Rows, in_rows
from bot.delivery.safety_cards import worry
from bot.delivery.taps import Back, Days, GoAway, Staying, TellAway, Today, Travel
from bot.domain.exercise import Set
from bot.domain.trip import Asks, Trip
from bot.practice.away import HOME, LOCAL, LONGEST, Absence

AT_ONCE = (1, 3, 7, 14)  # days that most trips last
ON_A_PAGE = 12  # days to choose from
DAY = dt.timedelta(days=1)


def way_card(words: Words, absence: Absence, sets: Iterable[Set]) -> Letter:
    """A set for now; or days away, with how they stand."""
    rows = in_rows((Button(one.name, Travel(one.id, 0)) for one in sets), 2)
    if absence.trip is None:
        away = Button(words.label("away.begin"), GoAway())
        return Letter(words.say("talk.travel_place"), (*rows, (away,), (worry(words),)))
    return Letter(
        f"{_stands(words, absence.trip)}\n\n{words.say('talk.travel_place')}",
        (
            *rows,
            (back_button(words), Button(words.label("away.change"), GoAway())),
            (worry(words),),
        ),
    )


def away_card(words: Words, absence: Absence, sets: Iterable[Set]) -> Letter:
    """What is open about days away; with nothing open, how they stand."""
    leave = (Button(words.label("away.not_now"), Staying()),)
    match absence.asks:
        case Asks.UNTIL:
            return Letter(words.say("away.until"), (*_soon(words, absence.today), leave))
        case Asks.SET:
            chosen = (Button(one.name, TellAway(Asks.SET, one.id)) for one in sets)
            return Letter(words.say("away.which_set"), (*in_rows(chosen, 2), leave))
        case Asks.CLOCK:
            home = Button(words.label("away.home_time"), TellAway(Asks.CLOCK, HOME))
            local = Button(words.label("away.local_time"), TellAway(Asks.CLOCK, LOCAL))
            return Letter(words.say("away.which_clock"), ((home,), (local,), leave))
        case Asks.TOWN:
            return Letter(words.say("away.town"), (_home_after_all(words),))
    if absence.trip is None:
        return Letter(words.say("away.unchanged"))
    return Letter(_stands(words, absence.trip), ((back_button(words),), (worry(words),)))


def days_card(words: Words, today: dt.date, page: int) -> Letter:
    """Day by day, for whom none of the usual ones is right."""
    page = max(0, min(page, LONGEST // ON_A_PAGE))
    first = 1 + page * ON_A_PAGE
    days = range(first, min(first + ON_A_PAGE, LONGEST + 1))
    earlier = (Button(words.label("away.earlier"), Days(page - 1)),) if page else ()
    more = first + ON_A_PAGE <= LONGEST
    later = (Button(words.label("away.later"), Days(page + 1)),) if more else ()
    leave = Button(words.label("away.not_now"), Staying())
    rows = in_rows((_until(words, today + DAY * number) for number in days), 3)
    return Letter(words.say("away.which_day"), (*rows, (*earlier, *later), (leave,)))


def towns_card(words: Words, towns: Iterable[Town]) -> Letter:
    """What a typed town may mean."""
    choices = (
        Button(words.label("enrol.town_choice", town=town), TellAway(Asks.TOWN, town.zone))
        for town in towns
    )
    return Letter(words.say("enrol.towns"), (*in_rows(choices, 1), _home_after_all(words)))


def back_card(words: Words) -> Letter:
    """Home, earlier than told."""
    today = Button(words.label("enrol.show_today"), Today(), style="primary")
    return Letter(words.say("away.back"), ((today,),))


def away_line(words: Words, trip: Trip) -> str:
    """Half a line on a ritual's card."""
    return words.say("away.line", until=trip.until_day)


def back_button(words: Words) -> Button:
    """Home in one tap."""
    return Button(words.label("away.im_back"), Back())


def _stands(words: Words, trip: Trip) -> str:
    return words.say("away.stands", until=trip.until_day, local=trip.zone is not None)


def _soon(words: Words, today: dt.date) -> Rows:
    days = (
        Button(words.label("away.in_days", days=number), _tell(today + DAY * number))
        for number in AT_ONCE
    )
    other = Button(words.label("away.another_day"), Days(0))
    return (*in_rows(days, 2), (other,))


def _until(words: Words, day: dt.date) -> Button:
    return Button(words.label("away.day", date=day), _tell(day))


def _tell(day: dt.date) -> TellAway:
    return TellAway(Asks.UNTIL, day.isoformat())


def _home_after_all(words: Words) -> tuple[Button, ...]:
    return (Button(words.label("away.home_time"), TellAway(Asks.TOWN, HOME)),)
