"""What agreements exempt: the lists of note 2(v)(xx) to (xxv), and those of note 35 for civil aircraft.

Note 35(c), on components of Taiwan, came after the printed notes. Its heading is offered for the provisions of (b),
with the list in the condition's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition
from ewtp.gateways.official_files.us.chapter_99 import EUROPEAN_UNION

if TYPE_CHECKING:
    from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists


@dataclass(frozen=True, slots=True)
class PartnerList:
    """A list for partners' goods: the paragraph, the first day, a heading for each partner, the use, the note.

    ``use`` is empty where the goods are exempt whatever their use; otherwise a claim of the heading states it.
    ``written`` says that the provisions stand in the paragraph's sentence, not in a table.
    """

    opening: str
    since: date
    headings: tuple[tuple[str, tuple[str, ...]], ...]
    use: str = ""
    note: str = "2"
    written: bool = False

    def codes(self, lists: Chapter99Lists) -> list[str]:
        """The provisions that the paragraph enumerates."""
        return (lists.read_sentence if self.written else lists.read_enumeration)(self.note, self.opening)

    def claim(self, heading: str) -> Condition | None:
        """The claim of the use; None where there is none to claim."""
        return Condition("claim", heading, self.use) if self.use else None


_AIRCRAFT = "articles of civil aircraft other than unmanned aircraft"
_AGREED_AIRCRAFT = f"{_AIRCRAFT}, that meet general note 6"
_MEDICINES = "not patented in the United States, for use in pharmaceutical applications"
_SWISS, _LIECHTENSTEIN = ("CH",), ("LI",)
# Retroactive to this day, as revision 9 of 2026 states (revision_dates.csv).
AGREED_TAIWAN = date(2026, 5, 1)
_AGREED_EU, _AGREED_SWISS, _AGREED_KOREA = date(2025, 9, 25), date(2026, 1, 1), date(2025, 12, 5)
AIRCRAFT_OF_UNION = PartnerList(
    r"\(xxii\) As provided in heading 9903\.02\.76", _AGREED_EU, (("9903.02.76", EUROPEAN_UNION),), _AIRCRAFT
)
AIRCRAFT_OF_KOREA = PartnerList(
    r"\(b\) As provided in heading 9903\.02\.81", _AGREED_KOREA, (("9903.02.81", ("KR",)),), _AIRCRAFT
)
_AIRCRAFT_OF_JAPAN = r"\(b\) As provided in heading 9903\.96\.02"
AIRCRAFT_OF_KINGDOM = PartnerList(
    r"\(a\) As provided in heading 9903\.96\.01",
    # 90 FR 27851.
    date(2025, 6, 30),
    (("9903.96.01", ("GB",)),),
    "articles of civil aircraft that meet general note 6",
    "35",
    written=True,
)
AIRCRAFT_OF_JAPAN = PartnerList(
    _AIRCRAFT_OF_JAPAN, date(2025, 9, 16), (("9903.96.02", ("JP",)),), _AGREED_AIRCRAFT, "35", written=True
)
_AIRCRAFT_OF_TAIWAN = PartnerList(
    _AIRCRAFT_OF_JAPAN,
    AGREED_TAIWAN,
    (("9903.96.03", ("TW",)),),
    "components of civil aircraft other than unmanned aircraft that note 35(c) lists, which is not in the rulebook",
    "35",
    written=True,
)
PARTNER_LISTS = (
    AIRCRAFT_OF_KINGDOM,
    AIRCRAFT_OF_JAPAN,
    PartnerList(r"\(xx\) As provided in heading 9903\.02\.74", _AGREED_EU, (("9903.02.74", EUROPEAN_UNION),)),
    AIRCRAFT_OF_UNION,
    PartnerList(
        r"\(xxiii\) As provided in heading 9903\.02\.77", _AGREED_EU, (("9903.02.77", EUROPEAN_UNION),), _MEDICINES
    ),
    AIRCRAFT_OF_KOREA,
    PartnerList(
        r"\(b\) As provided in headings 9903\.02\.84",
        _AGREED_SWISS,
        (("9903.02.84", _SWISS), ("9903.02.89", _LIECHTENSTEIN)),
    ),
    PartnerList(
        r"\(c\) As provided in headings 9903\.02\.85",
        _AGREED_SWISS,
        (("9903.02.85", _SWISS), ("9903.02.90", _LIECHTENSTEIN)),
        _AIRCRAFT,
    ),
    PartnerList(
        r"\(d\) As provided in headings 9903\.02\.86",
        _AGREED_SWISS,
        (("9903.02.86", _SWISS), ("9903.02.91", _LIECHTENSTEIN)),
        _MEDICINES,
    ),
)
# These exempt from the duties on metals as well (headings 9903.02.76, 9903.02.81, 9903.96.01 to .03).
AIRCRAFT_LISTS = (AIRCRAFT_OF_UNION, AIRCRAFT_OF_KOREA, AIRCRAFT_OF_KINGDOM, AIRCRAFT_OF_JAPAN, _AIRCRAFT_OF_TAIWAN)
