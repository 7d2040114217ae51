"""The shapes of distances in the API's description, and the parameters that choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import (
    BOOLEAN,
    DATE,
    INTEGER,
    TEXT,
    array,
    by_name,
    explain,
    nullable,
    one_of,
    record,
    ref,
)
from ewtp.core.distances.line_rates import RateForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

DISTANCE_PARAMETERS = (
    QueryParameter("economy", "Only pairs with the schedule that this economy applies.", "GB"),
    QueryParameter("other", "With `economy`, only this pair."),
    QueryParameter("product", "Only products below these two, four or six digits of the edition compared.", "61"),
)
_POINTS = nullable(TEXT)
_PAIR: Mapping[str, Schema] = {
    "economy": explain(TEXT, "The territory of the first schedule."),
    "other": TEXT,
    "products": explain(INTEGER, "Six-digit products that either schedule has."),
    "tariff": record(
        {
            "distance": explain(_POINTS, "The mean difference of ordinary rates in points; null where undefined."),
            "compared": explain(INTEGER, "Products with an ad valorem rate in both."),
            "share": explain(_POINTS, "`compared` over `products`."),
            "higher": explain(INTEGER, "Products whose rate is higher in `economy`."),
            "lower": explain(INTEGER, "Products whose rate is higher in `other`."),
        }
    ),
    "requirements": record(
        {
            "distance": explain(_POINTS, "From 0 to 1; null where no class is held whole in both."),
            "classes": explain(array(TEXT), "MAST chapters that both state to hold whole."),
            "compared": explain(INTEGER, "Products that both schedules have, where a class is shared."),
            "share": _POINTS,
        }
    ),
}

COMPONENTS: Mapping[str, Schema] = {
    "DistanceAnswer": record(
        {
            "rulebook_version": TEXT,
            "date": DATE,
            "edition": explain(TEXT, "The edition of the Harmonized System that products are codes of."),
            "product": TEXT,
            "schedules": array(ref("DistanceSchedule")),
            "items": array(record(_PAIR)),
            "chapters": explain(array(record({"chapter": TEXT, **_PAIR})), "Of one pair without `product`."),
            "products": explain(
                array(record({"product": TEXT, "rate": _POINTS, "other_rate": _POINTS, "difference": _POINTS})),
                "Of one pair with `product`, the greatest difference first; null where a schedule has no rate.",
            ),
            "agencies": explain(array(ref("AgencyCounts")), "Of each schedule with requirements."),
            "overlaps": ref("PaperOverlaps"),
            "next": nullable(TEXT),
        }
    ),
    "DistanceSchedule": record(
        {
            "territory": TEXT,
            "nomenclature": TEXT,
            "hs_edition": TEXT,
            "published": explain(nullable(DATE), "The date of the edition; null where it is not stated."),
            "counts": record(
                {
                    "lines": explain(INTEGER, "Without those of chapters 98 and 99."),
                    "national_lines": explain(INTEGER, "In chapters 98 and 99, which cannot be compared."),
                    "regrouped_lines": explain(INTEGER, "Whose goods came from several codes of `edition`."),
                    "lines_by_rate": record({form.value: INTEGER for form in RateForm}),
                    "products": INTEGER,
                    "products_partly_regrouped": explain(INTEGER, "Some of whose goods are in regrouped lines."),
                    "products_with_lines_left_out": explain(INTEGER, "Whose mean leaves out a line."),
                    "products_without_mean": explain(INTEGER, "Without any ad valorem line."),
                }
            ),
            "requirement_classes": explain(array(TEXT), "MAST chapters stated to be held whole."),
            "products_with_papers": explain(by_name(INTEGER), "By MAST chapter, products that need a paper."),
        }
    ),
    "PaperOverlaps": record(
        {
            "ranked_by": explain(one_of("trade", "tariff_lines"), "Trade: the lines of the report on burdens."),
            "lines": explain(nullable(INTEGER), "How many lines of trade were counted; null without them."),
            "synthetic": explain(nullable(BOOLEAN), "Whether those lines are made up."),
            "pairs_of_one_class": explain(INTEGER, "All pairs of papers of one MAST chapter."),
            "other_pairs": explain(INTEGER, "Pairs of different or unknown chapters, which are not ranked."),
            "items": array(
                record(
                    {
                        "territory": TEXT,
                        "papers": array(
                            record({"agency": TEXT, "document": TEXT, "lines": INTEGER, "classes": array(TEXT)})
                        ),
                        "lines": explain(INTEGER, "Tariff lines on which both are asked for."),
                        "headings": array(record({"heading": TEXT, "lines": INTEGER})),
                        "burden": explain(_POINTS, "Lines of micro and small firms for each million of trade."),
                        "act": explain(TEXT, "A draft that accepts one paper for the other, in the language of acts."),
                    }
                )
            ),
        }
    ),
    "AgencyCounts": record(
        {
            "territory": TEXT,
            "lines_by_agencies": explain(array(INTEGER), "Tariff lines on which 0, 1, 2 … agencies ask for papers."),
            "crowded_headings": explain(
                array(record({"heading": TEXT, "lines": INTEGER})), "Lines with three agencies or more, by heading."
            ),
        }
    ),
}
