"""The grid of a proposal's articles and the economies that they are about: what each did, and what blocks the rest."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ewtp.core.proposals.proposal import Proposal, ProposalAdoption


class CellState(StrEnum):
    """What an economy did with an article; an open one can be adopted, a blocked one cannot be by itself."""

    ADOPTED = "adopted"
    COMING = "coming"
    ENDED = "ended"
    DECLINED = "declined"
    OPEN = "open"
    BLOCKED = "blocked"
    UNCONCERNED = "unconcerned"


@immutable
class GridCell:
    """An article in an economy.

    ``day`` is the first day of one that is coming, or the last one of one that ended or will end. A blocked one lacks
    the articles ``needs``, or the economy has adopted other rules in the place of the same ones by ``rivals``.
    """

    state: CellState
    day: date | None = None
    needs: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()


@immutable
class GridRow:
    """An article with its cells, in the order of the economies."""

    article: str
    cells: tuple[GridCell, ...]


@immutable
class ArticleReach:
    """What is known of the articles beside the proposal.

    ``concerned`` has the economies that each article is about, ``requires`` pairs of an article and one that it needs,
    and ``rivals`` by economy the other proposals by which it has ruled on the same things since.
    """

    concerned: Mapping[str, frozenset[str]]
    requires: Sequence[tuple[str, str]]
    rivals: Mapping[str, tuple[str, ...]]


def article_grid(proposal: Proposal, reach: ArticleReach, today: date) -> tuple[tuple[str, ...], tuple[GridRow, ...]]:
    """The economies, and a row for each article of the latest version."""
    stated = {each.territory for each in proposal.adoptions} | {each.territory for each in proposal.declines}
    economies = tuple(sorted(stated.union(*reach.concerned.values())))
    rows = tuple(
        GridRow(article, tuple(_cell(proposal, article, each, reach, today) for each in economies))
        for article in proposal.version.content.articles
    )
    return economies, rows


def _cell(proposal: Proposal, article: str, economy: str, reach: ArticleReach, today: date) -> GridCell:
    own = [each for each in proposal.adoptions if each.territory == economy]
    adopted = next((each for each in reversed(own) if article in each.articles), None)
    if adopted is not None:
        return _find_adopted_cell(adopted, today)
    if any(each.territory == economy for each in proposal.declines):
        return GridCell(CellState.DECLINED)
    if economy not in reach.concerned.get(article, ()):
        return GridCell(CellState.UNCONCERNED)
    held = {name for each in own if each.last_day is None or each.last_day >= today for name in each.articles}
    missing = tuple(needed for name, needed in reach.requires if name == article and needed not in held)
    rivals = reach.rivals.get(economy, ())
    return GridCell(CellState.BLOCKED, None, missing, rivals) if missing or rivals else GridCell(CellState.OPEN)


def _find_adopted_cell(adopted: ProposalAdoption, today: date) -> GridCell:
    last_day = adopted.last_day
    if last_day is not None and (last_day < today or last_day < adopted.effective):
        return GridCell(CellState.ENDED, last_day)
    if adopted.effective > today:
        return GridCell(CellState.COMING, adopted.effective)
    return GridCell(CellState.ADOPTED, last_day)
