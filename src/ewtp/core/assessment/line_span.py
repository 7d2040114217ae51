"""What an answer says of a code above the national lines: the span of duties, and the lines in groups and as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Kind
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.money import Money
    from ewtp.core.values.sentence import Statement
    from ewtp.core.values.unit import Unit


@immutable
class LineGroup:
    """Lines that cost the same, need the same papers and could claim the same.

    ``codes`` are the shortest codes that cover them and no other line. ``duty`` is None where it is not known;
    ``charges`` are each a kind of charge, its rule and its amount. ``papers`` are the requirements and prohibitions of
    these lines that not every line below the code has.
    """

    lines: tuple[str, ...]
    codes: tuple[str, ...]
    duty: Money | None
    charges: tuple[tuple[Kind, Rule, Money], ...]
    papers: tuple[Rule, ...]
    unknowns: tuple[Unknown, ...]

    def as_json(self) -> dict[str, Any]:
        """The group as `docs/api.md` describes it."""
        return {
            "lines": list(self.lines),
            "codes": list(self.codes),
            "duty": self.duty.as_json() if self.duty else None,
            "charges": [
                {
                    "kind": kind.value,
                    "measure": rule.measure.id,
                    "title": rule.measure.title,
                    "expression": rule.measure.expression,
                    "amount": amount.as_json(),
                }
                for kind, rule, amount in self.charges
            ],
            "papers": [
                {
                    "measure": rule.measure.id,
                    "agency": rule.measure.agency,
                    "document": rule.measure.document,
                    "title": rule.measure.title,
                }
                for rule in self.papers
            ],
            "unknowns": [unknown.as_json() for unknown in self.unknowns],
        }


@immutable
class TreeEntry:
    """A heading or a line of the tree: its depth from 0, the words that differ, and the line's code (else empty)."""

    depth: int
    text: str
    hs: str = ""

    def as_json(self) -> dict[str, Any]:
        """``{"depth", "text", "hs"}``; ``hs`` is null for a heading."""
        return {"depth": self.depth, "text": self.text, "hs": self.hs or None}


@immutable
class LineTexts:
    """The texts of national lines: what all have in common, and the tree in order; no entries where none are held."""

    common: str = ""
    entries: tuple[TreeEntry, ...] = ()


@immutable
class RangeLine:
    """One national line below a six-digit code, with the duty it would bear (None: cannot be computed)."""

    hs: str
    description: str
    duty: Money | None

    def as_json(self) -> dict[str, Any]:
        """The line and what it would bear."""
        return {
            "hs": self.hs,
            "description": self.description,
            "duty": self.duty.as_json() if self.duty else None,
        }


@immutable
class Range:
    """The span over the national lines of a code that is not itself a national line.

    ``groups`` are its lines by what they cost, need and could claim; ``duties_differ`` is False where every one of them
    bears the same duties, which are then charged. ``texts`` are their official texts, without entries where none are
    held; ``ruled_out`` the lines whose value bracket the goods are not within, and ``asked`` the units whose quantity
    would rule out more. ``schedule`` is the source of the lines.
    """

    question: Statement
    lowest_duty: Money | None
    highest_duty: Money | None
    lines: tuple[RangeLine, ...]
    groups: tuple[LineGroup, ...]
    texts: LineTexts
    duties_differ: bool = True
    ruled_out: tuple[str, ...] = ()
    asked: tuple[Unit, ...] = ()
    schedule: Source | None = None

    def as_json(self) -> dict[str, Any]:
        """The question that would settle it, the span, and the lines: one by one, in groups and as a tree."""
        schedule = self.schedule
        return {
            "question": self.question.message,
            "question_sentence": self.question.reference(),
            "duty": {
                "lowest": self.lowest_duty.as_json() if self.lowest_duty else None,
                "highest": self.highest_duty.as_json() if self.highest_duty else None,
            },
            "duties_differ": self.duties_differ,
            "lines": [line.as_json() for line in self.lines],
            "groups": [group.as_json() for group in self.groups],
            "common": self.texts.common,
            "tree": [entry.as_json() for entry in self.texts.entries],
            "ruled_out": list(self.ruled_out),
            "asked": [unit.as_json() for unit in self.asked],
            "schedule": {"id": schedule.id, "source": schedule.title, "url": schedule.link} if schedule else None,
        }
