"""How many messages a text takes on a phone network: GSM-7 where every character fits, else UCS-2 (3GPP TS 23.038)."""

from __future__ import annotations

from dataclasses import dataclass

# 3GPP TS 23.038, 6.2.1: the default alphabet, and the characters that its extension table writes in two septets.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
# A message has 140 bytes; the header that joins several takes six of them (3GPP TS 23.040, 9.2.3.24).
_SINGLE = {"GSM-7": 160, "UCS-2": 70}
_JOINED = {"GSM-7": 153, "UCS-2": 67}
# A screen of USSD: 182 characters of GSM-7 (3GPP TS 23.038, 5), or 80 of UCS-2 in the same 160 bytes.
USSD_CHARACTERS = {"GSM-7": 182, "UCS-2": 80}


@dataclass(frozen=True, slots=True)
class TextParts:
    """A text as a network carries it: its ``encoding``, its length in units of that, and the number of ``parts``.

    Units are septets of GSM-7, or pairs of bytes of UCS-2, of which a character outside the basic plane takes two.
    """

    encoding: str
    units: int
    parts: int

    @property
    def fits_ussd(self) -> bool:
        """Whether one screen of USSD shows it."""
        return self.units <= USSD_CHARACTERS[self.encoding]


def text_parts(text: str) -> TextParts:
    """How a network carries a text."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        # A part never ends within a character of two septets.
        return _parts("GSM-7", [2 if character in _EXTENDED else 1 for character in text])
    return _parts("UCS-2", [len(character.encode("utf-16-be")) // 2 for character in text])


def _parts(encoding: str, widths: list[int]) -> TextParts:
    units = sum(widths)
    if units <= _SINGLE[encoding]:
        return TextParts(encoding, units, 1)
    parts, room = 1, _JOINED[encoding]
    for width in widths:
        if width > room:
            parts, room = parts + 1, _JOINED[encoding]
        room -= width
    return TextParts(encoding, units, parts)
