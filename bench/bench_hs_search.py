"""How long a search for a tariff code takes, against reading every text for the words asked for.

Prints one JSON object. The queries are labelled trade names where the reference data is at hand, else our own
everyday names.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ewtp.core.classification.search import search
from ewtp.gateways.reference.hs_index import make_index, read_names
from ewtp.gateways.reference.hs_texts import read_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_QUERIES = 2_000
_SCANNED = 200


def _median_ms(ask: Callable[[str], object], queries: Sequence[str]) -> float:
    times = []
    for query in queries:
        start = time.perf_counter()
        ask(query)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def _labelled_texts() -> list[str]:
    """Trade names that the UK's tariff leads to codes; empty where the reference data is not at hand."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    path = Path(os.environ.get("EWTP_REFERENCE_DATA") or beside) / "labelled" / "search_references.json.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(json.load(file))


def main() -> None:
    """Measure and print."""
    labelled = _labelled_texts()
    texts_asked = labelled or [name for _, name in read_names()]
    queries = texts_asked[:: max(1, len(texts_asked) // _QUERIES)][:_QUERIES]
    start = time.perf_counter()
    index = make_index()
    build_ms = (time.perf_counter() - start) * 1000
    texts = [(entry.code, entry.description.lower()) for entry in read_entries()]

    def scan(query: str) -> list[tuple[int, str]]:
        words = query.lower().split()
        return sorted(((-sum(word in text for word in words), code) for code, text in texts))[:10]

    ours = _median_ms(lambda query: search(index, query, 10), queries)
    theirs = _median_ms(scan, queries[:: max(1, len(queries) // _SCANNED)])
    print(
        json.dumps(
            {
                "bench": "hs_search",
                "peer": "plain scan of every text",
                "ratio": round(theirs / ours, 2),
                "ours": round(ours, 3),
                "theirs": round(theirs, 3),
                "unit": "ms per query, median",
                "n": len(queries),
                "build_ms": round(build_ms),
                "labelled": bool(labelled),
            },
        ),
    )


if __name__ == "__main__":
    main()
