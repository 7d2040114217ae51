"""No work grows with the square of what a caller sends: eight times the input takes some eight times the time."""

from __future__ import annotations

import gc
import io
import time
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.http import QueryDict

from ewtp.apps.accounts.surface.guessable_password import find_repetition
from ewtp.apps.barriers.surface.phone_menu import read_message
from ewtp.apps.http.surface.amount_text import plain_amount
from ewtp.apps.http.surface.form import clean_text
from ewtp.apps.http.surface.list_page import read_cursor
from ewtp.apps.http.surface.problems import problem_bytes, read_body
from ewtp.apps.http.surface.query import QueryParameter, QueryReader
from ewtp.core.acts.acts_json import acts_as_json, acts_from_json
from ewtp.core.acts.acts_text import read_acts
from ewtp.core.acts.compilation import order_conflict
from ewtp.core.assessment.question import read_question
from ewtp.core.barriers.sentence_language import sentence_language
from ewtp.core.belenios.public_board import read_board, write_board
from ewtp.core.classification.search import search, suggest
from ewtp.core.log.note import read_note
from ewtp.core.log.witness import read_witness_request
from ewtp.core.organisations.house import House
from ewtp.core.power.weighted_game import read_weighted_game
from ewtp.core.rulebook.changeset.changeset_json import changeset_from_json
from ewtp.core.rulebook.changeset.law_record_json import law_record_as_json
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.screening.listed_party import DeniedPartyList, ListedName, ListedParty, PartyKind
from ewtp.core.screening.name_form import fold_name
from ewtp.core.screening.screen import NameIndex, screen_names
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.visible_text import show_controls
from ewtp.core.votes.vote_events import BallotCast
from ewtp.core.votes.vote_state import vote_state
from ewtp.core.votes.vote_tally import HOUSES, Choice
from ewtp.gateways.database.address import read_address
from ewtp.gateways.official_files.file_readers import read_json_rows
from ewtp.gateways.reference.hs_index import load_index
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.web.command_line.name_value_options import split_pairs
from tests.apps.rulebook.conftest import a_duty
from tests.core.acts.test_compilation import LAW
from tests.core.votes.electorates import DAY, OPENED, entries, names, roll_of, started

if TYPE_CHECKING:
    from collections.abc import Callable

    from ewtp.core.acts.act import Acts
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_events import VoteEntry

pytestmark = pytest.mark.slow

TIMES = 8
# Linear work takes eight times as long, work with the square 64 times; either may be off by a factor of nearly three.
MOST_RATIO = 23
# Shorter times are too short to compare.
LEAST_SECONDS = 0.02
# A busy computer makes single measurements too long, and never all of these.
ROUNDS = 8
ACT = "end duty of US from 2027-01-01\n"
LINE = {"hs": "610910", "value": {"amount": "1", "currency": "GBP"}}


@dataclass(frozen=True)
class Input:
    """A kind of input: ``make`` gives one of any size, ``work`` is what the program does with it.

    What takes four times ``size`` is compared with what takes an eighth of that.
    """

    work: Callable[[Any], object]
    make: Callable[[int], Any]
    size: int


def ask(body: dict[str, Any]) -> object:
    return read_question(body, today=date(2026, 6, 30), vocabulary=vocabulary())


def question(**fields: Any) -> dict[str, Any]:
    return {"from": "ZA", "to": "GB", "lines": [LINE], **fields}


def fields(count: int) -> dict[str, int]:
    return {f"f{number}": number for number in range(count)}


def repeated(count: int) -> bytes:
    return orjson.dumps(fields(count))[:-1] + f',"f{count - 1}":0}}'.encode()


def refused(count: int) -> Refusal:
    refusal = ask(question(**fields(count)))
    assert isinstance(refusal, Refusal)
    return refusal


def read_query(text: str) -> object:
    return QueryReader(QueryDict(text), [QueryParameter("q", "", repeated=True)]).refusal


def acts_json(count: int) -> dict[str, Any]:
    read = read_acts(ACT)
    assert not isinstance(read, Refusal)
    body = acts_as_json(read)
    (article,) = body["articles"]
    return {**body, "articles": [{**article, "acts": article["acts"] * count}]}


def ordered_acts(count: int) -> Acts:
    """So many acts that come in any order, and two that do not."""
    rows = (f"add duty of AA on {10 + n % 80}{n // 80:02} with expression '5%' from 2027-01-01" for n in range(count))
    last = (f"replace expression with '{n}%' in duty of AA on 01 from 2027-01-01" for n in (6, 7))
    read = read_acts("\n".join([*rows, *last]).replace("'", '"'))
    assert not isinstance(read, Refusal)
    return read


def change_of(count: int) -> dict[str, Any]:
    """A change with this many measures, each of its own."""
    rule = law_record_as_json(a_duty("0901", "5%", date(2026, 1, 1)))
    return {"base": "v1", "added": [{**rule, "id": f"m-{number}"} for number in range(count)]}


@cache
def screened() -> NameIndex:
    parties = tuple(
        ListedParty(f"P{number}", PartyKind.PERSON, (ListedName(f"Ali {number % 9} Hassan"),)) for number in range(50)
    )
    return NameIndex([DeniedPartyList("test", "Test list", "Nobody", date(2026, 1, 1), parties)])


def ballots(count: int) -> tuple[list[VoteEntry], VoteRoll]:
    """A vote in which each of this many members votes twice."""
    roll = roll_of({**dict.fromkeys(HOUSES, 1), House.SMALL_FIRM: count})
    cast = [(1, BallotCast(member=each, choice=Choice.FOR, seal="")) for each in names(roll, House.SMALL_FIRM)]
    return entries((0, started(roll)), *cast, *cast, beats=False), roll


INPUTS = {
    "fields of a body": Input(read_body, lambda n: orjson.dumps(fields(n)), 3_000),
    "a field that is repeated at the end": Input(read_body, repeated, 3_000),
    "digits of a number": Input(read_body, lambda n: b"7" * n, 50_000),
    "brackets of a body": Input(read_body, lambda n: b"[" * n, 200_000),
    "escapes of a text": Input(read_body, lambda n: b'"' + b"\\u0041" * n + b'"', 50_000),
    "a text without an end": Input(read_body, lambda n: b'"' + b"a" * n, 500_000),
    "fields nobody knows": Input(ask, lambda n: question(**fields(n)), 500),
    "lines": Input(ask, lambda n: question(lines=[LINE] * n), 200),
    "lines that cannot be read": Input(ask, lambda n: question(lines=[{}] * n), 200),
    "units": Input(ask, lambda n: question(lines=[{**LINE, "quantities": fields(n)}]), 500),
    "parts": Input(ask, lambda n: question(lines=[{**LINE, "parts": dict.fromkeys(fields(n), LINE["value"])}]), 1_000),
    "a long unit": Input(ask, lambda n: question(lines=[{**LINE, "quantities": {"k g " * n: "1"}}]), 50_000),
    "a long code": Input(ask, lambda n: question(lines=[{**LINE, "hs": "6." * n}]), 50_000),
    "a long date": Input(ask, lambda n: question(date="2026-" * n), 50_000),
    "a long moment": Input(ask, lambda n: question(known_at="2026-01-01T00:00:00." + "1" * n), 50_000),
    "refusals": Input(lambda refusal: problem_bytes(refusal, 422), refused, 500),
    "words of a product": Input(lambda q: search(load_index(), q, 10), lambda n: "qwertz " * n, 20),
    "a long word": Input(lambda q: search(load_index(), q, 10), lambda n: "cottom" * n, 50),
    "accents": Input(lambda q: suggest(load_index(), q, 10), lambda n: "a" + "\u0301\u0315" * n, 5_000),
    "terms of a duty": Input(parse, lambda n: " + ".join(["1%"] * n), 20),
    "brackets of a duty": Input(parse, lambda n: "(" * n + "1%" + ")" * n, 20),
    "spaces of a duty": Input(parse, lambda n: "1" + " " * n + "%", 5_000),
    "digits of a duty": Input(parse, lambda n: "1" * n + "%", 5_000),
    "parameters": Input(read_query, lambda n: "&".join(f"f{number}=1" for number in range(n)), 200),
    "a repeated parameter": Input(read_query, lambda n: "q=1&" * n, 200),
    "a long cursor": Input(read_cursor, lambda n: "1|" * n, 50_000),
    "an amount as typed": Input(plain_amount, lambda n: "1," * n, 20_000),
    "a long field": Input(clean_text, lambda n: "a\0" * n, 200_000),
    "signatures": Input(read_note, lambda n: "text\n\n" + "\u2014 name AAAAAAAA\n" * n, 500),
    "measures of a change": Input(changeset_from_json, lambda n: {"base": "v1", "added": [{}] * n}, 500),
    "acts": Input(read_acts, lambda n: ACT * n, 250),
    "clauses of an act": Input(read_acts, lambda n: ACT.rstrip() + " on 01" * n, 4_000),
    "a quotation without an end": Input(read_acts, lambda n: 'end duty of "' + "a" * n, 6_000),
    "clauses that are given twice": Input(read_acts, lambda n: ACT.replace("from", "on 01 on 02 from") * n, 500),
    "acts whose order decides": Input(lambda acts: order_conflict(acts, LAW), ordered_acts, 50),
    "acts in JSON": Input(acts_from_json, acts_json, 500),
    "records of a change": Input(changeset_from_json, change_of, 250),
    "a message from a phone": Input(sentence_language, lambda n: "habari ya " * n, 5_000),
    "accents of a message from a phone": Input(sentence_language, lambda n: "a" + "\u0301\u0315" * n, 5_000),
    "words of a message from a phone": Input(read_message, lambda n: "GH 610910 " + "a  " * n, 50_000),
    "names to screen": Input(
        lambda names: screen_names(screened(), names), lambda n: [f"Ali {i}" for i in range(n)], 50
    ),
    "words of a name to screen": Input(lambda q: screen_names(screened(), [q]), lambda n: "Ali Hassan " * n, 5_000),
    "accents of a name to screen": Input(fold_name, lambda n: "a" + "\u0301\u0315" * n, 5_000),
    "ballots": Input(lambda box: vote_state(box[0], box[1], OPENED + DAY), ballots, 500),
    "files of an election": Input(
        read_board, lambda n: write_board([("Ballot", (b"%d" % i,)) for i in range(n)], 1), 250
    ),
    "a request to a witness": Input(read_witness_request, lambda n: "old 1\n" + (43 * "A" + "=\n") * n + "\nx", 20_000),
    "a request to a witness without an end": Input(read_witness_request, lambda n: "old 1\n" + "A" * n, 500_000),
    "a password": Input(find_repetition, lambda n: "a" * n + "b", 20_000),
    "a password of repetitions": Input(find_repetition, lambda n: "ab" * n + "a" * n, 10_000),
    "weights": Input(lambda text: read_weighted_game("1", text), lambda n: "1," * n + "1", 20_000),
    "digits of a weight": Input(lambda text: read_weighted_game("1", text), lambda n: "0" * n + "x", 200_000),
    "a row of many pieces": Input(
        lambda text: list(read_json_rows(io.StringIO(text))), lambda n: '[{"a": "' + "x" * n + '"}]', 1_000_000
    ),
    "rows": Input(lambda text: list(read_json_rows(io.StringIO(text))), lambda n: "[" + '{"a":1},' * n + "]", 8_000),
    "options": Input(split_pairs, lambda n: tuple(f"u{number}=1" for number in range(n)), 10_000),
    "parameters of an address": Input(
        read_address, lambda n: "postgresql:///x?" + "&".join(f"{'a' * (i % 50)}=1" for i in range(n)), 2_000
    ),
    "controls": Input(show_controls, lambda n: "\x1b[" * n, 8_000),
}


def seconds(work: Callable[[Any], object], given: Any) -> float:
    """The time of this thread alone, so that other work on the computer counts less."""
    gc.collect()
    start = time.thread_time()
    work(given)
    return time.thread_time() - start


def is_linear(one: Input) -> bool:
    """Whether the least times of some rounds, as many as it takes to see it, are those of linear work."""
    large, small = one.make(4 * one.size), one.make(4 * one.size // TIMES)
    longer = shorter = float("inf")
    for _ in range(ROUNDS):
        longer = min(longer, seconds(one.work, large))
        if longer < LEAST_SECONDS:
            return True
        shorter = min(shorter, *(seconds(one.work, small) for _ in range(3)))
        if longer < MOST_RATIO * max(shorter, LEAST_SECONDS / TIMES):
            return True
    return False


@pytest.mark.parametrize("kind", INPUTS)
def test_eight_times_the_input_takes_some_eight_times_the_time(kind: str):
    assert is_linear(INPUTS[kind])


def test_work_that_grows_with_the_square_is_noticed():
    names = Input(lambda given: [given.count(name) for name in given], lambda n: [str(i) for i in range(n)], 1_000)
    assert not is_linear(names)
