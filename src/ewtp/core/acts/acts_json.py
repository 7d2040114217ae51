"""Acts as JSON and back: the canonical form, which has a digest, and which the text form is read into."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from ewtp.core.acts import act as of
from ewtp.core.acts.sentences import (
    ACT_FIELD_MISSING,
    ACT_FIELD_UNKNOWN,
    ACT_UNKNOWN,
    ACT_VALUE_WRONG,
    ACTS_UNREADABLE,
)
from ewtp.core.rulebook.measure import Direction, Kind
from ewtp.core.values.canonical_json import canonical_digest
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_FORM = "ewtp-acts-1"
LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
MOST_ACTS = 500
_MOST_NAMES = 1_000
_LONGEST_VALUE = 300
_LONGEST_SHOWN = 40
_MOST_DAYS = 36_500
_DIGITS = re.compile(r"[0-9]{1,14}\Z")
_PERMANENT = "none"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# The name of an act in JSON, and as the class that it is read into.
ACT_CLASSES: Mapping[str, type[of.Act]] = {
    "end": of.EndRules,
    "amend": of.AmendRules,
    "add": of.AddRule,
    "replace_expression": of.ReplaceExpression,
    "exempt": of.ExemptOrigins,
    "recognise": of.RecognisePaper,
    "raise_threshold": of.RaiseThreshold,
    "accept_electronic": of.AcceptElectronic,
    "answer_within": of.AnswerWithin,
    "join": of.JoinGroup,
    "set_procedure": of.SetProcedure,
}
_VERBS = {kind: verb for verb, kind in ACT_CLASSES.items()}
_SELECTOR_TEXTS = ("territory", "kind", "agency", "document", "programme", "mast_chapter")
_SELECTOR_LISTS = ("codes", "excluded_codes", "origins", "groups")
_ARTICLE_FIELDS = ("name", "requires", "why", "acts")


class _UnreadActError(Exception):
    """A refusal on its way out of the readers of fields."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def verb_of(act: of.Act) -> str:
    """The name of the act in JSON, such as ``raise_threshold``."""
    return _VERBS[type(act)]


def acts_as_json(acts: of.Acts) -> dict[str, Any]:
    """The acts as an object; fields that are empty are left out, lists that are sets are sorted."""
    return _fill_values(title=acts.title, text=acts.text) | {
        "articles": [_article_as_json(each) for each in acts.articles]
    }


def _article_as_json(article: of.Article) -> dict[str, Any]:
    beside = _fill_values(requires=sorted(article.requires), why=article.why)
    return {"name": article.name, **beside, "acts": [act_as_json(act) for act in article.acts]}


def act_as_json(act: of.Act) -> dict[str, Any]:
    """One act as an object."""
    body: dict[str, Any] = {"act": verb_of(act)}
    for name in _FIELDS[type(act)]:
        value = getattr(act, name)
        if name == "selector":
            body["select"] = _selector_as_json(value)
        elif name in ("fields", "conditions"):
            body |= _fill_values(**{name: [list(pair) for pair in value]})
        else:
            body |= _fill_values(**{name: list(value) if isinstance(value, tuple) else value})
    body["first_day"] = act.days.first_day.isoformat()
    if act.days.sunset is not None or act.days.permanent:
        body["sunset"] = act.days.sunset.isoformat() if act.days.sunset else _PERMANENT
    return body


def _selector_as_json(selector: of.Selector) -> dict[str, Any]:
    texts = {name: str(getattr(selector, name)) for name in _SELECTOR_TEXTS}
    lists = {name: list(getattr(selector, name)) for name in _SELECTOR_LISTS}
    direction = selector.direction.value if selector.direction is Direction.EXPORT else ""
    return _fill_values(**texts, **lists, direction=direction)


def _fill_values(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", [], None) and value is not False}


def acts_digest(acts: of.Acts) -> str:
    """SHA-256 of what the articles do, in hexadecimal digits; title, text and reasons are not part of it."""
    articles = [{**_article_as_json(article), "why": ""} for article in acts.articles]
    return canonical_digest({"form": _FORM, "articles": articles})


def acts_from_json(body: Any) -> of.Acts | Refusal:
    """The acts that an object describes; everything wrong with it is refused at once, each with its place.

    Refusals: ``acts_unreadable``, ``act_unknown``, ``act_field_missing``, ``act_field_unknown``, ``act_value_wrong``.
    """
    if not isinstance(body, dict) or not isinstance(body.get("articles"), list) or not body["articles"]:
        return Refusal(ACTS_UNREADABLE)
    faults: list[Refusal] = []
    title = _try_reader(faults, "title", partial(_text, longest=LONGEST_TITLE), body.get("title", ""))
    text = _try_reader(faults, "text", partial(_text, longest=LONGEST_TEXT), body.get("text", ""))
    faults += _unknown(body, ("title", "text", "articles"))
    articles = [_article(one, f"articles[{n}]", faults) for n, one in enumerate(body["articles"][:MOST_ACTS])]
    if sum(len(one.acts) for one in articles if one is not None) > MOST_ACTS or len(body["articles"]) > MOST_ACTS:
        faults.append(_wrong("acts", str(MOST_ACTS)))
    if faults:
        return Refusal.join(faults)
    return of.Acts(tuple(one for one in articles if one is not None), title or "", text or "")


def _article(body: Any, where: str, faults: list[Refusal]) -> of.Article | None:
    if not isinstance(body, dict) or not isinstance(body.get("acts"), list) or not body["acts"]:
        faults.append(Refusal(ACTS_UNREADABLE, where=where))
        return None
    name = _try_reader(faults, f"{where}.name", _read_name, body.get("name", ""))
    requires = _try_reader(faults, f"{where}.requires", _names, body.get("requires", []))
    why = _try_reader(faults, f"{where}.why", partial(_text, longest=LONGEST_TEXT), body.get("why", ""))
    faults += [each.under(where) for each in _unknown(body, _ARTICLE_FIELDS)]
    acts = [_try_reader(faults, f"{where}.acts[{n}]", _act, one) for n, one in enumerate(body["acts"][:MOST_ACTS])]
    return of.Article(name or "", tuple(each for each in acts if each is not None), requires or (), why or "")


def _try_reader(faults: list[Refusal], where: str, read: Callable[[Any], Any], value: Any) -> Any:
    """What a reader makes of a value; None where it refuses, and the refusal goes to ``faults``."""
    try:
        return read(value)
    except _UnreadActError as error:
        faults += error.refusal.under(where).every
        return None


def _act(body: Any) -> of.Act:
    verb = body.get("act") if isinstance(body, dict) else None
    if not isinstance(verb, str) or verb not in ACT_CLASSES:
        shown = str(verb)[:_LONGEST_SHOWN]
        raise _UnreadActError(Refusal(ACT_UNKNOWN, {"act": shown, "acts": sorted(ACT_CLASSES)}, where="act"))
    kind = ACT_CLASSES[verb]
    faults: list[Refusal] = []
    values: dict[str, Any] = {}
    known = ["act", "first_day", "sunset"]
    for name, (read, default) in _FIELDS[kind].items():
        given = "select" if name == "selector" else name
        known.append(given)
        if given not in body and default == "":
            values[name] = default
        elif given in body or default is not None:
            values[name] = _try_reader(faults, given, read, body.get(given, default))
        else:
            faults.append(Refusal(ACT_FIELD_MISSING, {"field": given}, where=given))
    faults += _unknown(body, known)
    days = _try_reader(faults, "first_day", _days, body)
    if faults:
        raise _UnreadActError(Refusal.join(faults))
    act = kind(days=days, **values)
    if isinstance(act, of.AddRule | of.AnswerWithin):
        faults = list(_find_missing(act))
    if faults:
        raise _UnreadActError(Refusal.join(faults))
    return act


def _find_missing(act: of.AddRule | of.AnswerWithin) -> Iterator[Refusal]:
    """What a new rule or promise lacks or states too much of: it is about one kind and one paper."""
    chosen = act.selector
    needed = [] if chosen.kind or isinstance(act, of.AnswerWithin) else ["kind"]
    if isinstance(act, of.AnswerWithin) or (chosen.kind == Kind.REQUIREMENT and not chosen.document):
        needed += [] if chosen.agency else ["agency"]
    elif chosen.kind and Kind(chosen.kind).charges and not dict(act.fields).get("expression"):
        yield Refusal(ACT_FIELD_MISSING, {"field": "expression"}, where="fields")
    for name in needed:
        yield Refusal(ACT_FIELD_MISSING, {"field": name}, where=f"select.{name}")
    if chosen.document.endswith("*"):
        yield _wrong("name", chosen.document, where="select.document")


def _days(body: Mapping[str, Any]) -> of.ActDays:
    if "first_day" not in body:
        raise _UnreadActError(Refusal(ACT_FIELD_MISSING, {"field": "first_day"}))
    first, sunset = _day(body["first_day"]), body.get("sunset")
    permanent = sunset == _PERMANENT
    last = None if sunset is None or permanent else _day(sunset)
    if last is not None and last < first:
        raise _UnreadActError(_wrong("sunset", str(last)))
    return of.ActDays(first, last, permanent)


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _UnreadActError(_wrong("day", value)) from None


def _selector(body: Any) -> of.Selector:
    if not isinstance(body, dict):
        raise _UnreadActError(_wrong("select", body))
    faults = list(_unknown(body, (*_SELECTOR_TEXTS, *_SELECTOR_LISTS, "direction")))
    if "territory" not in body:
        faults.append(Refusal(ACT_FIELD_MISSING, {"field": "territory"}, where="territory"))
        raise _UnreadActError(Refusal.join(faults))
    values: dict[str, Any] = {
        name: _try_reader(faults, name, _SELECTOR_READERS.get(name, _read_name), body[name]) if name in body else ""
        for name in _SELECTOR_TEXTS
    }
    values |= {
        name: _try_reader(faults, name, _codes if name.endswith("codes") else _names, body.get(name, []))
        for name in _SELECTOR_LISTS
    }
    if body.get("direction", "import") not in tuple(Direction):
        faults.append(_wrong("direction", body["direction"], where="direction"))
    if faults:
        raise _UnreadActError(Refusal.join(faults))
    return of.Selector(**values, direction=Direction(body.get("direction", "import")))


def _text(value: Any, longest: int = _LONGEST_VALUE) -> str:
    if not isinstance(value, str) or len(value) > longest or _CONTROL.search(value):
        raise _UnreadActError(_wrong("text", value))
    return value


def _read_name(value: Any) -> str:
    text = _text(value)
    if not text.strip():
        raise _UnreadActError(_wrong("name", value))
    return text


def _kind(value: Any) -> str:
    if value != "" and value not in tuple(Kind):
        raise _UnreadActError(_wrong("kind", value))
    return str(value)


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_NAMES:
        raise _UnreadActError(_wrong("names", value))
    return tuple(sorted({_read_name(each) for each in value}))


def _some_names(value: Any) -> tuple[str, ...]:
    names = _names(value)
    if not names:
        raise _UnreadActError(_wrong("names", value))
    return names


def _codes(value: Any) -> tuple[str, ...]:
    codes = {each.replace(".", "").replace(" ", "") for each in _names(value)}
    for code in codes:
        if not _DIGITS.match(code):
            raise _UnreadActError(_wrong("code", code))
    # A code below another one is in it already.
    return tuple(sorted(one for one in codes if not any(one != other and one.startswith(other) for other in codes)))


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == len("kv") for pair in value):
        raise _UnreadActError(_wrong("pairs", value))
    return tuple(sorted({(_read_name(name), _text(text)) for name, text in value}))


def _fields(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = _pairs(value)
    for name, _ in pairs:
        if name not in AMENDABLE or [each for each, _ in pairs].count(name) > 1:
            raise _UnreadActError(_wrong("field", name))
    if dict(pairs).get("expression") == "":
        raise _UnreadActError(_wrong("text", ""))
    return pairs


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _UnreadActError(_wrong("flag", value))
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _MOST_DAYS:
        raise _UnreadActError(_wrong("number", value))
    return value


def _unknown(body: Mapping[str, Any], known: Any) -> list[Refusal]:
    found = [str(name)[:_LONGEST_SHOWN] for name in body if name not in known]
    return [Refusal(ACT_FIELD_UNKNOWN, {"field": name, "fields": sorted(known)}, where=name) for name in found]


def _wrong(what: str, value: Any, where: str | None = None) -> Refusal:
    return Refusal(ACT_VALUE_WRONG, {"value": str(value)[:_LONGEST_SHOWN], "examples": _EXAMPLES[what]}, where=where)


# The fields of a measure that an act may state in words.
AMENDABLE = frozenset(
    {"expression", "currency", "programme", "base", "minimum", "maximum", "stage", "title", "mast_chapter"}
)
# What may stand where something else does, by what it is.
_EXAMPLES: Mapping[str, list[str]] = {
    "acts": [f"1 - {MOST_ACTS}"],
    "code": ["0901", "010121"],
    "day": ["2027-01-01"],
    "direction": ["import", "export"],
    "field": sorted(AMENDABLE),
    "flag": ["true", "false"],
    "kind": [kind.value for kind in Kind],
    "name": ["GH", "APHIS"],
    "names": ['["GH", "KE"]'],
    "number": [f"0 - {_MOST_DAYS}"],
    "pairs": ['[["expression", "5%"]]'],
    "select": ['{"territory": "US", "kind": "requirement"}'],
    "sunset": ["2030-12-31"],
    "text": [f"1 - {_LONGEST_VALUE}"],
}
_SELECTOR_READERS: Mapping[str, Callable[[Any], Any]] = {"territory": _read_name, "kind": _kind}
# The fields of each act beside its days: how each is read, and what an absent one counts as (None: it must be there).
_FIELDS: Mapping[type[of.Act], Mapping[str, tuple[Callable[[Any], Any], Any]]] = {
    of.EndRules: {"selector": (_selector, None)},
    of.AmendRules: {"selector": (_selector, None), "fields": (_fields, None)},
    of.AddRule: {"selector": (_selector, None), "fields": (_fields, []), "conditions": (_pairs, [])},
    of.ReplaceExpression: {
        "selector": (_selector, None),
        "expression": (_read_name, None),
        "replaced": (_read_name, ""),
    },
    of.ExemptOrigins: {"selector": (_selector, None), "origins": (_some_names, None)},
    of.RecognisePaper: {
        "selector": (_selector, None),
        "accepted": (_read_name, None),
        "authority": (_read_name, None),
        "claim": (_read_name, ""),
        "reciprocal": (_flag, False),
    },
    of.RaiseThreshold: {"selector": (_selector, None), "limit": (_read_name, None)},
    of.AcceptElectronic: {"selector": (_selector, None), "standard": (_read_name, "")},
    of.AnswerWithin: {"selector": (_selector, None), "answer_days": (_whole, None)},
    of.JoinGroup: {"group": (_read_name, None), "economies": (_some_names, None)},
    of.SetProcedure: {"name": (_read_name, None), "value": (_read_name, None)},
}
