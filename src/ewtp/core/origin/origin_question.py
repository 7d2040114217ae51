"""A question about the origin of goods: where they are made, of which materials, and what else is known."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.origin.change import ProcessFacts
from ewtp.core.origin.sentences import GOODS_CODE_UNREADABLE, MATERIAL_UNREADABLE, MATERIALS_MISSING
from ewtp.core.values.codes import parse_economy
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODE = re.compile(r"[0-9]{4,10}\Z")
_MATERIAL = re.compile(
    r"(?P<code>[0-9. ]+)[: ]\s*(?P<origin>[A-Za-z]{2})(?:[: ]\s*(?P<share>[0-9]{1,3}(?:\.[0-9]+)?)\s*%?)?\s*\Z"
)
_WHOLE = Decimal(100)


@immutable
class Material:
    """A material with its code (digits), its origin and its share of the value of the goods in per cent, if stated."""

    code: str
    origin: str
    share: Decimal | None = None


@immutable
class OriginQuestion:
    """Goods of a code, made in an economy of materials; ``whole`` where they are wholly obtained or produced there."""

    code: str
    made_in: str
    materials: tuple[Material, ...] = ()
    whole: bool = False
    facts: ProcessFacts = ProcessFacts()

    @property
    def foreign(self) -> tuple[Material, ...]:
        """The materials that originate elsewhere than where the goods are made."""
        return tuple(material for material in self.materials if material.origin != self.made_in)


def read_origin_question(
    code: str, made_in: str, materials: Sequence[str], *, whole: bool, facts: ProcessFacts
) -> OriginQuestion | Refusal:
    """The question as somebody typed it; a material is ``CODE:ECONOMY`` or ``CODE:ECONOMY:SHARE``.

    Refused, each fault of its own: ``code_unreadable``, ``material_unreadable``, ``materials_missing``, and the codes
    of ``parse_economy``.
    """
    digits = re.sub(r"[. ]", "", code)
    found = [_read_material(text) for text in materials]
    economy = parse_economy(made_in)
    refusals = [each for each in (economy, *found) if isinstance(each, Refusal)]
    if not _CODE.match(digits):
        refusals.append(Refusal(GOODS_CODE_UNREADABLE))
    if not found and not whole:
        refusals.append(Refusal(MATERIALS_MISSING))
    if refusals:
        return Refusal.join(refusals)
    return OriginQuestion(
        digits, str(economy), tuple(each for each in found if isinstance(each, Material)), whole=whole, facts=facts
    )


def _read_material(text: str) -> Material | Refusal:
    match = _MATERIAL.match(text.strip())
    refused = Refusal(MATERIAL_UNREADABLE, {"text": text})
    if match is None:
        return refused
    code = re.sub(r"[. ]", "", match["code"])
    share = Decimal(match["share"]) if match["share"] else None
    if not _CODE.match(code) or (share is not None and share > _WHOLE):
        return refused
    return Material(code, match["origin"].upper(), share)
