"""The facts that an answer asks for, as forms of one step, and the question with the one change that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ewtp.apps.http.surface.amount_text import plain_amount
from ewtp.apps.http.surface.form import clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Facts of the whole consignment, which are asked for once.
_OF_CONSIGNMENT = frozenset({"transport", "buyer", "freight", "date"})
# Of the number of a line: no question has more than a thousand.
_DIGITS = 4


def arrange_facts(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The facts that all lines ask for, each with its line and their numbers; those of the consignment once."""
    found: dict[object, dict[str, Any]] = {}
    for line in lines:
        # Answers of an older edition ask for nothing.
        for fact in line.get("asks", ()):
            whole = fact["fact"] in _OF_CONSIGNMENT
            key = fact["fact"] if whole else (line["number"], fact["fact"], fact["name"], str(fact["choices"]))
            known = found.setdefault(
                key,
                {
                    **fact,
                    "titles": [],
                    "line": line["number"],
                    "numbers": () if whole else line["numbers"],
                    "currency": line["value"]["currency"],
                },
            )
            known["titles"] = list(dict.fromkeys([*known["titles"], *fact["titles"]]))
    return list(found.values())


def change_question(asked: dict[str, Any], posted: Mapping[str, str]) -> str:
    """Make one change to a stored question: a claim, the national line, or a fact that was asked for.

    Gives the message that says what was done; nothing where the posted form is not such a change, or names no line.
    """
    lines = _lines_named(asked["lines"], posted.get("line", "0"))
    if not lines:
        return ""
    done = ""
    for line in lines:
        done = _change_line(line, posted)
    return done or _state_fact(asked, lines, posted)


def _change_line(line: dict[str, Any], posted: Mapping[str, str]) -> str:
    if posted.get("claim"):
        line["claims"] = list(dict.fromkeys([*line["claims"], posted["claim"]]))
        return gettext("Calculated again with the claim.")
    if posted.get("unclaim"):
        line["claims"] = [claim for claim in line["claims"] if claim != posted["unclaim"]]
        return gettext("Calculated again without the claim.")
    if posted.get("hs"):
        line["hs"] = posted["hs"]
        return gettext("Calculated again for the national line that you chose.")
    return ""


def _lines_named(lines: list[dict[str, Any]], places: str) -> list[dict[str, Any]]:
    """The lines of a question at places from 0, such as ``0,3``; none if any of them is not there."""
    named = places[: len(lines) * (_DIGITS + 1)].split(",")
    if not all(place.isascii() and place.isdigit() and len(place) <= _DIGITS for place in named):
        return []
    numbers = list(dict.fromkeys(map(int, named)))
    return [lines[number] for number in numbers] if max(numbers) < len(lines) else []


def _state_fact(asked: dict[str, Any], lines: list[dict[str, Any]], posted: Mapping[str, str]) -> str:
    typed = clean_text(posted.get("amount", ""))
    amount = plain_amount(typed) or typed
    money = {"amount": amount, "currency": lines[0]["value"]["currency"]}
    if posted.get("unit"):
        lines[0]["quantities"][posted["unit"]] = amount
    elif posted.get("part"):
        lines[0]["parts"][posted["part"]] = money
    elif posted.get("freight"):
        asked["freight"] = money
    elif posted.get("transport"):
        asked["transport"] = posted["transport"]
    elif posted.get("date"):
        asked["date"] = posted["date"]
    elif posted.get("buyer"):
        asked["buyer"] = posted["buyer"]
    else:
        return ""
    return gettext("Calculated again with what you told us.")
