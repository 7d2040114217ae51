"""The products of a schedule at six digits: the mean of their ordinary rates, and the classes of papers asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.distances.code_cover import rows_covering
from ewtp.core.distances.common_edition import convert_codes
from ewtp.core.distances.line_rates import RateForm, read_line_rates
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from ewtp.core.distances.schedule_contents import ComparedSchedule
    from ewtp.core.rulebook.records import CodeReplaced

# Chapters that the Harmonized System leaves to each territory, so that their codes cannot be compared.
NATIONAL_CHAPTERS = ("98", "99")


@dataclass(frozen=True, slots=True)
class LineCounts:
    """What became of a schedule's lines, and of its products (six-digit codes of the common edition).

    ``lines`` are all but those of the national chapters; ``by_form`` has them by ``RateForm``. ``regrouped`` counts the
    lines whose goods came from several codes of the common edition. ``products`` are those that the schedule has,
    ``part_regrouped`` those of which it has some goods in such lines, ``part_left_out`` those whose mean leaves out a
    line that is not ad valorem, and ``without_mean`` those that have no ad valorem line at all.
    """

    lines: int
    national: int
    regrouped: int
    by_form: Mapping[RateForm, int]
    products: int
    part_regrouped: int
    part_left_out: int
    without_mean: int

    def as_json(self) -> dict[str, Any]:
        """The counts; forms of rates by their names."""
        return {
            "lines": self.lines,
            "national_lines": self.national,
            "regrouped_lines": self.regrouped,
            "lines_by_rate": {form.value: self.by_form.get(form, 0) for form in RateForm},
            "products": self.products,
            "products_partly_regrouped": self.part_regrouped,
            "products_with_lines_left_out": self.part_left_out,
            "products_without_mean": self.without_mean,
        }


@dataclass(frozen=True, slots=True)
class CommonCodes:
    """For each line its code in the common edition, and the codes of which some goods are regrouped with others.

    The code of a line is None where there is none, and in the national chapters.
    """

    of_line: tuple[str | None, ...]
    parted: frozenset[str]


@dataclass(frozen=True, slots=True)
class ScheduleProducts:
    """A schedule over a list of products: an array element each.

    ``listed`` says whether the schedule has the product, ``rated`` whether it has a mean ad valorem rate, and ``rate``
    is that mean in millionths of a point, rounded half up, and 0 where there is none. ``papers`` says, by MAST chapter,
    where a requirement of it reaches some line of the product; ``""`` stands for requirements whose chapter the source
    does not name.
    """

    schedule: ComparedSchedule
    listed: npt.NDArray[np.bool_]
    rated: npt.NDArray[np.bool_]
    rate: npt.NDArray[np.int64]
    papers: Mapping[str, npt.NDArray[np.bool_]]
    counts: LineCounts

    @property
    def territory(self) -> str:
        """The code of the territory."""
        return self.schedule.territory


def common_codes(schedule: ComparedSchedule, common: str, replaced: Iterable[CodeReplaced]) -> CommonCodes:
    """The codes of a schedule's lines in the common edition."""
    subheadings = [code[:SUBHEADING_DIGITS] for code in schedule.lines]
    converted, parted = convert_codes(dict.fromkeys(subheadings), schedule.hs_edition, common, replaced)
    converted |= dict.fromkeys(code for code in converted if code.startswith(NATIONAL_CHAPTERS))
    return CommonCodes(tuple(map(converted.__getitem__, subheadings)), parted)


def average_schedule(schedule: ComparedSchedule, codes: CommonCodes, products: Sequence[str]) -> ScheduleProducts:
    """The schedule over ``products``, given the common codes of its lines."""
    place: dict[str | None, int] = {None: -1} | {product: number for number, product in enumerate(products)}
    of_line = np.array([place[code] for code in codes.of_line], np.int64)
    kept = of_line >= 0
    rates = list(read_line_rates(schedule))
    ad_valorem = np.array([form is RateForm.AD_VALOREM for form, _ in rates], bool) & kept
    values = np.array([rate for _, rate in rates], np.int64)
    size = len(products)
    lines = np.bincount(of_line[kept], minlength=size)
    count = np.bincount(of_line[ad_valorem], minlength=size)
    total = np.zeros(size, np.int64)
    np.add.at(total, of_line[ad_valorem], values[ad_valorem])
    rated = count > 0
    divisor = np.where(rated, count, 1)
    national = [code.startswith(NATIONAL_CHAPTERS) for code in schedule.lines]
    forms = Counter(form for (form, _), out in zip(rates, national, strict=True) if not out)
    return ScheduleProducts(
        schedule=schedule,
        listed=lines > 0,
        rated=rated,
        rate=(2 * total + count) // (2 * divisor),
        papers=_paper_classes(schedule, of_line, size),
        counts=LineCounts(
            lines=len(rates) - sum(national),
            national=sum(national),
            regrouped=int(np.count_nonzero(~kept)) - sum(national),
            by_form=dict(forms),
            products=int(np.count_nonzero(lines)),
            part_regrouped=sum(
                product in codes.parted for product, number in zip(products, lines, strict=True) if number
            ),
            part_left_out=int(np.count_nonzero(rated & (count < lines))),
            without_mean=int(np.count_nonzero((lines > 0) & ~rated)),
        ),
    )


def _paper_classes(
    schedule: ComparedSchedule, of_line: npt.NDArray[np.int64], size: int
) -> dict[str, npt.NDArray[np.bool_]]:
    found = {row.mast_chapter[:1]: np.zeros(size, bool) for row in schedule.papers}
    for place, rows in zip(of_line.tolist(), rows_covering(schedule.lines, schedule.papers), strict=True):
        for row in rows if place >= 0 else ():
            found[row.mast_chapter[:1]][place] = True
    return found
