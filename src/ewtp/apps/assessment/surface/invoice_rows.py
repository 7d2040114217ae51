"""An answer of several lines as a table: a row for each line, with what it owes at least and at most."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.apps.assessment.surface.sum_text import sum_text
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PART_OF = {row.kind.value: row.total for row in CHARGE_KINDS}


def invoice_rows(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A row for each line, with the sums of its charges by the part of the price that they belong to.

    Each of ``duty``, ``tax`` and ``fees`` is None where no rule charges it, which is not the same as nothing to pay;
    ``absent`` then says in words what it is.
    ``owed`` are the line's charges with their bounds; None in answers of an older edition.
    """
    return [_row(line) for line in lines]


def _row(line: Mapping[str, Any]) -> dict[str, Any]:
    sums: dict[str, Decimal] = {}
    for charge in line["charges"]:
        part = _PART_OF[charge["kind"]]
        sums[part] = sums.get(part, Decimal(0)) + Decimal(charge["amount"]["amount"])
    currency = line["customs_value"]["currency"]
    parts = {
        part: {"amount": str(sums[part]), "currency": currency} if part in sums else None
        for part in ("duty", "tax", "fees")
    }
    owed = line.get("owed")
    return {
        **parts,
        "absent": {part: sum_text(line, part) for part, money in parts.items() if money is None},
        "number": line["number"] + 1,
        "line": line,
        "owed": owed,
        "settled": owed is not None and owed["at_most"] == owed["at_least"],
    }
