"""The consolidated list of the UN Security Council, as XML: persons and bodies under all its sanctions regimes.

The root states when the file was made. A name is up to four parts and, often, the same in its original script; an alias
is ``Good`` or ``Low`` by the list's own judgement, and ``Low`` ones are kept as weak.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.screening.listed_party import (
    BirthDate,
    DeniedPartyList,
    ListedName,
    ListedParty,
    NameKind,
    PartyKind,
)
from ewtp.gateways.official_files.archive_reader import open_unpacked
from ewtp.gateways.official_files.bounded_xml import read_xml_elements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ewtp.gateways.official_files.bounded_xml import XmlElement

LIST_ID = "un-consolidated"
ROOT = "CONSOLIDATED_LIST"
_KINDS = {"INDIVIDUAL": PartyKind.PERSON, "ENTITY": PartyKind.BODY}
_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_WEAK = "Low"


def read_un_list(path: Path) -> DeniedPartyList:
    """The list in a file, gzipped or not; ValueError (or what reading raises) where it is none or not safe."""
    published: date | None = None
    parties = []
    with open_unpacked(path) as stream:
        for element in read_xml_elements(stream, ROOT, frozenset(_KINDS)):
            if element.name == ROOT:
                published = _day(element.attributes.get("dateGenerated", "")[:10])
                continue
            party = _party(element)
            if party is not None:
                parties.append(party)
    return DeniedPartyList(
        LIST_ID,
        "United Nations Security Council Consolidated List",
        "United Nations Security Council",
        published,
        tuple(parties),
    )


def _party(element: XmlElement) -> ListedParty | None:
    names = tuple(dict.fromkeys(_names(element)))
    if not names:
        return None
    economies = [value.text for each in element.all("NATIONALITY") for value in each.all("VALUE")]
    economies += [address.value("COUNTRY") for address in element.all(f"{element.name}_ADDRESS")]
    return ListedParty(
        entry=element.value("REFERENCE_NUMBER") or element.value("DATAID"),
        kind=_KINDS[element.name],
        names=names,
        births=tuple(dict.fromkeys(b for b in map(_birth, element.all("INDIVIDUAL_DATE_OF_BIRTH")) if b)),
        economies=tuple(dict.fromkeys(text.strip() for text in economies if text.strip())),
        programmes=tuple(filter(None, [element.value("UN_LIST_TYPE")])),
        listed_on=_day(element.value("LISTED_ON")[:10]),
    )


def _names(element: XmlElement) -> Iterator[ListedName]:
    whole = " ".join(filter(None, map(element.value, _PARTS)))
    if whole:
        yield ListedName(whole)
    original = element.value("NAME_ORIGINAL_SCRIPT")
    if original:
        yield ListedName(original)
    for alias in element.all(f"{element.name}_ALIAS"):
        text = alias.value("ALIAS_NAME")
        if text:
            yield ListedName(text, NameKind.WEAK_ALIAS if alias.value("QUALITY") == _WEAK else NameKind.ALIAS)


def _birth(element: XmlElement) -> BirthDate | None:
    day = _day(element.value("DATE")[:10])
    if day is not None:
        return BirthDate(day.year, day.year, day)
    years = [element.value(name)[:4] for name in ("YEAR", "FROM_YEAR", "TO_YEAR")]
    numbers = sorted(int(year) for year in years if year.isascii() and year.isdigit())
    return BirthDate(numbers[0], numbers[-1]) if numbers else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
