"""A changeset comes from outside: whatever its file holds is read, checked and worded, or refused; nothing breaks."""

from __future__ import annotations

from copy import deepcopy
from time import process_time
from typing import TYPE_CHECKING, Any

import orjson
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json, changeset_from_json
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.plain_words import word_changeset
from ewtp.core.rulebook.changeset.reconciliation import merge, rebase
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import rule
from tests.core.rulebook.changeset.small_law import JULY, NAMES, OTHERS, proposed
from tests.core.rulebook.changeset.test_check import CERTIFICATE, DUTY, law
from tests.drawn_inputs import input_count

if TYPE_CHECKING:
    from ewtp.core.rulebook.changeset.law_record import LawRecord

RELIEF = proposed(
    rule(Kind.RELIEF, "", "", programme="relief:duty", conditions=(Condition("maximum_value", "1.00 USD"),))
)
WHOLE: Changeset[LawRecord] = Changeset(
    *NAMES,
    added=(*OTHERS, RELIEF, proposed(rule(Kind.PREFERENCE, "0101", "1%", include=("BB",)))),
    ended=(Ended(CERTIFICATE, JULY),),
    amended=(Amended(DUTY, proposed(DUTY, expression="3%", validity=Period(JULY))),),
)
BODY: dict[str, Any] = orjson.loads(orjson.dumps(changeset_as_json(WHOLE)))
LAW = law()


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for name, each in below for deeper in paths(each, (*path, name)))][1 if not path else 0 :]


PATHS = paths(BODY)
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "",
            "*",
            "0001-01-01",
            "9999-12-31",
            "2026-W01-1",
            "\x00\x1b[2J",
            "𝄞" * 50,
            "EWTP",
            "0" * 99,
            "Free",
            "5 %",
            "-1%",
        ]
    ),
    st.text(max_size=12),
    st.sampled_from([[], {}, [[]], ["x"], {"kind": "claim", "value": "x"}, [{"kind": "season", "value": "13-99"}]]),
)


@settings(deadline=None, max_examples=input_count(300))
@given(st.lists(st.tuples(st.sampled_from(PATHS), odd), min_size=1, max_size=3))
@example([(("added", 7, "known_from"), {})])
@example([(("added", 0, "indent"), 2.0**53)])
def test_a_file_with_anything_anywhere_is_taken_or_refused(changes: list[tuple[tuple[Any, ...], Any]]):
    body = deepcopy(BODY)
    for path, value in changes:
        place: Any = body
        try:
            for name in path[:-1]:
                place = place[name]
            place[path[-1]] = value
        except (KeyError, TypeError, IndexError):
            continue
    for name in ("digest", *(("ended",) if len(changes) > 1 else ())):
        body.pop(name, None)
    for each in body["amended"] if isinstance(body.get("amended"), list) else ():
        if isinstance(each, dict):
            each.pop("replaces", None)
    read = changeset_from_json(body)
    if isinstance(read, Refusal):
        assert all(one.message for one in read.every)
        return
    assert len(changeset_digest(read)) == 64
    for fault in check(read, LAW):
        assert fault.message
        assert fault.number
        orjson.dumps(fault.as_json())
    assert all(statement.message for statement in word_changeset(read))
    merge(Changeset(*NAMES), read, WHOLE)
    rebase(read, LAW)
    assert changeset_from_json(orjson.loads(orjson.dumps(changeset_as_json(read)))) == read


@settings(deadline=None)
@given(st.recursive(odd, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner), max_leaves=20))
def test_any_other_value_is_refused(value: Any):
    assert isinstance(changeset_from_json(value), Refusal)


def test_work_grows_with_the_file_and_not_with_its_square():
    def seconds(count: int) -> float:
        fees = [rule(Kind.FEE, "", "1%", agency=f"A{n}", title=str(n), id=str(n)) for n in range(count)]
        body = changeset_as_json(Changeset(*NAMES, added=tuple(fees)))
        start = process_time()
        read = changeset_from_json(body)
        assert isinstance(read, Changeset)
        assert len(check(read, LAW)) == count
        word_changeset(read)
        merge(Changeset(*NAMES), read, read)
        rebase(read, LAW)
        return process_time() - start

    seconds(10)
    assert seconds(1_600) < 12 * seconds(400) + 1
