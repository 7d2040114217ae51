"""The national lines of a range in a terminal: a tree of official texts, or groups of what would be charged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from ewtp.apps.assessment.surface.line_choice import arrange_choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console

    from ewtp.apps.assessment.surface.line_choice import Branch


def print_choice(out: Console, span: Mapping[str, Any]) -> None:
    """Print the lines of a range to choose from, and how the official texts are brought where none are held."""
    choice = arrange_choice(span)
    if choice is None:
        return
    if choice["tree"]:
        if choice["common"]:
            out.print(Text(f"All of them: {choice['common']}", style="dim"))
        for branch in choice["tree"]:
            _print_branch(out, branch, 1)
    else:
        for group in choice["groups"]:
            out.print(Text(_group_text(group)))
        if choice["command"]:
            out.print(Text(f"Their texts are not in the rulebook: {choice['command']}", style="dim"))
    for unit in choice["asked"]:
        out.print(Text(f"A quantity in {unit['name']} decides between some of them (--quantity).", style="dim"))


def _print_branch(out: Console, branch: Branch, depth: int) -> None:
    low = _money(branch.lowest)
    duty = low if branch.settled or branch.lowest is None else f"{low} to {_money(branch.highest)}"
    out.print(Text(f"{'  ' * depth}{branch.hs + '  ' if branch.hs else ''}{branch.text}  {duty}{_also(branch.papers)}"))
    for below in branch.below:
        _print_branch(out, below, depth + 1)


def _group_text(group: Mapping[str, Any]) -> str:
    rates = " + ".join(charge["expression"] for charge in group["rates"])
    named = ", ".join(
        code["hs"] if code["count"] == 1 else f"{code['hs']} ({code['count']} lines)" for code in group["codes"]
    )
    return f"  {_money(group['duty'])}{f' ({rates})' if rates else ''}  {named}{_also(group['paper_names'])}"


def _also(papers: Iterable[str]) -> str:
    named = "; ".join(papers)
    return f"  Also asked for: {named}." if named else ""


def _money(money: Mapping[str, str] | None) -> str:
    return "not known" if money is None else f"{money['amount']} {money['currency']}"
