"""The shape of the report on the burden of rules in the API's description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.schemas import (
    BOOLEAN,
    CURRENCY,
    DECIMAL,
    ECONOMY,
    INTEGER,
    TEXT,
    array,
    by_name,
    explain,
    nullable,
    record,
    ref,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

COMPONENTS: Mapping[str, Schema] = {
    "SizeBurden": record(
        {
            "lines": explain(INTEGER, "The lines that the rules reach."),
            "firms": explain(nullable(INTEGER), "The firms on them; null where the lines name none."),
            "paid": explain(DECIMAL, "What they pay under the rules."),
            "goods": explain(DECIMAL, "The value of the goods on these lines."),
            "trade": explain(DECIMAL, "The value of all goods of firms of this size."),
            "share_of_trade": explain(nullable(DECIMAL), "paid / trade; null without trade."),
            "share_where_charged": explain(nullable(DECIMAL), "paid / goods."),
            "lines_per_million_of_trade": explain(nullable(DECIMAL), "lines / trade, times 1,000,000."),
        }
    ),
    "BurdenGroup": record(
        {
            "kind": explain(TEXT, "The kind of charge, or requirement."),
            "territory": TEXT,
            "title": TEXT,
            "agency": TEXT,
            "document": TEXT,
            "measures": explain(INTEGER, "How many measures of the group reach a line."),
            "measure": explain(TEXT, "The id of the measure where there is one; empty where there are several."),
            "expression": TEXT,
            "reference": TEXT,
            "source": TEXT,
            "url": nullable(TEXT),
            "burden": explain(
                nullable(DECIMAL),
                "What ranks it: the share of the trade of micro and small firms, or their papers for each million.",
            ),
            "difference": explain(nullable(DECIMAL), "The same less the figure of large firms."),
            "sizes": by_name(ref("SizeBurden")),
        }
    ),
    "BurdenReport": record(
        {
            "rulebook": explain(TEXT, "The version that the lines were answered from."),
            "currency": CURRENCY,
            "to": explain(nullable(ECONOMY), "The destination that the lines were narrowed to; null for every one."),
            "synthetic": explain(BOOLEAN, "Whether the lines are made up, and so nobody's trade."),
            "lines": INTEGER,
            "refused": INTEGER,
            "without_size": INTEGER,
            "without_rate": array(record({"currency": CURRENCY, "lines": INTEGER})),
            "incomplete": explain(by_name(INTEGER), "Lines that count as far as their charges are known, by size."),
            "trade": explain(by_name(ref("SizeBurden")), "All charges together, by size."),
            "groups": array(ref("BurdenGroup")),
            "paper_pairs": explain(
                array(
                    record(
                        {
                            "kind": TEXT,
                            "burden": nullable(TEXT),
                            "difference": nullable(TEXT),
                            "sizes": by_name(ref("SizeBurden")),
                            "territory": TEXT,
                            "papers": array(record({"agency": TEXT, "document": TEXT})),
                        }
                    )
                ),
                "Papers that two agencies ask for on the same lines, ranked as papers are.",
            ),
        }
    ),
}
