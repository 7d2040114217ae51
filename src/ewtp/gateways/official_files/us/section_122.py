"""The section 122 surcharge: on every product of every origin, for 150 days, except what its headings exempt.

An exempt product has a rate of Free under a longer code, so that an answer can cite why nothing is due; goods exempt
by agreement or use are free where that is claimed. Goods that owe a section 232 duty owe no surcharge (heading
9903.03.06).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Measure
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99 import EUROPEAN_UNION
from ewtp.gateways.official_files.us.chapter_99_lists import ONE_DAY, Chapter99Lists, make_additional_duty
from ewtp.gateways.official_files.us.emergency_duties import YIELDS_TO
from ewtp.gateways.official_files.us.metal_content import charge_other_content, is_below
from ewtp.gateways.official_files.us.particular_articles import particular_article
from ewtp.gateways.official_files.us.section_232 import content_metals
from ewtp.gateways.official_files.us.section_232_goods import GOODS_PROGRAMMES

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMME = "US-s122"
TITLE = "Section 122 surcharge"
_HEADING = "9903.03.01"
_CENTRAL_AMERICA = ("CR", "DO", "SV", "GT", "HN", "NI")
_TEXTILE_CHAPTERS = tuple(str(chapter) for chapter in range(50, 64))
_NOTE = "2"
# Entries under chapter 98 owe by rules of their own, which the rulebook does not hold.
SPECIAL_CLASSIFICATION = "98"
_NOT_BY_PRODUCT = Condition(
    "remark",
    PROGRAMME,
    "Not due on donations that relieve suffering (9903.03.10), on informational materials (9903.03.11), and on goods "
    "that were on their way by vessel before 2026-02-24 and entered before 2026-02-28 (9903.03.02)",
)
_AIRCRAFT = Condition("claim", "9903.03.05", "articles of civil aircraft")


def section_122(lists: Chapter99Lists) -> Iterator[Measure]:
    """The surcharge and its exemptions; nothing where no edition has its heading."""
    if not lists.holds(_HEADING):
        return
    start, end = lists.day("section_122", "effective_date"), lists.day("section_122", "expiry_date")
    period = Period(max(lists.first_day, start), end)
    rate = lists.heading(_HEADING).expression or ""
    yield make_additional_duty(
        lists,
        PROGRAMME,
        "",
        rate,
        period,
        heading=_HEADING,
        title=TITLE,
        conditions=(_NOT_BY_PRODUCT,),
        yields_to=YIELDS_TO,
    )
    exempt = lists.read_enumeration(_NOTE, r"\(ii\) As provided in heading 9903\.03\.03")
    aircraft = lists.read_enumeration(_NOTE, r"\(iv\) As provided in heading 9903\.03\.05")
    for code in exempt:
        yield _free(lists, code, "9903.03.03", period)
    claims = [(code, _AIRCRAFT) for code in aircraft if not code.startswith(SPECIAL_CLASSIFICATION)]
    for number, code in lists.particular_articles(_NOTE, r"\(iii\) As provided in heading 9903\.03\.04"):
        claims.append((code, particular_article("9903.03.04", code, number)))
    for code, claim in claims:
        yield _free(lists, code, claim.value, period, claim=claim)
    yield from _exempt_by_agreement(lists, period)
    yield from _metal_content(lists, rate, period, set(exempt), claims)


def _free(
    lists: Chapter99Lists,
    code: str,
    heading: str,
    period: Period,
    *,
    origins: tuple[str, ...] = ("*",),
    claim: Condition | None = None,
) -> Measure:
    mark = "" if claim is None else heading if claim.value == heading else f"{heading}-{claim.value}"
    return make_additional_duty(
        lists,
        PROGRAMME,
        code,
        "Free",
        period,
        heading=heading,
        title=f"{TITLE}: exempt",
        origins=origins,
        conditions=() if claim is None else (claim,),
        additional_code=mark,
    )


def _exempt_by_agreement(lists: Chapter99Lists, period: Period) -> Iterator[Measure]:
    """Goods free under the USMCA, textiles free under DR-CAFTA, and light trucks that already pay more than 15%."""
    for heading, economy in (("9903.03.07", "CA"), ("9903.03.08", "MX")):
        for claim in ("US-S", "US-S+"):
            free = Condition("claim", claim, "entered free under the USMCA")
            yield _free(lists, "", heading, period, origins=(economy,), claim=free)
    for chapter in _TEXTILE_CHAPTERS:
        for claim in ("US-P", "US-P+"):
            free = Condition("claim", claim, "textiles and apparel entered free under DR-CAFTA")
            yield _free(lists, chapter, "9903.03.09", period, origins=_CENTRAL_AMERICA, claim=free)
    # A light truck pays 25% already, so section 232 adds nothing to it, but it is exempt all the same.
    for prefix in lists.read_enumeration("33", r"\(b\)"):
        if prefix.startswith("8704"):
            yield _free(lists, prefix, "9903.03.06", period, origins=("JP", "KR", *EUROPEAN_UNION))


def _metal_content(
    lists: Chapter99Lists, rate: str, period: Period, skipped: set[str], claims: list[tuple[str, Condition]]
) -> Iterator[Measure]:
    """Until the annexes, goods that owed on their metal only owed the surcharge on the rest of their value."""
    end = lists.day("section_232_annexes", "effective_date") - ONE_DAY
    if period.start > end:
        return
    for code, metals in content_metals(lists).items():
        if not is_below(code, skipped):
            yield make_additional_duty(
                lists,
                PROGRAMME,
                code,
                charge_other_content(rate, metals),
                Period(period.start, end),
                heading="9903.03.06",
                title=TITLE,
                conditions=tuple(Condition("unless_claim", c.value, c.text) for at, c in claims if code.startswith(at)),
                yields_to=GOODS_PROGRAMMES,
            )
