"""What agreements with the Union, Korea, Switzerland and Liechtenstein exempt: the lists of note 2(v)(xx) to (xxv)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ewtp.core.rulebook.measure import Condition
from ewtp.gateways.official_files.us.chapter_99 import EUROPEAN_UNION


@dataclass(frozen=True, slots=True)
class PartnerList:
    """A list of note 2 for partners' goods: the paragraph, the first day, a heading for each partner, the use.

    ``use`` is empty where the goods are exempt whatever their use; otherwise a claim of the heading states it.
    """

    opening: str
    since: date
    headings: tuple[tuple[str, tuple[str, ...]], ...]
    use: str = ""

    def claim(self, heading: str) -> Condition | None:
        """The claim of the use; None where there is none to claim."""
        return Condition("claim", heading, self.use) if self.use else None


_AIRCRAFT = "articles of civil aircraft other than unmanned aircraft"
_MEDICINES = "not patented in the United States, for use in pharmaceutical applications"
_SWISS, _LIECHTENSTEIN = ("CH",), ("LI",)
_AGREED_EU, _AGREED_SWISS, _AGREED_KOREA = date(2025, 9, 25), date(2026, 1, 1), date(2025, 12, 5)
AIRCRAFT_OF_UNION = PartnerList(
    r"\(xxii\) As provided in heading 9903\.02\.76", _AGREED_EU, (("9903.02.76", EUROPEAN_UNION),), _AIRCRAFT
)
AIRCRAFT_OF_KOREA = PartnerList(
    r"\(b\) As provided in heading 9903\.02\.81", _AGREED_KOREA, (("9903.02.81", ("KR",)),), _AIRCRAFT
)
PARTNER_LISTS = (
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
# These exempt from the duties on metals as well (headings 9903.02.76 and 9903.02.81).
AIRCRAFT_LISTS = (AIRCRAFT_OF_UNION, AIRCRAFT_OF_KOREA)
