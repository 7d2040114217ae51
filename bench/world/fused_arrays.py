"""The precompiled tables as dense arrays: a line's place in each follows from its names by arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_EPOCH = date(1970, 1, 1)


class Tables(NamedTuple):
    """What the loop reads. Rows are gathered under a start, in the order in which the loop counts them."""

    first_day: Any
    # By destination and currency: the first of its rows by day.
    rate_start: Any
    # Mantissa, scale, span, duty span, answer's currency, divisor to minor units.
    rate: Any
    schedule: Any
    spans: Any
    masks: Any
    # By schedule and code.
    item: Any
    entry_start: Any
    entry: Any
    duty_start: Any
    # Claim, rate, slot and currency of an amount; the amount itself stands apart, for few have one.
    duty: Any
    duty_amount: Any
    # By destination and origin: the first of its rows by claims, span and mask, and how many claims.
    context_start: Any
    context_claims: Any
    context: Any
    union_from: Any
    union_to: Any
    classes: Any
    lesser: Any
    additional_start: Any
    additional: Any


@dataclass(frozen=True, slots=True)
class DenseArrays:
    """The tables, with the names that columns of lines are numbered by."""

    tables: Tables
    names: dict[str, list[str]]
    currencies: list[str]


def load_arrays(folder: Path) -> DenseArrays:
    """Read the precompiled tables of a folder."""
    read = {path.stem: pq.read_table(path) for path in folder.glob("*.parquet")}
    rate, context, entry, duty = read["rate"], read["context"], read["entry"], read["duty"]
    destinations = read["destination"].to_pylist()
    to_names = [row["to"] for row in destinations]
    schedules = sorted({row["schedule"] for row in destinations if row["tariff"]})
    origins = sorted(set(context["origin"].to_pylist()))
    claims = sorted(set(context["claims"].to_pylist()) | set(duty["claim"].to_pylist()))
    currencies = sorted(set(rate["currency"].to_pylist()))
    answers = sorted(set(rate["answer_currency"].to_pylist()))
    codes = sorted(set(entry["code"].to_pylist()))
    unions = sorted({row["union_of"] for row in read["union_member"].to_pylist()})
    froms = {row["economy"]: unions.index(row["union_of"]) for row in read["union_member"].to_pylist()}

    def place(table: pa.Table, name: str, among: list[str]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = (
            pc.fill_null(pc.index_in(table[name], pa.array(among)), -1).to_numpy().astype(np.int64)
        )
        return found

    def number(table: pa.Table, name: str) -> NDArray[np.int64]:
        found: NDArray[np.int64] = table[name].cast(pa.int64()).to_numpy()
        return found

    by_rate = np.lexsort((number_of_days(rate), place(rate, "currency", currencies), place(rate, "to", to_names)))
    rate = rate.take(pa.array(by_rate))
    rate_key = place(rate, "to", to_names) * len(currencies) + place(rate, "currency", currencies)
    rate_rows = np.stack(
        [
            *(number(rate, name) for name in ("mantissa", "scale", "span", "duty_span")),
            place(rate, "answer_currency", answers),
            10 ** (4 - number(rate, "places")),
        ],
        axis=1,
    )
    spans = {schedule: int(number(t, "span").max()) + 1 for schedule, t in _split(entry, "schedule", schedules)}
    schedule_of = np.array([schedules.index(r["schedule"]) if r["tariff"] else -1 for r in destinations], np.int64)
    # Entries, numbered by schedule and code; each has a row by span.
    entry_key = place(entry, "schedule", schedules) * len(codes) + place(entry, "code", codes)
    order = np.lexsort((number(entry, "span"), entry_key))
    entry, entry_key = entry.take(pa.array(order)), entry_key[order]
    items, starts = np.unique(entry_key, return_index=True)
    item = np.full(len(schedules) * len(codes), -1, np.int32)
    item[items] = np.arange(len(items))
    names = ("list", "signature", "wide_list", "wide_signature", "mask")
    entry_rows = np.stack([number(entry, name) for name in names], axis=1).astype(np.int32)
    duty_item = item[place(duty, "schedule", schedules) * len(codes) + place(duty, "code", codes)].astype(np.int64)
    duty_spans = int(number(duty, "span").max()) + 1
    order = np.lexsort((place(duty, "claim", claims), number(duty, "span"), duty_item))
    duty = duty.take(pa.array(order))
    duty_key = duty_item[order] * duty_spans + number(duty, "span")
    duty_rows = np.stack(
        [
            place(duty, "claim", claims),
            *(number(duty, name) for name in ("rate", "slot")),
            place(duty, "amount_currency", answers),
        ],
        axis=1,
    ).astype(np.int32)
    context, context_start, context_claims, masks, all_spans = _contexts(context, to_names, origins, claims)
    lesser = read["lesser"]
    classes = int(number(lesser, "class").max()) + 1
    dense = np.full((int(number(lesser, "signature").max()) + 1, classes), 0, np.int32)
    dense[number(lesser, "signature"), number(lesser, "class")] = number(lesser, "lesser")
    additional_start, additional = _additional(
        read["additional"], int(max(number(entry, "list").max(), number(entry, "wide_list").max()))
    )
    tables = Tables(
        first_day=np.int64(number_of_days(rate).min()),
        rate_start=_starts(rate_key, len(to_names) * len(currencies)),
        rate=rate_rows,
        schedule=schedule_of,
        spans=all_spans,
        masks=masks,
        item=item.reshape(len(schedules), len(codes)),
        entry_start=starts.astype(np.int64),
        entry=entry_rows,
        duty_start=_starts(duty_key, len(items) * duty_spans).reshape(-1),
        duty=duty_rows,
        duty_amount=number(duty, "amount"),
        context_start=context_start,
        context_claims=context_claims,
        context=_context_rows(context, destinations, to_names, claims),
        union_from=np.array([froms.get(name, -1) for name in _senders(read, origins)], np.int64),
        union_to=np.array([unions.index(r["union_of"]) if r["union_of"] else -2 for r in destinations], np.int64),
        classes=np.array([len(spans), duty_spans], np.int64),
        lesser=dense,
        additional_start=additional_start,
        additional=additional,
    )
    known = {
        "from": _senders(read, origins),
        "to": to_names,
        "origin": origins,
        "hs": codes,
        "currency": currencies,
        "buyer": ["business"],
        "transport": ["sea"],
        "claims": claims,
    }
    return DenseArrays(tables, known, answers)


def number_of_days(rate: pa.Table) -> NDArray[np.int64]:
    """The days as numbers since 1970."""
    found: NDArray[np.int64] = rate["day"].cast(pa.int32()).to_numpy().astype(np.int64)
    return found


def _senders(read: dict[str, pa.Table], origins: list[str]) -> list[str]:
    return sorted(set(origins) | set(read["union_member"]["economy"].to_pylist()))


def _split(table: pa.Table, name: str, values: list[str]) -> list[tuple[str, pa.Table]]:
    return [(value, table.filter(pc.equal(table[name], value))) for value in values]


def _starts(keys: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Where the rows of each key start, and where the last end; the keys are sorted."""
    return np.searchsorted(keys, np.arange(most + 1)).astype(np.int64)


def _contexts(table: pa.Table, to_names: list[str], origins: list[str], claims: list[str]) -> tuple[Any, ...]:
    to = pc.index_in(table["to"], pa.array(to_names)).to_numpy().astype(np.int64)
    origin = pc.index_in(table["origin"], pa.array(origins)).to_numpy().astype(np.int64)
    claim = pc.index_in(table["claims"], pa.array(claims)).to_numpy().astype(np.int64)
    span, mask = table["span"].to_numpy(), table["mask"].to_numpy()
    masks = np.ones(len(to_names), np.int64)
    spans = np.ones(len(to_names), np.int64)
    # A mask is a place among those that a destination has.
    places = np.zeros(len(table), np.int64)
    for number in range(len(to_names)):
        own = to == number
        distinct = np.unique(mask[own])
        assert (distinct == np.arange(len(distinct))).all(), distinct
        masks[number], spans[number] = len(distinct), span[own].max(initial=0) + 1
        places[own] = np.searchsorted(distinct, mask[own])
    order = np.lexsort((places, span, claim, origin, to))
    key = (to * len(origins) + origin)[order]
    start = _starts(key, len(to_names) * len(origins))
    many = np.diff(start) // np.repeat(masks * spans, len(origins))
    return table.take(pa.array(order)), start, many, masks, spans


def _context_rows(table: pa.Table, destinations: list[dict[str, Any]], to_names: list[str], claims: list[str]) -> Any:
    to = pc.index_in(table["to"], pa.array(to_names)).to_numpy().astype(np.int64)
    names = ("fee", "fee_sea", "fee_business", "fee_bounded", "fee_least", "fee_most", "relief_limit")
    columns = [table[name].to_numpy() for name in names]
    columns += [table[f"tax_{n}"].to_numpy() for n in range(3)]
    columns += [table["tax_on_value"].cast(pa.int64()).to_numpy(), table["class"].to_numpy()]
    columns += [
        pc.index_in(table["duty_claim"], pa.array(claims)).to_numpy(),
        pc.index_in(table["claims"], pa.array(claims)).to_numpy(),
    ]
    for name in (
        "cif",
        "value_unit",
        "base_customs_value",
        "base_freight",
        "base_duty",
        "base_additional_duty",
        "base_fee",
    ):
        columns.append(np.array([int(row[name]) for row in destinations], np.int64)[to])
    return np.ascontiguousarray(np.stack([column.astype(np.int32) for column in columns], axis=1))


def _additional(table: pa.Table, most: int) -> tuple[Any, Any]:
    """Rows by list and lesser class, dense within a list; a row of zeros where nothing is due."""
    listed, lesser = table["list"].to_numpy(), table["lesser"].to_numpy()
    width = np.zeros(most + 1, np.int64)
    np.maximum.at(width, listed, lesser + 1)
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(width)])
    rows = np.zeros((start[-1] + 1, 5), np.int32)
    places = start[listed] + lesser
    for slot, name in enumerate(("rate_0", "rate_1", "rate_2", "rate_3", "topup")):
        rows[places, slot] = table[name].to_numpy()
    return start, rows
