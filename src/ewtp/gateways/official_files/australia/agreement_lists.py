"""The schedules of Australia's agreements: goods that have another rate under the agreement than Free.

Goods of a party that its list does not name are free (section 16(1) of the Customs Tariff Act 1995). A listed rate with
a first day is the first of several steps, and the later ones are missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ewtp.core.rulebook.measure import Condition
from ewtp.gateways.official_files.australia.duty_cells import is_dated, tidy_cell, write_indexed
from ewtp.gateways.official_files.file_readers import open_text, read_json_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Schedules by the group of their parties. That goods which are not in the list are free was read for those in _READ.
AGREEMENTS = {
    "Schedule 4A": "AU-SAFTA",
    "Schedule 5": "AU-AUSFTA",
    "Schedule 6": "AU-TAFTA",
    "Schedule 6A": "AU-PAFTA",
    "Schedule 7": "AU-ACIFTA",
    "Schedule 8": "AU-AANZFTA",
    "Schedule 8A": "AU-PACER",
    "Schedule 8B": "AU-CPTPP",
    "Schedule 9": "AU-MAFTA",
    "Schedule 9A": "AU-IACEPA",
    "Schedule 10": "AU-KAFTA",
    "Schedule 10A": "AU-ECTA",
    "Schedule 11": "AU-JAEPA",
    "Schedule 12": "AU-CHAFTA",
    "Schedule 13": "AU-HKFTA",
    "Schedule 14": "AU-RCEP",
    "Schedule 15": "AU-UKFTA",
    "Schedule 16": "AU-UAECEPA",
}
_READ = frozenset({"Schedule 5", "Schedule 8", "Schedule 8B"})
ASSUMED = (Condition("assumes", "", "goods that the list of the agreement leaves out are free"),)
_CODE = re.compile(r"[0-9]{4}\.[0-9]{2}\.[0-9]{2}")
_RATE = "dutyRate"
_NOT_HELD = "[later steps: the list of the agreement has the first alone]"


class ListedRate(NamedTuple):
    """What a list says of a code of eight digits, as an expression."""

    code: str
    expression: str


class AgreementList(NamedTuple):
    """An agreement's list: the schedule that it is, the group of the parties, and the goods that are not free."""

    schedule: str
    group: str
    rates: tuple[ListedRate, ...]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """That the meaning of the list is taken from others of its form, where it was not read."""
        return () if self.schedule in _READ else ASSUMED


def read_lists(path: Path) -> Iterator[AgreementList]:
    """The lists of a file beside the tariff, of the agreements known here; none where there is no file."""
    if not path.exists():
        return
    with open_text(path) as stream:
        document = read_json_document(stream)
    if not isinstance(document, dict):
        msg = f"{path.name} holds no schedules"
        raise ValueError(msg)  # noqa: TRY004 - every fault of a file is a ValueError
    for schedule, group in AGREEMENTS.items():
        entries = document.get(schedule, ())
        if entries:
            yield AgreementList(schedule, group, tuple(_read_rates(entries)))


def _read_rates(entries: list[dict[str, Any]]) -> Iterator[ListedRate]:
    rates: dict[str, list[str]] = {}
    for entry in entries:
        number = _CODE.match(tidy_cell(str(entry.get("hsCode", ""))))
        if number is not None:
            dated = any(is_dated(str(entry.get(name, ""))) for name in ("description", _RATE))
            rates.setdefault(number[0].replace(".", ""), []).append(
                "" if dated else tidy_cell(str(entry.get(_RATE, "")))
            )
    for code, printed in rates.items():
        read = {write_indexed(rate.removesuffix("plus").strip()) if "$" in rate else None for rate in printed}
        only = read.pop() if len(read) == 1 else None
        yield ListedRate(code, only or _NOT_HELD)
