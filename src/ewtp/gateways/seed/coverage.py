"""Reads what the packs state of their coverage: ``coverage.csv``, which becomes practices of territories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.core.rulebook.coverage_statement import COVERED_KINDS, coverage_name
from ewtp.core.rulebook.territory import Practice, TerritoryPractice
from ewtp.gateways.seed.rows import RowError, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ewtp.core.rulebook.territory import Territory
    from ewtp.gateways.seed.rows import ValuePool

_KINDS = {kind.value: kind for kind in COVERED_KINDS}


def read_coverage(path: Path, defaults: Mapping[str, str], main: str, shared: ValuePool) -> Iterator[TerritoryPractice]:
    """The statements of a pack; ``main`` is its source. RowError names a row that cannot be read."""
    rows = read_rows(path)
    _, header = next(rows)
    for number, row in rows:
        cells = dict(defaults) | {name: text for name, text in zip(header, row, strict=True) if text}
        try:
            practice = Practice(
                coverage_name(_KINDS[cells["kind"]]),
                cells["extent"],
                shared.period(cells["valid_from"], cells.get("valid_to", "")),
                shared.source(cells.get("source") or main),
                cells["reference"],
            )
            stated = TerritoryPractice(cells["territory"], practice)
        except (RowError, KeyError) as error:
            msg = f"row {number}: {error}"
            raise RowError(msg) from None
        if not practice.readable:
            msg = f"row {number}: {practice.value} is no extent"
            raise RowError(msg)
        yield stated


def add_coverage(territories: Iterable[Territory], stated: Iterable[TerritoryPractice]) -> list[Territory]:
    """The territories with what is stated of them; RowError where a statement is about no territory."""
    own: dict[str, list[Practice]] = {}
    for each in stated:
        own.setdefault(each.territory, []).append(each.practice)
    found = [replace(t, practices=(*t.practices, *own.pop(t.code, ()))) for t in territories]
    if own:
        msg = f"no territory is named {min(own)}"
        raise RowError(msg)
    return found
