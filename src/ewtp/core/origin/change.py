"""Whether materials make the change that a rule of origin asks for, as far as codes and stated facts tell."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.rulebook.origin_class import ELSE, OR, split_classes
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class ChangeVerdict(StrEnum):
    """Whether a material meets a rule: yes, no, or not known."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"


@immutable
class ProcessFacts:
    """What is known beside codes; None where it is not stated.

    ``simple_assembly`` is whether the goods result from it (19 CFR 102.1(o)); ``unassembled`` whether they are
    classified as complete by general rule of interpretation 2(a) alone.
    """

    simple_assembly: bool | None = None
    unassembled: bool | None = None


_DIGITS_OF_CHANGE = {"CC": 2, "CTH": 4, "CTSH": 6}
# Whom a rule is for, which excludes no material by itself.
_FOR_SOME_GOODS = frozenset({"GOODS", "COND", "FOR"})


def judge_rule(
    classes: Sequence[str], goods: str, materials: Sequence[str], facts: ProcessFacts
) -> tuple[ChangeVerdict, ...]:
    """The verdict on each material, in order; codes are digits, of any length from a chapter's on.

    Rules for different goods of the code have to agree, and one of them to be for all others, or the verdict is open.
    """
    rules = split_classes(tuple(classes), ELSE)
    judged = [_judge_alternatives(rule, goods, materials, facts) for rule in rules]
    for_all = any(not any(_is_for_some(each) for each in rule) for rule in rules)
    return tuple(
        found[0] if len(set(found)) == 1 and for_all else ChangeVerdict.OPEN for found in zip(*judged, strict=True)
    )


def _judge_alternatives(
    rule: tuple[str, ...], goods: str, materials: Sequence[str], facts: ProcessFacts
) -> tuple[ChangeVerdict, ...]:
    """One alternative has to be met by all materials; where several share them, that is open."""
    alternatives = [
        tuple(_judge_material(classes, goods, material, facts) for material in materials)
        for classes in split_classes(rule, OR)
    ]
    for found in alternatives:
        if all(each is ChangeVerdict.MET for each in found):
            return found
    by_material = list(zip(*alternatives, strict=True))
    if all(any(each is not ChangeVerdict.NOT_MET for each in found) for found in by_material):
        alone = len(alternatives) == 1
        return tuple(
            ChangeVerdict.MET if alone and found[0] is ChangeVerdict.MET else ChangeVerdict.OPEN
            for found in by_material
        )
    return tuple(_best(found) for found in by_material)


def _best(verdicts: Iterable[ChangeVerdict]) -> ChangeVerdict:
    found = set(verdicts)
    return next(each for each in (ChangeVerdict.MET, ChangeVerdict.OPEN, ChangeVerdict.NOT_MET) if each in found)


def _judge_material(classes: Iterable[str], goods: str, material: str, facts: ProcessFacts) -> ChangeVerdict:
    found = {_judge_class(each, goods, material, facts) for each in classes if not _is_for_some(each)}
    if ChangeVerdict.NOT_MET in found:
        return ChangeVerdict.NOT_MET
    # A rule of which nothing is left tells nothing.
    return ChangeVerdict.OPEN if ChangeVerdict.OPEN in found or not found else ChangeVerdict.MET


def _is_for_some(text: str) -> bool:
    return text.partition(":")[0] in _FOR_SOME_GOODS


def _judge_class(text: str, goods: str, material: str, facts: ProcessFacts) -> ChangeVerdict:
    letters, _, rest = text.partition(":")
    codes = rest.partition(":")[0]
    if letters in _DIGITS_OF_CHANGE:
        return _judge_change(_DIGITS_OF_CHANGE[letters], goods, material)
    if letters == "AH":
        return ChangeVerdict.MET
    if letters == "FROM":
        return find_among(material, codes)
    if letters == "SELF":
        # The same code holds the goods and the materials, and the words of the rule distinguish them.
        return ChangeVerdict.NOT_MET if find_among(material, codes) is ChangeVerdict.NOT_MET else ChangeVerdict.OPEN
    if letters == "EX":
        return _turn(find_among(material, codes), limit=_is_of(goods, codes))
    if letters in ("EXASM", "EXGRI", "EXIF"):
        stated = {"EXASM": facts.simple_assembly, "EXGRI": facts.unassembled}.get(letters)
        return _judge_case(find_among(material, codes), stated)
    if letters in ("NOASM", "NOGRI"):
        stated = facts.simple_assembly if letters == "NOASM" else facts.unassembled
        return ChangeVerdict.OPEN if stated is None else ChangeVerdict.NOT_MET if stated else ChangeVerdict.MET
    return ChangeVerdict.OPEN


def _judge_change(digits: int, goods: str, material: str) -> ChangeVerdict:
    length = min(digits, len(goods), len(material))
    if goods[:length] != material[:length]:
        return ChangeVerdict.MET
    return ChangeVerdict.NOT_MET if length == digits else ChangeVerdict.OPEN


def _turn(among: ChangeVerdict, *, limit: bool) -> ChangeVerdict:
    """The verdict on a code that is excepted; open where the exception is of some goods of the code of the goods."""
    if among is ChangeVerdict.NOT_MET:
        return ChangeVerdict.MET
    return ChangeVerdict.OPEN if limit or among is ChangeVerdict.OPEN else ChangeVerdict.NOT_MET


def _judge_case(among: ChangeVerdict, stated: bool | None) -> ChangeVerdict:  # noqa: FBT001 - a fact that may be unknown
    """The verdict on a code that is excepted in one case, of which it is stated whether it is the one at hand."""
    if among is ChangeVerdict.NOT_MET or stated is False:
        return ChangeVerdict.MET
    return ChangeVerdict.NOT_MET if stated and among is ChangeVerdict.MET else ChangeVerdict.OPEN


def _is_of(goods: str, codes: str) -> bool:
    """Whether an exception is of the very code of the goods, so that it is for some goods of it alone."""
    return any("-" not in span and goods.startswith(span) for span in codes.split("+"))


def find_among(code: str, codes: str) -> ChangeVerdict:
    """Whether a code lies in the spans of a class, ``8501-8503+8473``: met, not met, or open where it is too short."""
    found = ChangeVerdict.NOT_MET
    for span in codes.split("+"):
        first, _, last = span.partition("-")
        width = max(len(first), len(last), len(code))
        low, high = first.ljust(width, "0"), (last or first).ljust(width, "9")
        begin, end = code.ljust(width, "0"), code.ljust(width, "9")
        if low <= begin and end <= high:
            return ChangeVerdict.MET
        if begin <= high and low <= end:
            found = ChangeVerdict.OPEN
    return found
