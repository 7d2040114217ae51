"""The one clean-up of typographic artefacts, before the grammar reads a text.

Official texts come out of PDF and HTML files with lost or doubled spaces, hyphenated line ends, non-breaking
spaces and headings that ran into the cell. Each rule below states one such artefact. No rule changes a
figure, a unit or an operator. ``original_offset`` leads from the cleaned text back to the original one, so
that a refusal can point at the character the reader sees.
"""

from __future__ import annotations

import re

# One character for another, so that no offset moves.
_CHARACTERS = str.maketrans(
    {
        "\u00a0": " ",
        "\u2007": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\n": " ",
        "\r": " ",
        "\t": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
    },
)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        # The title of the next subchapter ran into the cell.
        (r"\s+SUBCHAPTER [IVXLC]+\s.*", ""),
        (r"\s{2,}", " "),
        (r"^\s+|\s*\.?\s*$", ""),
        # A word was broken at the end of a line.
        (r"(?<=[a-z])-\s(?=[a-z])", ""),
        # Spaces were lost or put inside words ("450c/kgwith amaximumof 96%").
        (r"\s?with\s?a\s?maximum\s?of\s?", " with a maximum of "),
        (r"(?<=[0-9%])or(?=\s?[0-9])", " or "),
        (r"\bor(?=[0-9])", "or "),
        (r"(?<=kg|li|2u)(?:less)\s?(?=[0-9])", " less "),
        (r"\bless(?=[0-9])", "less "),
        (r"(?<=/kg)(?=net\b|of\b|on\b)|(?<=/m2)(?=of\b)", " "),
        (r"\b(in|of|on|or|from)(?=the\b|alterations\b)", r"\1 "),
        (r"\bthe(?=battery|case|strap|movement)", "the "),
        (r"\bin the in the\b", "in the"),
    )
)


def normalise(text: str) -> str:
    """``text`` without artefacts of its typography."""
    clean = text.translate(_CHARACTERS)
    for pattern, new in _RULES:
        clean = pattern.sub(new, clean)
    return clean


def original_offset(text: str, offset: int) -> int:
    """The position in the original ``text`` of the character at ``offset`` of the cleaned text."""
    clean = text.translate(_CHARACTERS)
    origins = list(range(len(clean) + 1))
    for pattern, new in _RULES:
        pieces: list[str] = []
        moved: list[int] = []
        end = 0
        for match in pattern.finditer(clean):
            pieces.append(clean[end : match.start()])
            moved.extend(origins[end : match.start()])
            put = match.expand(new)
            pieces.append(put)
            start, width = match.start(), match.end() - match.start()
            moved.extend(origins[min(start + min(n, max(width - 1, 0)), len(clean))] for n in range(len(put)))
            end = match.end()
        pieces.append(clean[end:])
        moved.extend(origins[end:])
        clean, origins = "".join(pieces), moved
    return origins[min(offset, len(origins) - 1)]
