"""No work grows with the square of what a caller sends: eight times the input takes some eight times the time."""

from __future__ import annotations

import gc
import io
import time
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.http import QueryDict

from ewtp.apps.http.surface.amount_text import plain_amount
from ewtp.apps.http.surface.form import clean_text
from ewtp.apps.http.surface.list_page import read_cursor
from ewtp.apps.http.surface.problems import problem_bytes, read_body
from ewtp.apps.http.surface.query import QueryParameter, QueryReader
from ewtp.core.assessment.question import read_question
from ewtp.core.classification.search import search, suggest
from ewtp.core.log.note import read_note
from ewtp.core.rulebook.changeset.changeset_json import changeset_from_json
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.visible_text import show_controls
from ewtp.gateways.database.address import read_address
from ewtp.gateways.official_files.file_readers import read_json_rows
from ewtp.gateways.reference.hs_index import load_index
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.web.command_line.name_value_options import split_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

TIMES = 8
# Linear work takes eight times as long, work with the square 64 times; either may be off by a factor of nearly three.
MOST_RATIO = 23
# Shorter times are too short to compare.
LEAST_SECONDS = 0.02
# A busy computer makes single measurements too long, and never all of these.
ROUNDS = 8
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
