"""National lines to choose from, arranged for readers: a tree of official texts, or groups of what would be charged."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from ewtp.gateways.official_files.formats import format_of_schedule
from ewtp.gateways.reference.locale_formats import money_text, number_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# More rows than these are folded, so that a choice fits a small screen.
_MOST_ROWS = 14


@dataclass(slots=True)
class Branch:
    """A heading or a line of the tree: its words, its duty where it is one, and what is below it.

    ``hs`` is the line's code, or the shorter code that covers all lines of a heading where they cost the same; empty
    where nothing can be chosen. ``lowest`` and ``highest`` are None where a duty is not known. ``papers`` are those
    that each line below needs and not every line of the code, without those of the heading above.
    """

    text: str
    hs: str = ""
    count: int = 1
    lowest: Mapping[str, str] | None = None
    highest: Mapping[str, str] | None = None
    papers: tuple[str, ...] = ()
    opened: bool = False
    below: list[Branch] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Whether every line below bears the same duty."""
        return self.lowest is not None and self.lowest == self.highest

    @property
    def span(self) -> str:
        """The lowest and the highest duty, as the reader's language writes them; empty where one is not known."""
        if self.lowest is None or self.highest is None:
            return ""
        language = get_language() or "en"
        low = number_text(_amount(self.lowest), language)
        high = money_text(_amount(self.highest), self.highest["currency"], language)
        return gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def leaves_duties_open(span: Mapping[str, Any] | None) -> bool:
    """Whether the duties depend on the national line; lines of an older answer with a range bear different ones."""
    return span is not None and bool(span.get("duties_differ", True))


def arrange_choice(span: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The choice among the lines of a range; None where there is no range.

    ``tree`` are the top branches, empty where no texts are held; ``groups`` the lines by cost, each with its ``codes``
    to choose from; ``command`` brings the official texts, empty where no importer reads them.
    """
    if span is None:
        return None
    duties = {line["hs"]: line["duty"] for line in span["lines"]}
    # Answers of an older edition have neither groups nor a tree.
    groups = span.get("groups") or [_lone_group(line) for line in span["lines"]]
    schedule = span.get("schedule")
    found = format_of_schedule(schedule["id"]) if schedule else None
    return {
        "count": len(duties),
        "duty": span["duty"],
        "duties_open": leaves_duties_open(span),
        "question": span.get("question_sentence") and {**span["question_sentence"], "message": span["question"]},
        "common": span.get("common", ""),
        "tree": _tree(span.get("tree", ()), duties, [set(group["lines"]) for group in groups], groups),
        "groups": [_group(group) for group in groups],
        "asked": span.get("asked", ()),
        "ruled_out": len(span.get("ruled_out", ())),
        "schedule": schedule,
        "command": found.command if found else "",
    }


def _lone_group(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "lines": [line["hs"]],
        "codes": [line["hs"]],
        "duty": line["duty"],
        "charges": [],
        "papers": [],
        "unknowns": [],
    }


def _group(group: Mapping[str, Any]) -> dict[str, Any]:
    codes = [{"hs": code, "count": sum(line.startswith(code) for line in group["lines"])} for code in group["codes"]]
    duties = [charge for charge in group["charges"] if charge["kind"] in ("duty", "additional_duty")]
    return {
        **group,
        "codes": codes,
        "rates": duties,
        "count": len(group["lines"]),
        "paper_names": [_name_paper(paper) for paper in group["papers"]],
    }


def _name_paper(paper: Mapping[str, str]) -> str:
    return paper["document"] or paper["title"]


def _tree(
    entries: Sequence[Mapping[str, Any]],
    duties: Mapping[str, Mapping[str, str] | None],
    alike: Sequence[set[str]],
    groups: Sequence[Mapping[str, Any]],
) -> list[Branch]:
    root = Branch("")
    path = [root]
    for entry in entries:
        del path[entry["depth"] + 1 :]
        branch = Branch(entry["text"], entry["hs"] or "")
        path[-1].below.append(branch)
        path.append(branch)
    codes = {
        code: {line for line in lines if line.startswith(code)}
        for group, lines in zip(groups, alike, strict=True)
        for code in group["codes"]
    }
    papers = {line: [_name_paper(paper) for paper in group["papers"]] for group in groups for line in group["lines"]}
    for branch in root.below:
        _weigh(branch, duties, codes)
        _place_papers(branch, papers, frozenset())
    _open(root)
    return root.below


def _weigh(branch: Branch, duties: Mapping[str, Mapping[str, str] | None], codes: Mapping[str, set[str]]) -> list[str]:
    """Fill in the duties of a branch and of those below it; gives its lines."""
    if not branch.below:
        branch.lowest = branch.highest = duties.get(branch.hs)
        return [branch.hs]
    lines = [line for below in branch.below for line in _weigh(below, duties, codes)]
    branch.count = len(lines)
    known = [duty for line in lines if (duty := duties.get(line)) is not None]
    if len(known) == len(lines):
        branch.lowest = min(known, key=_amount)
        branch.highest = max(known, key=_amount)
    branch.hs = next((code for code, covered in codes.items() if covered == set(lines)), "")
    return lines


def _place_papers(branch: Branch, papers: Mapping[str, Sequence[str]], above: frozenset[str]) -> None:
    """Give each paper to the highest heading whose lines all need it."""
    first, *others = (papers.get(line, ()) for line in _lines_below(branch))
    shared = [paper for paper in dict.fromkeys(first) if all(paper in each for each in others)]
    branch.papers = tuple(paper for paper in shared if paper not in above)
    for below in branch.below:
        _place_papers(below, papers, above.union(shared))


def _lines_below(branch: Branch) -> list[str]:
    return [line for below in branch.below for line in _lines_below(below)] if branch.below else [branch.hs]


def _amount(money: Mapping[str, str]) -> Decimal:
    return Decimal(money["amount"])


def _open(root: Branch) -> None:
    """Open headings from the top down while few rows are shown."""
    shown = len(root.below)
    for branch in _by_level(root):
        if branch.below and shown + len(branch.below) <= _MOST_ROWS:
            branch.opened = True
            shown += len(branch.below)


def _by_level(root: Branch) -> Iterator[Branch]:
    level = list(root.below)
    while level:
        yield from level
        level = [below for branch in level if branch.opened for below in branch.below]
