"""Duties under IEEPA on nearly every product, until the act was held not to authorise them.

Rates and economies are read from the headings of chapter 99, exemptions from the product lists. An exempt product has a
rate of Free under the same programme and a longer code, so that an answer can cite why nothing is due. All yield to the
section 232 duties by heading 9903.01.33, the Canadian and Mexican ones by Executive Order 14289 as amended on
2025-06-03.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Measure
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99 import EUROPEAN_UNION, Heading
from ewtp.gateways.official_files.us.chapter_99_lists import ONE_DAY, Chapter99Lists, make_additional_duty, make_group
from ewtp.gateways.official_files.us.hts import COLUMN_2
from ewtp.gateways.official_files.us.hts_rows import LEGAL_DIGITS
from ewtp.gateways.official_files.us.section_232 import METAL_PROGRAMMES, content_lines
from ewtp.gateways.official_files.us.section_232_goods import GOODS_PROGRAMMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


@dataclass(frozen=True, slots=True)
class Exempt:
    """Codes exempt from a duty and the heading that exempts them."""

    codes: tuple[str, ...]
    heading: str


def emergency_duties(lists: Chapter99Lists) -> Iterator[Measure]:
    """The reciprocal and fentanyl duties and the orders on single economies, from the first edition on."""
    end = lists.day("ieepa_invalidation_date") - ONE_DAY
    if lists.first_day <= end:
        yield from _reciprocal(lists, Period(lists.first_day, end))
        yield from _fentanyl(lists, Period(lists.first_day, end))
        yield from _country_orders(lists, end)


def emergency_groups(lists: Chapter99Lists) -> Iterator[Group]:
    """Economies that a heading names with a rate of their own."""
    listed = {economy for _, economies in _rated(lists) for economy in economies}
    end = lists.day("ieepa_invalidation_date") - ONE_DAY
    yield make_group(
        lists,
        RECIPROCAL_LISTED,
        listed,
        Period(lists.first_day, end),
        title="Economies with a reciprocal rate of their own",
        reference="HTS 9903.02.02 to 9903.02.91",
    )


def _rated(lists: Chapter99Lists) -> list[tuple[Heading, tuple[str, ...]]]:
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
        yields_to=YIELDS_TO,
    )
    for heading, economies in _rated(lists):
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
                yields_to=YIELDS_TO,
            )
    exempt = reciprocal_exempt(lists, period.start)
    for code in exempt.codes:
        yield _free(lists, RECIPROCAL, code, period, heading=exempt.heading, origins=("*", RECIPROCAL_LISTED))
    covered = frozenset(exempt.codes)
    yield from _partner_exempt(lists, covered, period)
    share = "[rate: reciprocal, on the value of the non-metal content]"
    for code in content_lines(lists):
        if code not in covered:
            yield make_additional_duty(
                lists,
                RECIPROCAL,
                code,
                share,
                period,
                heading="9903.01.33",
                title=title,
                origins=("*", RECIPROCAL_LISTED),
                excluded=(*_USMCA, COLUMN_2),
            )


def _free(
    lists: Chapter99Lists,
    programme: str,
    code: str,
    period: Period,
    *,
    heading: str,
    origins: tuple[str, ...],
) -> Measure:
    title = f"{_TITLES.get(programme, 'Order (IEEPA)')}: exempt"
    return make_additional_duty(lists, programme, code, "Free", period, heading=heading, title=title, origins=origins)


def reciprocal_exempt(lists: Chapter99Lists, day: date) -> Exempt:
    """The list of note 2(v)(iii) as of a day; a legal line replaces its statistical lines where all are listed."""
    active = [
        row["hts10"]
        for row in lists.rows("ieepa_exempt_products.csv")
        if (not row["effective_date_start"] or row["effective_date_start"] <= day.isoformat())
        and (not row["effective_date_end"] or row["effective_date_end"] >= day.isoformat())
    ]
    return Exempt(tuple(_collapsed(lists, active)), "9903.01.32")


def _collapsed(lists: Chapter99Lists, codes: Iterable[str]) -> list[str]:
    """The codes, with ten-digit codes replaced by their legal line where all of its lines are listed."""
    lines: dict[str, set[str]] = defaultdict(set)
    for code in lists.codes:
        if len(code) > LEGAL_DIGITS + 1:
            lines[code[:LEGAL_DIGITS]].add(code)
    wanted: dict[str, set[str]] = defaultdict(set)
    for code in lists.listed(codes):
        wanted[code[:LEGAL_DIGITS]].add(code)
    found: list[str] = []
    for legal, listed in sorted(wanted.items()):
        # A legal line with statistical lines also counts as declared with two zeros, which is then no line of its own.
        rest = lines[legal] - listed - {legal + "00"}
        found += [legal] if legal in listed or not rest else sorted(listed)
    return found


def _partner_exempt(lists: Chapter99Lists, covered: frozenset[str], period: Period) -> Iterator[Measure]:
    """Exemptions by list, regardless of use, in the agreements with the Union, Switzerland and Liechtenstein."""
    partners = {"eu": EUROPEAN_UNION, "swiss": ("CH", "LI")}
    for row in lists.rows("floor_exempt_products.csv"):
        start = max(period.start, date.fromisoformat(row["effective_date_start"]))
        listed = (
            row["category"] in ("ptaap", "particular") and row["hts8"] not in covered and lists.listed([row["hts8"]])
        )
        if listed and period.end is not None and start <= period.end:
            yield _free(
                lists,
                RECIPROCAL,
                row["hts8"],
                Period(start, period.end),
                heading=row["ch99_code"],
                origins=partners[row["country_group"]],
            )


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
    )
    due = [(canada, "CA", ""), (mexico, "MX", "")]
    for row in lists.rows("fentanyl_carveout_products.csv"):
        if lists.listed([row["hts8"]]):
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
            conditions=_USMCA_GOODS,
            yields_to=YIELDS_TO,
        )


def _country_orders(lists: Chapter99Lists, end: date) -> Iterator[Measure]:
    """The orders on Brazil and India, each with its own list of exempt products."""
    brazil, india = lists.heading("9903.01.77"), lists.heading("9903.01.84")
    own = [
        row["hts10"].replace(".", "")
        for row in lists.rows("country_eo_exempt_products.csv")
        if row["ch99_code"] == brazil.code and row["effective_date_start"] <= lists.first_day.isoformat()
    ]
    for heading, economy, programme, codes in (
        (brazil, "BR", "US-ieepa-brazil", lists.listed(dict.fromkeys(own))),
        (india, "IN", "US-ieepa-india", reciprocal_exempt(lists, lists.first_day).codes),
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
            yields_to=YIELDS_TO,
        )
        cited = "9903.01.81" if economy == "BR" else "9903.01.86"
        for code in codes:
            yield _free(lists, programme, code, period, heading=cited, origins=(economy,))
