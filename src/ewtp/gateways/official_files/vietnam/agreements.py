"""The agreements of the Vietnamese tariff: a column each, whose cells name rates, economies left out, and quotas.

``0 (-KH, TH)`` is a rate that goods of Cambodia and Thailand do not have, ``0 (NHN: 50)`` one within a quota and one
outside it, ``THN: 0%, NHN: K`` the same without a rate outside, ``M: 56; #: 49`` one for Mexico and one for the other
parties. ``*`` and ``K`` grant nothing, ``Q`` is a quota whose rate is not in the table. ``(GIC)`` says that goods
of the zone at Kaesong have the rate too (LuatVietnam on Decree 119/2022/ND-CP), which changes nothing for others.

The lines are those of 2022, and several old lines with different rates may have become one: then the cell has the
rates of all, with a stroke between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ewtp.gateways.official_files.file_readers import write_percent

# The columns, in their order, with the decree of 2022 that each is from.
DECREES = {
    "ACFTA": 118,
    "ATIGA": 126,
    "AJCEP": 120,
    "VJEPA": 124,
    "AKFTA": 119,
    "AANZFTA": 121,
    "AIFTA": 122,
    "VKFTA": 125,
    "VCFTA": 112,
    "VN-EAEU": 113,
    "CPTPP": 115,
    "AHKFTA": 123,
    "VNCU": 114,
    "EVFTA": 116,
    "UKVFTA": 117,
    "VN-LAO": 127,
}
# Its decree has one column of rates for 2022 to 2027; those of the others fall each year.
UNCHANGED = "AKFTA"
MEXICO = "CPTPP-MX"
_NUMBER = r"\d+(?:[.,]\d+)?"
_RATE = re.compile(rf"({_NUMBER})%?\s*(?:\(-([A-Z, ]+)\))?\s*(?:\(GIC\))?(?:\(NHN: ?({_NUMBER})\))?")
_QUOTA = re.compile(rf"THN: ?({_NUMBER})%, NHN: ?(K|{_NUMBER})%?")
_PARTIES = re.compile(rf"M: ?({_NUMBER}); #: ?({_NUMBER})")
_NO_PREFERENCE = frozenset({"*", "K"})
_QUOTA_ALONE = "Q"


@dataclass(frozen=True, slots=True)
class AgreementRate:
    """What a cell grants the parties, except those in ``excluded``.

    ``rates`` has several where the goods of the line have different ones, ``None`` among them for goods without a
    preference, and none where all are without. ``within`` is the rate within a quota: empty where it is not stated,
    None where there is no quota.
    """

    rates: tuple[str | None, ...]
    excluded: tuple[str, ...] = ()
    within: str | None = None


def read_agreement_cell(cell: str, *, mexico: bool = False) -> AgreementRate | None:
    """What the cell of a column states, for Mexico or for the other parties; None where it cannot be read."""
    found = [_read_part(part.strip(), mexico=mexico) for part in cell.split("/")]
    parts = [part for part in found if part is not None]
    if len(parts) < len(found) or (len(parts) > 1 and any(part.within is not None for part in parts)):
        return None
    always = set(parts[0].excluded).intersection(*(part.excluded for part in parts))
    rates = dict.fromkeys(rate for part in parts for rate in part.rates or (None,))
    if any(set(part.excluded) != always for part in parts):
        rates[None] = None
    shown = tuple(rates)
    return AgreementRate(() if shown == (None,) else shown, tuple(sorted(always)), parts[0].within)


def write_rate(figure: str) -> str:
    """``4,50`` as ``4.5%``; the figure has the form of a number."""
    return write_percent(figure.replace(",", ".")) or ""


def _read_part(text: str, *, mexico: bool) -> AgreementRate | None:
    if text in _NO_PREFERENCE:
        return AgreementRate(())
    if text == _QUOTA_ALONE:
        return AgreementRate((), within="")
    if parties := _PARTIES.fullmatch(text):
        return AgreementRate((write_rate(parties[1 if mexico else 2]),))
    if quota := _QUOTA.fullmatch(text):
        outside = () if quota[2] in _NO_PREFERENCE else (write_rate(quota[2]),)
        return AgreementRate(outside, within=write_rate(quota[1]))
    if plain := _RATE.fullmatch(text):
        inside, excluded, outside_rate = plain.groups()
        left_out = tuple(each.strip() for each in (excluded or "").split(",") if each.strip())
        if outside_rate:
            return AgreementRate((write_rate(outside_rate),), left_out, write_rate(inside))
        return AgreementRate((write_rate(inside),), left_out)
    return None
