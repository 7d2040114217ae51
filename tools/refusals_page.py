"""Writes the wordings in ``docs/refusals.md`` from the table of sentences; what to do about each is written by hand.

``make refusals`` rewrites the page, and a test of the house fails while it differs from the table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from ewtp.core.rulebook.phrases.composition_sentences import QUOTED
from ewtp.core.values.sentence import pieces
from ewtp.gateways.reference.sentence_table import all_sentences

PAGE = Path(__file__).parents[1] / "docs/refusals.md"
# A row's code, its wordings, and the cells written by hand.
_ROW = re.compile(r"^\| `(?P<code>[a-z0-9_]+)` \|(?P<wordings>.*?)(?<!\\)\|(?P<rest>.*)$", re.MULTILINE)


def wordings() -> dict[str, str]:
    """By code, the wordings of all its forms with … for every parameter, in order of the forms.

    Phrases of the seed are left out: they refuse nothing, and there are hundreds.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for sentence in all_sentences():
        if sentence.code and sentence.code != QUOTED.code:
            text = "".join(literal + ("…" if parameter else "") for literal, parameter in pieces(sentence.template))
            shown = text.replace("|", "\\|")
            if shown not in found[sentence.code]:
                found[sentence.code].append(shown)
    return {code: " · ".join(texts) for code, texts in found.items()}


def with_wordings(page: str) -> str:
    """The page with the wordings of the table; rows of codes that have no sentence stay as they are."""
    known = wordings()

    def rewrite(row: re.Match[str]) -> str:
        text = known.get(row["code"], row["wordings"].strip())
        return f"| `{row['code']}` | {text} |{row['rest']}"

    return _ROW.sub(rewrite, page)


if __name__ == "__main__":
    PAGE.write_text(with_wordings(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
