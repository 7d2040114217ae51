"""How often the search for a tariff code is right, and its confidence: the figures of docs/ask/accuracy.md.

Prints one JSON object for each set of labelled texts, and one for each band of confidence. Needs the reference data.
Texts are identified by a digest of their words: on the first part words and weights were chosen, on the second
confidence was fitted, and the third only measures.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import sys
from itertools import pairwise
from pathlib import Path

from ewtp.core.classification.search import SearchAnswer, search
from ewtp.gateways.reference.hs_index import load_index

_TENTHS = {"chosen": range(4), "fitted": range(4, 6), "measured": range(6, 10)}
_BANDS = (0.0, 0.1, 0.25, 0.5, 0.7, 0.9, 1.01)


def reference_data() -> Path | None:
    """The folder of reference data: ``EWTP_REFERENCE_DATA``, or the one beside the checkout; None where absent."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("EWTP_REFERENCE_DATA") or beside)
    return folder if folder.is_dir() else None


def belongs(text: str, part: str) -> bool:
    """Whether a text is in the part ``chosen``, ``fitted`` or ``measured``."""
    digest = hashlib.sha256(text.strip().lower().encode()).hexdigest()
    return int(digest, 16) % 10 in _TENTHS[part]


def search_references(folder: Path) -> list[tuple[str, str]]:
    """Short trade names and their six-digit code, from the UK's list of search references."""
    with gzip.open(folder / "labelled" / "search_references.json.gz", "rt", encoding="utf-8") as file:
        return [(text, code[:6]) for text, code in json.load(file).items()]


def rulings(folder: Path) -> list[tuple[str, str]]:
    """Descriptions of goods in US customs rulings and their six-digit code."""
    found = []
    for line in (folder / "labelled" / "atlas_validation.jsonl").read_text(encoding="utf-8").splitlines():
        question, answer = (message["content"] for message in json.loads(line)["messages"])
        text = re.sub(r"\AWhat is the HTS US Code for\s*", "", question).rstrip("?").strip()
        code = re.search(r"(\d{4})\.(\d{2})", answer)
        if code:
            found.append((text, code.group(1) + code.group(2)))
    return found


def _measure(name: str, texts: list[tuple[str, str]], told: list[tuple[float, bool]]) -> dict[str, object]:
    index = load_index()
    right = {"hs6_top1": 0, "hs6_top5": 0, "hs4_top1": 0, "hs4_top5": 0}
    count = missing = 0
    for text, code in texts:
        if not index.has(code):
            missing += 1
            continue
        answer = search(index, text, 5)
        results = answer.results if isinstance(answer, SearchAnswer) else ()
        codes = [match.hs for match in results]
        headings = [found[:4] for found in codes]
        count += 1
        right["hs6_top1"] += codes[:1] == [code]
        right["hs6_top5"] += code in codes
        right["hs4_top1"] += headings[:1] == [code[:4]]
        right["hs4_top5"] += code[:4] in headings
        if results:
            told.append((float(results[0].confidence), codes[0] == code))
    shares = {key: round(value / max(1, count), 3) for key, value in right.items()}
    return {"set": name, "n": count, "code_not_in_edition": missing, **shares}


def main() -> int:
    """Measure on the part that nothing was chosen on, and print."""
    folder = reference_data()
    if folder is None:
        print("Set EWTP_REFERENCE_DATA to the folder of reference data; nothing was measured.", file=sys.stderr)
        return 1
    told: list[tuple[float, bool]] = []
    for name, texts in (("search_references", search_references(folder)), ("rulings", rulings(folder))):
        print(json.dumps(_measure(name, [pair for pair in texts if belongs(pair[0], "measured")], told)))
    for low, high in pairwise(_BANDS):
        inside = [(confidence, right) for confidence, right in told if low <= confidence < high]
        if inside:
            stated = sum(confidence for confidence, _ in inside) / len(inside)
            correct = sum(right for _, right in inside) / len(inside)
            print(
                json.dumps(
                    {
                        "confidence": f"{low:.2f}-{min(high, 1.0):.2f}",
                        "n": len(inside),
                        "stated": round(stated, 2),
                        "right": round(correct, 2),
                    },
                ),
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
