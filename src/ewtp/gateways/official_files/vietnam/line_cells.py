"""The cells of the Vietnamese tariff for duties, VAT and excise: one rate, or several for goods of one line.

Of a duty, ``40 (NHN: 80)`` is 40% within a tariff quota and 80% outside it. ``KBTC (NĐ57 16010010: 22/ 21069099: 15)``
names the lines of the earlier nomenclature, with their rates, that became one.

Of VAT, a star is goods that it does not reach; ``*,5`` is goods that it does not reach at import, with 5% when they are
sold: both are what the column itself says where it names goods in words. ``5/10; Riêng: …: 10%`` is 5%, and 10% for
the goods named. Of excise, ``ĐB`` is a rate that depends on the goods, and a
question mark a doubt of the table, which nothing settles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ewtp.gateways.official_files.vietnam.agreements import write_rate

_NUMBER = r"\d+(?:\.\d+)?"
_RATES = re.compile(rf"{_NUMBER}(?:/{_NUMBER})*")
_QUOTA = re.compile(rf"({_NUMBER}) \(NHN: ({_NUMBER})\)")
_EARLIER = re.compile(rf"KBTC \(NĐ57 (?:\d{{8}}(?:\d\d)?: {_NUMBER}(?:/ )?)+\)")
_EARLIER_RATE = re.compile(rf"\d{{8,10}}: ({_NUMBER})")
_NAMED_GOODS = "; Riêng"
_NAMED_RATE = re.compile(r": (\d+)%")
_NOT_REACHED = "Không chịu"
# A star, alone or with the rate of a later sale, is nothing at import; more than one rate may be said of one line.
_VAT = re.compile(r"(\*|\d+)(?:,(\d+))?")
_ZERO = "0%"
# The only rate after a star of which the column says that it is that of a later sale.
_LATER_SALE = "5"


@dataclass(frozen=True, slots=True)
class DutyCell:
    """The rates that goods of the line bear, and the rate within a tariff quota where there is one."""

    rates: tuple[str, ...]
    within: str = ""


def read_line_duty(cell: str) -> DutyCell | None:
    """The duty of a cell; None where it points to a provision or cannot be read."""
    text = cell.strip()
    if rates := read_rates(text):
        return DutyCell(rates)
    if quota := _QUOTA.fullmatch(text):
        return DutyCell((write_rate(quota[2]),), write_rate(quota[1]))
    if _EARLIER.fullmatch(text):
        return DutyCell(tuple(dict.fromkeys(map(write_rate, _EARLIER_RATE.findall(text)))))
    return None


def read_vat_cell(cell: str) -> tuple[str, ...] | None:
    """The rates of VAT at import that goods of the line may bear, the highest first; None where none can be read."""
    general, marked, named = cell.partition(_NAMED_GOODS)
    rates = []
    for part in general.split("/"):
        found = _VAT.fullmatch(part.strip())
        if found is None:
            return None
        rates.append(_ZERO if found[1] == "*" else write_rate(found[1]))
        if found[2] and (found[2] != _LATER_SALE or found[1] != "*"):
            rates.append(write_rate(found[2]))
    if marked:
        rates += map(write_rate, _NAMED_RATE.findall(named))
        rates += [_ZERO] if _NOT_REACHED in named else []
    return tuple(sorted(set(rates), key=lambda rate: -float(rate.rstrip("%"))))


def read_rates(cell: str) -> tuple[str, ...] | None:
    """The rates that goods of the line bear, with strokes between them; None for a cell of another form."""
    text = cell.strip()
    return tuple(dict.fromkeys(map(write_rate, text.split("/")))) if _RATES.fullmatch(text) else None
