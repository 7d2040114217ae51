"""Duties under IEEPA on nearly every product, until the act was held not to authorise them.

Rates and economies are read from the headings of chapter 99, exemptions from what note 2 enumerates. An exempt
product has a rate of Free under the same programme and a longer code, so that an answer can cite why nothing is due.
All yield to the section 232 duties by heading 9903.01.33, the Canadian and Mexican ones by Executive Order 14289 as
amended on 2025-06-03.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Measure
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99 import EUROPEAN_UNION, Heading
from ewtp.gateways.official_files.us.chapter_99_lists import ONE_DAY, Chapter99Lists, make_additional_duty, make_group
from ewtp.gateways.official_files.us.hts import COLUMN_2
from ewtp.gateways.official_files.us.metal_content import charge_other_content, find_other_rate, is_below
from ewtp.gateways.official_files.us.particular_articles import particular_article
from ewtp.gateways.official_files.us.partner_exemptions import PARTNER_LISTS
from ewtp.gateways.official_files.us.section_232 import content_metals
from ewtp.gateways.official_files.us.section_232_annexes import METAL_PROGRAMMES
from ewtp.gateways.official_files.us.section_232_goods import GOODS_PROGRAMMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ewtp.core.rulebook.territory import Group

RECIPROCAL = "US-ieepa-reciprocal"
FENTANYL = "US-ieepa-fentanyl"
RECIPROCAL_LISTED = "US-RECIPROCAL-LISTED"
YIELDS_TO = (*METAL_PROGRAMMES, *GOODS_PROGRAMMES)
_USMCA = ("CA", "MX")
_TITLES = {RECIPROCAL: "Reciprocal duty (IEEPA)", FENTANYL: "Fentanyl duty (IEEPA)"}
_USMCA_GOODS = (
    Condition("unless_claim", "US-S", "entered free under the USMCA"),
    Condition("unless_claim", "US-S+", "entered free under the USMCA"),
)
_EVERYONE = ("*", RECIPROCAL_LISTED)
# What neither the code nor the origin of goods tells.
_NOT_BY_PRODUCT = Condition(
    "remark",
    RECIPROCAL,
    "Where 20% or more of the value is content of the United States, due on the rest alone (9903.01.34). Not due on "
    "donations that relieve suffering (9903.01.30) and informational materials (9903.01.31). Goods that customs finds "
    "were transshipped owe 40% instead (9903.02.01)",
)
_EXCEPTED = {
    "CN": "Not due on donations that relieve suffering (9903.01.21) and informational materials (9903.01.22)",
    "CA": "Not due on donations that relieve suffering (9903.01.11) and informational materials (9903.01.12)",
    "MX": "Not due on donations that relieve suffering (9903.01.02) and informational materials (9903.01.03)",
    "BR": "Not due on donations that relieve suffering (9903.01.79) and informational materials (9903.01.80)",
    "IN": "Not due on donations that relieve suffering (9903.01.88) and informational materials (9903.01.89)",
}
# Of these the duty under the agreement counts towards the total where it is claimed (note 2(v)(xix)); of Japan too, the
# heading has no word against it.
_SPECIAL_COUNTS = ("JP", "KR")
_OTHER_CONTENT = "[rate: reciprocal, on the value of the content that is not metal]"
_NOTE = "2"
_EXEMPT = r"\(a\) As provided for in heading 9903\.01\.32"
_ARTICLES = r"\(b\) As provided in heading 9903\.02\.78"


def emergency_duties(lists: Chapter99Lists) -> Iterator[Measure]:
    """The reciprocal and fentanyl duties and the orders on single economies, from the first edition on."""
    end = lists.day("ieepa_invalidation_date") - ONE_DAY
    if lists.first_day <= end:
        yield from _reciprocal(lists, Period(lists.first_day, end))
        yield from _fentanyl(lists, Period(lists.first_day, end))
        yield from _country_orders(lists, end)


def emergency_groups(lists: Chapter99Lists) -> Iterator[Group]:
    """Economies that a heading names with a rate of their own."""
    listed = {economy for _, economies in _find_rated(lists) for economy in economies}
    end = lists.day("ieepa_invalidation_date") - ONE_DAY
    yield make_group(
        lists,
        RECIPROCAL_LISTED,
        listed,
        Period(lists.first_day, end),
        title="Economies with a reciprocal rate of their own",
        reference="HTS 9903.02.02 to 9903.02.91",
    )


def _find_rated(lists: Chapter99Lists) -> list[tuple[Heading, tuple[str, ...]]]:
    """Headings 9903.02 that give an economy its own rate and still applied when the duties ended."""
    last = lists.editions[-1].headings
    found = []
    for code, heading in sorted(last.items()):
        # .01 is for transshipped goods; the headings for duties of 15% or more and for exempt goods charge nothing.
        if "9903.02.02" <= code <= "9903.02.91" and heading.expression and heading.economies and not heading.stopped:
            found.append((heading, heading.economies))
    return found


def _reciprocal(lists: Chapter99Lists, period: Period) -> Iterator[Measure]:
    base = lists.heading("9903.01.25")
    title = _TITLES[RECIPROCAL]
    yield make_additional_duty(
        lists,
        RECIPROCAL,
        "",
        base.expression or "",
        period,
        heading=base.code,
        title=title,
        excluded=(*_USMCA, COLUMN_2),
        conditions=(_NOT_BY_PRODUCT,),
        yields_to=YIELDS_TO,
    )
    for heading, economies in _find_rated(lists):
        if heading.ends is None or heading.ends >= period.start:
            yield make_additional_duty(
                lists,
                RECIPROCAL,
                "",
                heading.expression or "",
                period,
                heading=heading.code,
                title=title,
                origins=economies,
                conditions=(_NOT_BY_PRODUCT,),
                yields_to=YIELDS_TO,
            )
    covered = frozenset(lists.read_enumeration(_NOTE, _EXEMPT))
    for code in sorted(covered):
        yield _free(lists, RECIPROCAL, code, period, heading="9903.01.32", origins=_EVERYONE)
    exemptions = list(_reciprocal_exemptions(lists, period))
    for each in exemptions:
        yield _free(
            lists, RECIPROCAL, each.code, each.period, heading=each.heading, origins=each.origins, claim=each.claim
        )
    rates: dict[str, tuple[str, ...]] = {base.expression or "": ("*",)}
    for heading, economies in _find_rated(lists):
        if heading.ends is None or heading.ends >= period.start:
            rates[heading.expression or ""] = (*rates.get(heading.expression or "", ()), *economies)
    for code, metals in content_metals(lists).items():
        if not is_below(code, covered):
            reaching = [each for each in exemptions if code.startswith(each.code)]
            yield from _on_other_content(lists, code, metals, period, rates=rates, exemptions=reaching)


def _on_other_content(
    lists: Chapter99Lists,
    code: str,
    metals: tuple[str, ...],
    period: Period,
    *,
    rates: dict[str, tuple[str, ...]],
    exemptions: list[_Exemption],
) -> Iterator[Measure]:
    """The duty of each rate on the content of a line that is not metal; economies without a rate owe it as all do."""
    due: dict[tuple[str, tuple[Condition, ...]], list[str]] = defaultdict(list)
    for expression, economies in rates.items():
        for economy in economies:
            rate = find_other_rate(lists, code, expression, special_counts=economy in _SPECIAL_COUNTS)
            share = _OTHER_CONTENT if rate is None else "Free" if rate == "Free" else charge_other_content(rate, metals)
            of_economy = [e for e in exemptions if economy in e.origins or RECIPROCAL_LISTED in e.origins]
            if all(each.claim is not None for each in of_economy):
                claims = (each.claim for each in of_economy if each.claim is not None)
                unless = (Condition("unless_claim", claim.value, claim.text) for claim in claims)
                due[share, tuple(unless)].append(economy)
    for (share, conditions), origins in due.items():
        yield make_additional_duty(
            lists,
            RECIPROCAL,
            code,
            share,
            period,
            heading="9903.01.33",
            title=_TITLES[RECIPROCAL],
            origins=tuple(origins),
            excluded=(*_USMCA, COLUMN_2) if "*" in origins else (),
            conditions=conditions,
            yields_to=GOODS_PROGRAMMES,
        )


def _free(
    lists: Chapter99Lists,
    programme: str,
    code: str,
    period: Period,
    *,
    heading: str,
    origins: tuple[str, ...],
    claim: Condition | None = None,
) -> Measure:
    return make_additional_duty(
        lists,
        programme,
        code,
        "Free",
        period,
        heading=heading,
        title=f"{_TITLES.get(programme, 'Order (IEEPA)')}: exempt",
        origins=origins,
        conditions=() if claim is None else (claim,),
        additional_code="" if claim is None else heading,
    )


def _exempt_articles(
    lists: Chapter99Lists, programme: str, opening: str, period: Period, *, heading: str, origins: tuple[str, ...]
) -> Iterator[Measure]:
    """Free for the particular articles that a paragraph of note 2 numbers, where the trader claims the heading."""
    for number, code in lists.particular_articles(_NOTE, opening):
        article = particular_article(heading, code, number)
        yield _free(lists, programme, code, period, heading=heading, origins=origins, claim=article)


@dataclass(frozen=True, slots=True)
class _Exemption:
    """A provision exempt under a heading, for origins and days; ``claim`` is None where nothing has to be claimed."""

    code: str
    heading: str
    origins: tuple[str, ...]
    period: Period
    claim: Condition | None


def _reciprocal_exemptions(lists: Chapter99Lists, period: Period) -> Iterator[_Exemption]:
    """Particular articles, and what agreements with single economies exempt: by list, or by use as well."""
    for opening, heading, origins in (
        (_ARTICLES, "9903.02.78", _EVERYONE),
        (r"\(xxi\) As provided in heading 9903\.02\.75", "9903.02.75", EUROPEAN_UNION),
    ):
        for number, code in lists.particular_articles(_NOTE, opening):
            yield _Exemption(code, heading, origins, period, particular_article(heading, code, number))
    for each in PARTNER_LISTS:
        span = Period(max(period.start, each.since), period.end)
        for code in each.codes(lists):
            for heading, origins in each.headings:
                yield _Exemption(code, heading, origins, span, each.claim(heading))


def _exception_remark(programme: str, economy: str) -> Condition:
    return Condition("remark", programme, _EXCEPTED[economy])


def _fentanyl(lists: Chapter99Lists, period: Period) -> Iterator[Measure]:
    title = _TITLES[FENTANYL]
    china, canada, mexico = (lists.heading(code) for code in ("9903.01.24", "9903.01.10", "9903.01.01"))
    yield make_additional_duty(
        lists,
        FENTANYL,
        "",
        china.expression or "",
        period,
        heading=china.code,
        title=title,
        origins=("CN", "HK"),
        conditions=(_exception_remark(FENTANYL, "CN"),),
    )
    due = [(canada, "CA", ""), (mexico, "MX", "")]
    for row in lists.rows("fentanyl_carveout_products.csv"):
        if lists.keep_known([row["hts8"]]):
            economy = "MX" if row["category"].endswith("_mx") else "CA"
            due.append((lists.heading(row["ch99_code"]), economy, row["hts8"]))
    for heading, economy, code in due:
        yield make_additional_duty(
            lists,
            FENTANYL,
            code,
            heading.expression or "",
            period,
            heading=heading.code,
            title=title,
            origins=(economy,),
            conditions=(*_USMCA_GOODS, _exception_remark(FENTANYL, economy)) if not code else _USMCA_GOODS,
            yields_to=YIELDS_TO,
        )


def _country_orders(lists: Chapter99Lists, end: date) -> Iterator[Measure]:
    """The orders on Brazil and India, each with its own list of exempt products."""
    brazil, india = lists.heading("9903.01.77"), lists.heading("9903.01.84")
    own = lists.read_enumeration(_NOTE, r"\(a\) As provided in heading 9903\.01\.81")
    common = lists.read_enumeration(_NOTE, _EXEMPT)
    for heading, economy, programme, exempting, codes in (
        (brazil, "BR", "US-ieepa-brazil", "9903.01.81", own),
        (india, "IN", "US-ieepa-india", "9903.01.86", common),
    ):
        period = Period(lists.first_day, min(end, heading.ends or end))
        yield make_additional_duty(
            lists,
            programme,
            "",
            heading.expression or "",
            period,
            heading=heading.code,
            title=f"Order on {economy} (IEEPA)",
            origins=(economy,),
            conditions=(_exception_remark(programme, economy),),
            yields_to=YIELDS_TO,
        )
        for code in codes:
            yield _free(lists, programme, code, period, heading=exempting, origins=(economy,))
        if economy == "BR":
            yield from _brazilian_uses(lists, programme, period)


def _brazilian_uses(lists: Chapter99Lists, programme: str, period: Period) -> Iterator[Measure]:
    articles = r"\(b\) As provided in heading 9903\.01\.90"
    yield from _exempt_articles(lists, programme, articles, period, heading="9903.01.90", origins=("BR",))
    aircraft = Condition("claim", "9903.01.82", "articles of civil aircraft")
    for code in lists.read_enumeration(_NOTE, r"\(iv\) As provided in heading 9903\.01\.82"):
        yield _free(lists, programme, code, period, heading="9903.01.82", origins=("BR",), claim=aircraft)
