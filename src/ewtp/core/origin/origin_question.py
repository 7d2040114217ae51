"""A question about the origin of goods: where they are made, of which materials, and what else is known."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.origin.change import ProcessFacts
from ewtp.core.origin.sentences import (
    GOODS_CODE_UNREADABLE,
    MATERIAL_UNREADABLE,
    MATERIALS_MISSING,
    MATERIALS_TOO_MANY,
    SHARE_OUT_OF_RANGE,
    SHARES_ABOVE_WHOLE,
    WHOLE_OF_FOREIGN,
)
from ewtp.core.values.codes import parse_economy
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODE = re.compile(r"[0-9]{4,10}\Z")
_MATERIAL = re.compile(
    r"(?P<code>[0-9. ]+)[: ]\s*(?P<origin>[A-Za-z]{2})(?:[: ]\s*(?P<share>[+-]?[0-9]+(?:\.[0-9]+)?)\s*%?)?\s*\Z"
)
_WHOLE = Decimal(100)
# More materials than a product has that is bought in parts; each is judged by every rule of the code.
MOST_MATERIALS = 200
# No material needs more characters, and a longer text is not sent back.
_LONGEST_MATERIAL, _SHOWN = 60, 40


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

    Refused, each fault of its own and with its field: ``code_unreadable`` (``hs``), ``material_unreadable``
    (``material[0]``), ``share_out_of_range`` (``material[0]``), ``materials_missing``, ``materials_too_many`` and
    ``shares_above_whole`` (``material``), ``whole_of_foreign`` (``whole``), and the codes of ``parse_economy``
    (``made_in``).
    """
    digits = re.sub(r"[. ]", "", code)
    economy = parse_economy(made_in)
    refusals = [] if _CODE.match(digits) else [Refusal(GOODS_CODE_UNREADABLE, where="hs")]
    if isinstance(economy, Refusal):
        refusals.append(economy.under("made_in"))
    found: list[Material | Refusal] = []
    if len(materials) > MOST_MATERIALS:
        refusals.append(Refusal(MATERIALS_TOO_MANY, {"most": MOST_MATERIALS}, where="material"))
    elif materials:
        found = [_read_material(text, f"material[{place}]") for place, text in enumerate(materials)]
    elif not whole:
        refusals.append(Refusal(MATERIALS_MISSING, where="material"))
    refusals += [each for each in found if isinstance(each, Refusal)]
    question = OriginQuestion(
        digits, str(economy), tuple(each for each in found if isinstance(each, Material)), whole=whole, facts=facts
    )
    shares = sum((each.share for each in question.materials if each.share is not None), Decimal())
    if shares > _WHOLE:
        refusals.append(Refusal(SHARES_ABOVE_WHOLE, {"share": shares}, where="material"))
    if whole and not isinstance(economy, Refusal) and question.foreign:
        codes = list(dict.fromkeys(each.code for each in question.foreign))
        refusals.append(Refusal(WHOLE_OF_FOREIGN, {"codes": codes}, where="whole"))
    return Refusal.join(refusals) if refusals else question


def _read_material(text: str, where: str) -> Material | Refusal:
    refused = Refusal(MATERIAL_UNREADABLE, {"text": text[:_SHOWN]}, where=where)
    match = _MATERIAL.match(text.strip()) if len(text) <= _LONGEST_MATERIAL else None
    if match is None:
        return refused
    code = re.sub(r"[. ]", "", match["code"])
    share = Decimal(match["share"]) if match["share"] else None
    if not _CODE.match(code):
        return refused
    if share is not None and not 0 <= share <= _WHOLE:
        return Refusal(SHARE_OUT_OF_RANGE, {"text": text[:_SHOWN]}, where=where)
    return Material(code, match["origin"].upper(), share)
