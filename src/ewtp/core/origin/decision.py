"""The origin of goods imported into the United States by 19 CFR 102, as far as the rules and what is stated decide it.

What the rules are for is stated in 19 CFR 102.0: 102.20 for the marking of goods of Canada and Mexico, 102.21 for
textile products of every economy but Israel. For other goods 19 CFR 134.1(b) has substantial transformation, which is
judged case by case. The order of the tests is that of 102.11(a) and (b), with 102.13 and 102.18(b)(1).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.origin.change import ChangeVerdict, judge_rule
from ewtp.core.origin.sentences import (
    ORIGIN_CASE_BY_CASE,
    ORIGIN_CHANGE,
    ORIGIN_CHARACTER,
    ORIGIN_DOMESTIC,
    ORIGIN_ONE_MATERIAL,
    ORIGIN_PROCESS,
    ORIGIN_RULE_MISSING,
    ORIGIN_RULE_OPEN,
    ORIGIN_RULES_ELSEWHERE,
    ORIGIN_SHARE_MISSING,
    ORIGIN_SMALL_SHARE,
    ORIGIN_WHOLE,
    SCOPE_CUSTOMS_LAW,
    SCOPE_MARKING,
    SCOPE_OPERATIONS,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.origin.origin_question import Material, OriginQuestion
    from ewtp.core.rulebook.territory import OriginRule

GENERAL_SCHEME, TEXTILE_SCHEME = "US-102.20", "US-102.21"
SCHEMES = (GENERAL_SCHEME, TEXTILE_SCHEME)
# 19 CFR 102.0: whose goods are marked by 102.20. Those of the United States are of no foreign origin (134.1(c)).
_MARKED = frozenset({"CA", "MX"})
# 19 CFR 102.21(a) and 102.22.
_ISRAEL = "IL"
# 19 CFR 102.21(b)(5): chapters of textile products, beside the codes of which 102.21(e) has a rule.
_TEXTILE_CHAPTERS = frozenset(str(chapter) for chapter in range(50, 64))
# 19 CFR 102.13(a) and (b).
_SMALL_SHARE, _SMALL_SHARE_OF_DRINKS, _DRINKS = Decimal(7), Decimal(10), "22"
_NO_SMALL_SHARE = frozenset(["01", "02", "03", "04", "07", "08", "11", "12", "15", "17", "20"])


@immutable
class OriginDecision:
    """The ``origin``, None where it is not decided, and why; what it is for, and the verdict on each material.

    ``rules`` are the rules of the code, of which there may be several where they differ by its subdivisions.
    """

    origin: str | None
    reason: Statement
    scope: tuple[Statement, ...]
    rules: tuple[OriginRule, ...]
    verdicts: tuple[tuple[Material, ChangeVerdict], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The decision with every rule and its source."""
        return {
            "origin": self.origin,
            "decided": self.origin is not None,
            "reason": self.reason.as_json(),
            "scope": [each.as_json() for each in self.scope],
            "rules": [
                {
                    "rule": rule.text,
                    "classes": list(rule.classes),
                    "source": rule.source.title,
                    "published": rule.source.published.isoformat() if rule.source.published else None,
                }
                for rule in self.rules
            ],
            "materials": [
                {
                    "hs": material.code,
                    "origin": material.origin,
                    "share": None if material.share is None else f"{material.share}",
                    "change": verdict.value,
                }
                for material, verdict in self.verdicts
            ],
        }


def decide_origin(question: OriginQuestion, rules: Sequence[OriginRule]) -> OriginDecision:
    """The decision on one question; ``rules`` are those of ``SCHEMES`` for the code of the goods."""
    textile = question.code[:2] in _TEXTILE_CHAPTERS or any(rule.scheme == TEXTILE_SCHEME for rule in rules)
    own = tuple(rule for rule in rules if rule.scheme == (TEXTILE_SCHEME if textile else GENERAL_SCHEME))
    place = "19 CFR 102.21(c)" if textile else "19 CFR 102.11(a)" if question.made_in in _MARKED else "19 CFR 134.1(b)"
    scope = (Statement(SCOPE_CUSTOMS_LAW if textile else SCOPE_MARKING), Statement(SCOPE_OPERATIONS))
    economy = {"economy": question.made_in}
    if textile and question.made_in == _ISRAEL:
        return OriginDecision(None, Statement(ORIGIN_RULES_ELSEWHERE, economy), (), ())
    if question.whole:
        return OriginDecision(question.made_in, Statement(ORIGIN_WHOLE, {**economy, "place": place}), scope, own)
    if not textile and not question.foreign:
        return OriginDecision(question.made_in, Statement(ORIGIN_DOMESTIC, {**economy, "place": place}), scope, own)
    if not textile and question.made_in not in _MARKED:
        return OriginDecision(None, Statement(ORIGIN_CASE_BY_CASE), (), ())
    if not own:
        return OriginDecision(None, Statement(ORIGIN_RULE_MISSING, {"code": question.code}), scope, ())
    verdicts = _judge_materials(question, own)
    origin, reason = _decide(question, verdicts, textile=textile)
    return OriginDecision(origin, reason, scope, own, verdicts)


def _judge_materials(
    question: OriginQuestion, rules: Sequence[OriginRule]
) -> tuple[tuple[Material, ChangeVerdict], ...]:
    """The verdict on every material; open where the rules of the subdivisions of a code differ in it."""
    codes = [material.code for material in question.materials]
    judged = [judge_rule(rule.classes, question.code, codes, question.facts) for rule in rules]
    agreed = (found[0] if len(set(found)) == 1 else ChangeVerdict.OPEN for found in zip(*judged, strict=True))
    return tuple(zip(question.materials, agreed, strict=True))


def _decide(
    question: OriginQuestion, verdicts: tuple[tuple[Material, ChangeVerdict], ...], *, textile: bool
) -> tuple[str | None, Statement]:
    foreign = [(material, verdict) for material, verdict in verdicts if material.origin != question.made_in]
    failed = [material for material, verdict in foreign if verdict is ChangeVerdict.NOT_MET]
    unsettled = [material for material, verdict in foreign if verdict is ChangeVerdict.OPEN]
    if unsettled:
        return None, Statement(ORIGIN_RULE_OPEN, {"codes": _codes(unsettled)})
    if not failed:
        place = "19 CFR 102.21(c)(2)" if textile else "19 CFR 102.11(a)(3)"
        return question.made_in, Statement(ORIGIN_CHANGE, {"economy": question.made_in, "place": place})
    if textile:
        return None, Statement(ORIGIN_PROCESS, {"codes": _codes(failed), "place": "19 CFR 102.21(c)(3)-(5)"})
    chapter = question.code[:2]
    if chapter not in _NO_SMALL_SHARE:
        most = _SMALL_SHARE_OF_DRINKS if chapter == _DRINKS else _SMALL_SHARE
        small = {"most": most, "place": "19 CFR 102.13"}
        shares = [material.share for material in failed if material.share is not None]
        if len(shares) == len(failed) and sum(shares) <= most:
            return question.made_in, Statement(ORIGIN_SMALL_SHARE, {"share": sum(shares), **small})
        # What is stated may be too much already.
        if len(shares) < len(failed) and sum(shares) <= most:
            return None, Statement(ORIGIN_SHARE_MISSING, {"codes": _codes(failed), **small})
    return _decide_by_character(verdicts)


def _decide_by_character(verdicts: tuple[tuple[Material, ChangeVerdict], ...]) -> tuple[str | None, Statement]:
    """The origin of the only material that may give the goods their character: 102.11(b)(1) and 102.18(b)(1).

    Domestic materials of a code from which no change is allowed are considered beside foreign ones.
    """
    considered = [material for material, verdict in verdicts if verdict is not ChangeVerdict.MET]
    facts = {"codes": _codes(considered), "place": "19 CFR 102.11(b)(1)"}
    origins = {material.origin for material in considered}
    settled = all(verdict is not ChangeVerdict.OPEN for _, verdict in verdicts)
    if len(origins) == 1 and settled:
        return origins.pop(), Statement(ORIGIN_ONE_MATERIAL, facts)
    return None, Statement(ORIGIN_CHARACTER, facts)


def _codes(materials: Sequence[Material]) -> list[str]:
    return list(dict.fromkeys(material.code for material in materials))
