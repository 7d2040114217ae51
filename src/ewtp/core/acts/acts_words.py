"""Acts in words, from the acts themselves: one sentence each, shorter than the change that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.acts import sentences as words
from ewtp.core.acts.act import (
    AcceptElectronic,
    AddRule,
    AmendRules,
    AnswerWithin,
    EndRules,
    ExemptOrigins,
    JoinGroup,
    RaiseThreshold,
    RecognisePaper,
    ReplaceExpression,
    SetProcedure,
)
from ewtp.core.rulebook.changeset.sentences import FROM_DAY, FROM_DAY_TO
from ewtp.core.rulebook.measure import Direction
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.acts.act import Act, ActDays, ActOnRules, Acts, Selector
    from ewtp.core.values.sentence import Sentence

    # A sentence with its parameters, without the days.
    _Told = tuple[Sentence, dict[str, Any]]

_WILD = "*"
_ON_PAPERS = (ExemptOrigins, RecognisePaper, RaiseThreshold, AcceptElectronic)


def word_acts(acts: Acts) -> tuple[Statement, ...]:
    """One sentence for each act, in the order of the articles."""
    return tuple(word_act(act) for article in acts.articles for act in article.acts)


def word_act(act: Act) -> Statement:
    """What an act does, in one sentence: who, to which rules, from when, and until when."""
    match act:
        case JoinGroup():
            return _word_act(words.JOINS, act.days, economies=list(act.economies), group=act.group)
        case SetProcedure():
            return _word_act(words.SETS_PROCEDURE, act.days, name=act.name, value=act.value)
        case AnswerWithin():
            return _word_promise(act)
    return _on_rules(act)


def _word_promise(act: AnswerWithin) -> Statement:
    chosen = act.selector
    named: dict[str, Any] = {
        "territory": _name_territory(chosen.territory),
        "agency": chosen.agency,
        "days": act.answer_days,
    }
    if chosen.document:
        return _word_act(words.ANSWERS_ON_PAPER, act.days, document=chosen.document, **named)
    return _word_act(words.ANSWERS_WITHIN, act.days, **named)


def _on_rules(act: ActOnRules) -> Statement:
    about: dict[str, Any] = {"territory": _name_territory(act.selector.territory), "what": word_selector(act.selector)}
    sentence, params = _on_papers(act) if isinstance(act, _ON_PAPERS) else _on_fields(act)
    return _word_act(sentence, act.days, **about, **params)


def _on_papers(act: ExemptOrigins | RecognisePaper | RaiseThreshold | AcceptElectronic) -> _Told:
    match act:
        case ExemptOrigins():
            return words.EXEMPTS, {"origins": list(act.origins)}
        case RecognisePaper():
            sentence = words.RECOGNISES_RECIPROCALLY if act.reciprocal else words.RECOGNISES
            return sentence, {"paper": act.accepted, "authority": act.authority}
        case RaiseThreshold():
            return words.RAISES_THRESHOLD, {"limit": act.limit}
    if act.standard:
        return words.ACCEPTS_ELECTRONIC_AS, {"standard": act.standard}
    return words.ACCEPTS_ELECTRONIC, {}


def _on_fields(act: EndRules | AmendRules | AddRule | ReplaceExpression) -> _Told:
    match act:
        case EndRules():
            return words.ENDS_RULES, {}
        case AmendRules():
            return words.AMENDS_RULES, {"fields": _fields(act.fields)}
        case ReplaceExpression(replaced=""):
            return words.REPLACES_EXPRESSION, {"expression": act.expression}
        case ReplaceExpression():
            return words.REPLACES_EXPRESSION_OF, {"old": act.replaced, "new": act.expression}
    stated = _fields((*act.fields, *act.conditions))
    return (words.ADDS_RULE_WITH, {"fields": stated}) if stated else (words.ADDS_RULE, {})


def word_selector(selector: Selector) -> Statement:
    """The rules that a selector is about, in words."""
    what = Statement(words.RULES_OF_KIND, {"kind": f"rule:{selector.kind or 'any'}"})
    for sentence, params in _qualifiers(selector):
        what = Statement(sentence, {"what": what, **params})
    return what


def _qualifiers(selector: Selector) -> Iterator[_Told]:
    if selector.agency:
        yield words.RULES_BY_AGENCY, {"agency": selector.agency}
    if selector.document.endswith(_WILD):
        yield words.RULES_FOR_PAPERS, {"document": selector.document[:-1]}
    elif selector.document:
        yield words.RULES_FOR_PAPER, {"document": selector.document}
    if selector.programme:
        yield words.RULES_OF_PROGRAMME, {"programme": selector.programme}
    if selector.mast_chapter:
        yield words.RULES_OF_CHAPTER, {"chapter": selector.mast_chapter}
    lists = (
        (words.RULES_ON_CODES, "codes", selector.codes),
        (words.RULES_NOT_ON_CODES, "codes", selector.excluded_codes),
        (words.RULES_OF_ORIGIN, "origins", selector.origins),
        (words.RULES_OF_GROUP, "groups", selector.groups),
    )
    yield from ((sentence, {name: list(values)}) for sentence, name, values in lists if values)
    if selector.direction is Direction.EXPORT:
        yield words.RULES_ON_EXPORTS, {}


def _fields(pairs: tuple[tuple[str, str], ...]) -> list[Statement]:
    return [Statement(words.FIELD_IS, {"field": name, "value": value}) for name, value in pairs]


def _word_act(sentence: Sentence, over: ActDays, **params: Any) -> Statement:
    if over.sunset is None:
        when = Statement(FROM_DAY, {"day": over.first_day})
    else:
        when = Statement(FROM_DAY_TO, {"day": over.first_day, "last": over.sunset})
    return Statement(sentence, {"when": when, **params})


def _name_territory(territory: str) -> dict[str, str]:
    return {"code": territory, "name": territory}
