"""Strategies that draw acts of every kind, and a small law that they are compiled on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from ewtp.core.acts.act import (
    AcceptElectronic,
    Act,
    ActDays,
    Acts,
    AddRule,
    AmendRules,
    AnswerWithin,
    Article,
    EndRules,
    ExemptOrigins,
    JoinGroup,
    RaiseThreshold,
    RecognisePaper,
    ReplaceExpression,
    Selector,
    SetProcedure,
)
from ewtp.core.acts.acts_text import read_acts
from ewtp.core.rulebook.measure import Direction, Kind
from ewtp.core.values.refusal import Refusal

FIRST = date(2026, 1, 1)
# Texts with what a text form may stumble over: quotation marks, keywords, line breaks, other scripts.
texts = st.one_of(
    st.sampled_from(
        ['a "quoted" word', "end", "from", "of", "back\\slash", "two\nlines", "# no remark", "شهادة", "证书"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).filter(str.strip),
)
names = st.one_of(st.sampled_from(["Vets", "AA", "clock.vote", "rule"]), texts)


def sorted_sets(values: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, unique=True, min_size=least, max_size=3).map(lambda found: tuple(sorted(found)))


@st.composite
def act_days(draw: st.DrawFn) -> ActDays:
    first = FIRST + timedelta(days=draw(st.integers(0, 900)))
    match draw(st.sampled_from(["open", "permanent", "sunset"])):
        case "open":
            return ActDays(first)
        case "permanent":
            return ActDays(first, permanent=True)
    return ActDays(first, first + timedelta(days=draw(st.integers(0, 900))))


chapters = st.lists(st.sampled_from(["01", "02", "03", "0901"]), unique=True, max_size=3).map(
    lambda found: tuple(sorted(found))
)


@st.composite
def selectors(draw: st.DrawFn, *, kind: st.SearchStrategy[str] | None = None) -> Selector:
    kinds = st.sampled_from(["", *(each.value for each in Kind)]) if kind is None else kind
    maybe = st.one_of(st.just(""), names)
    return Selector(
        draw(names),
        draw(kinds),
        draw(maybe),
        draw(maybe),
        draw(maybe),
        draw(st.sampled_from(["", "A", "B"])),
        draw(chapters),
        draw(chapters),
        draw(sorted_sets(names)),
        draw(sorted_sets(names)),
        draw(st.sampled_from(list(Direction))),
    )


FIELDS = ("minimum", "title", "stage")
fields = st.lists(st.tuples(st.sampled_from(FIELDS), texts), unique_by=lambda pair: pair[0], max_size=3).map(
    lambda found: tuple(sorted(found))
)
_conditions = st.lists(st.tuples(names, texts), unique=True, max_size=2).map(lambda found: tuple(sorted(found)))


@st.composite
def new_rules(draw: st.DrawFn) -> AddRule:
    chosen = draw(selectors(kind=st.sampled_from(["duty", "fee", "relief", "prohibition"])))
    document = chosen.document.rstrip("*")
    stated = dict(draw(fields)) | ({"expression": draw(texts)} if Kind(chosen.kind).charges else {})
    selector = Selector(chosen.territory, chosen.kind, chosen.agency, document, codes=chosen.codes)
    return AddRule(selector, tuple(sorted(stated.items())), draw(_conditions), draw(act_days()))


def acts_on(selector: st.SearchStrategy[Selector]) -> st.SearchStrategy[Act]:
    days = act_days()
    return st.one_of(
        st.builds(EndRules, selector, days),
        st.builds(AmendRules, selector, fields.filter(bool), days),
        new_rules(),
        st.builds(ReplaceExpression, selector, texts, st.one_of(st.just(""), texts), days),
        st.builds(ExemptOrigins, selector, sorted_sets(names, 1), days),
        st.builds(RecognisePaper, selector, texts, texts, st.one_of(st.just(""), names), st.booleans(), days),
        st.builds(RaiseThreshold, selector, texts, days),
        st.builds(AcceptElectronic, selector, st.one_of(st.just(""), texts), days),
        st.builds(AnswerWithin, st.builds(Selector, names, agency=names), st.integers(0, 36_500), days),
        st.builds(JoinGroup, names, sorted_sets(names, 1), days),
        st.builds(SetProcedure, names, texts, days),
    )


@st.composite
def proposals(draw: st.DrawFn) -> Acts:
    article = st.builds(
        Article,
        names,
        st.lists(acts_on(selectors()), min_size=1, max_size=3).map(tuple),
        sorted_sets(names),
        st.one_of(st.just(""), texts),
    )
    articles = draw(st.lists(article, min_size=1, max_size=3))
    return Acts(tuple(articles), draw(st.one_of(st.just(""), texts)), draw(st.one_of(st.just(""), texts)))


def acts_of(text: str) -> Acts:
    """The acts that a text states, which can be read."""
    read = read_acts(text)
    assert not isinstance(read, Refusal), read.every
    return read


def only_act(text: str) -> Any:
    """The one act of a text."""
    ((act,),) = (article.acts for article in acts_of(text).articles)
    return act
