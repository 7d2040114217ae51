"""The characters that a PDF of this installation can show, and the Debian packages with the missing fonts."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import orjson
import typst

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.sentences import FONTS_MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A code point that is never assigned: every missing character gets the same glyph as this one.
_NO_CHARACTER = "\uffff"
# One page a character; its SVG names the glyph.
_PAGES = b"""
#set page(width: auto, height: auto, margin: 0pt)
#for character in json(bytes(sys.inputs.characters)) [#page[#character]]
"""
_GLYPH = re.compile(rb'href="#([^"]+)"')
_SHAPELESS = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_MOST_SHOWN = 5
_DEFAULT_PACKAGE = "fonts-noto-core"
_CJK_PACKAGE = "fonts-noto-cjk"
# First and last code point of a script, and the package with its font; fonts-noto-core has most others.
_PACKAGES: tuple[tuple[int, int, str], ...] = (
    (0x1100, 0x11FF, _CJK_PACKAGE),
    (0x1200, 0x139F, "fonts-sil-abyssinica"),
    (0x2D80, 0x2DDF, "fonts-sil-abyssinica"),
    (0x2E80, 0x9FFF, _CJK_PACKAGE),
    (0xAB00, 0xAB2F, "fonts-sil-abyssinica"),
    (0xAC00, 0xD7FF, _CJK_PACKAGE),
    (0xF900, 0xFAFF, _CJK_PACKAGE),
    (0xFF00, 0xFFEF, _CJK_PACKAGE),
    (0x1F000, 0x1FAFF, "fonts-noto-color-emoji"),
    (0x20000, 0x3FFFF, _CJK_PACKAGE),
)


def find_missing_characters(text: str, **options: Any) -> tuple[str, ...]:
    """The characters of the text that no font has, sorted; ``options`` go to typst, such as ``font_paths``."""
    characters = sorted(c for c in set(text) if _has_a_shape(c))
    glyphs = _glyphs([_NO_CHARACTER, *characters], options)
    return tuple(c for c, glyph in zip(characters, glyphs[1:], strict=True) if glyph == glyphs[0])


def _has_a_shape(character: str) -> bool:
    """Whether the character has a glyph: spaces, marks of direction and variation selectors have none."""
    return unicodedata.category(character) not in _SHAPELESS and not 0xFE00 <= ord(character) <= 0xFE0F  # noqa: PLR2004 - the variation selectors


def _glyphs(characters: Sequence[str], options: dict[str, Any]) -> list[bytes]:
    inputs = {"characters": orjson.dumps(characters).decode()}
    drawn: Any = typst.compile(_PAGES, format="svg", sys_inputs=inputs, **options)
    pages: list[bytes] = drawn if isinstance(drawn, list) else [drawn]
    return [b" ".join(_GLYPH.findall(page)) for page in pages]


def font_packages(characters: Iterable[str]) -> tuple[str, ...]:
    """The Debian packages whose fonts have these characters, sorted."""
    return tuple(sorted({_package(ord(character)) for character in characters}))


def _package(point: int) -> str:
    return next((package for first, last, package in _PACKAGES if first <= point <= last), _DEFAULT_PACKAGE)


def fonts_refusal(text: str, **options: Any) -> Refusal | None:
    """The refusal of a PDF that would show boxes instead of characters of the text; None if all can be shown."""
    missing = find_missing_characters(text, **options)
    if not missing:
        return None
    shown = "".join(missing[:_MOST_SHOWN]) + ("…" if len(missing) > _MOST_SHOWN else "")
    return Refusal(FONTS_MISSING, {"characters": shown, "packages": list(font_packages(missing))})
