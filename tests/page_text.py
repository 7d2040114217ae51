"""A page as its reader meets it: the line breaks and indents of templates are not part of it."""

from __future__ import annotations

import re

_TAG = re.compile(r"<[^<>]*>")
# What is in quotation marks may have line breaks of its own.
_GAP = re.compile(r"(\"[^\"]*\")|\s+(>?)")
_TYPED = re.compile(r"(?<=>)([^<>]*</textarea>)")


def page_text(page: str) -> str:
    """The page without the white space around its templates' line breaks; texts keep theirs, and so do text areas."""
    page = _TAG.sub(lambda tag: _GAP.sub(_in_tag, tag[0]), page)
    return "".join(piece if piece.endswith("</textarea>") else _shown(piece) for piece in _TYPED.split(page))


def _in_tag(gap: re.Match[str]) -> str:
    return gap[1] or gap[2] or " "


def _shown(piece: str) -> str:
    piece = re.sub(r"(?<=>)\s*\n\s*|\s*\n\s*(?=<)", "", piece)
    return re.sub(r"\n {2,}", " ", piece)
