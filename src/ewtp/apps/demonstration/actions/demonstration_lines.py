"""A small trade for the replays of a demonstration, made up and labelled so: a few firms that send one product each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import orjson
import pyarrow as pa

from ewtp.core.synthetic.generator import METADATA_KEY

_NOTICE = "Invented for a demonstration: nobody's trade. The codes are real, the values are no trader's."
# From, to, code, value, currency, buyer, transport, kilograms, and the sizes of the firms that send it.
# Six digits whose national lines bear different duties have none that a replay could compare.
_SENT = (
    ("GH", "US", "180631", "4800.00", "USD", "business", "sea", "900", ("micro", "small", "small")),
    ("GH", "US", "180690", "2600.00", "USD", "business", "air", "240", ("micro", "micro", "medium")),
    ("KE", "US", "440910", "9100.00", "USD", "business", "sea", "5200", ("small", "medium", "large")),
    ("GH", "US", "442199", "1900.00", "USD", "business", "air", "310", ("micro", "micro", "small")),
    ("ZA", "US", "940161", "15400.00", "USD", "business", "sea", "2100", ("small", "large", "large")),
    ("KE", "GB", "61102091", "210.00", "GBP", "consumer", "post", "1", ("micro", "micro", "small")),
    ("ZA", "GB", "42029291", "180.00", "GBP", "consumer", "post", "1", ("micro", "small", "large")),
    ("NG", "GB", "64039993", "150.00", "GBP", "consumer", "post", "1", ("micro", "micro", "medium")),
)
_MONTHS = 12


def invent_lines(year: int) -> pa.Table:
    """A consignment every two months of each firm in a year, in the columns of lines; the metadata labels them."""
    rows = [
        {
            "from": origin,
            "to": destination,
            "date": date(year, month, 1 + place % 28),
            "hs": code,
            "value": Decimal(value),
            "currency": currency,
            "buyer": buyer,
            "transport": transport,
            "quantity_kg": Decimal(mass_kg),
            "firm": f"invented-{place}-{number}",
            "firm_size": size,
            "synthetic": True,
        }
        for month in range(1, _MONTHS + 1, 2)
        for place, (origin, destination, code, value, currency, buyer, transport, mass_kg, sizes) in enumerate(_SENT)
        for number, size in enumerate(sizes)
    ]
    stated = {"synthetic": True, "notice": _NOTICE, "year": year, "lines": len(rows)}
    return pa.Table.from_pylist(rows).replace_schema_metadata({METADATA_KEY: orjson.dumps(stated)})
