"""Two texts that were written from one, joined article by article."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping

Article = TypeVar("Article")


@immutable
class ArticleConflicts:
    """The names of the articles that both texts changed, each in its own way."""

    names: tuple[str, ...]


def merge_articles(
    base: Mapping[str, Article], one: Mapping[str, Article], other: Mapping[str, Article]
) -> dict[str, Article] | ArticleConflicts:
    """The articles by name with what either text changed: where only one differs from ``base``, it counts.

    Articles of ``base`` keep their order, new ones follow by name, so that the order of the two texts does not matter.
    """
    merged: dict[str, Article] = {}
    conflicts = []
    for name in (*base, *sorted({*one, *other} - set(base))):
        was, first, second = base.get(name), one.get(name), other.get(name)
        if first != second and was not in (first, second):
            conflicts.append(name)
            continue
        made = second if first == was else first
        if made is not None:
            merged[name] = made
    return ArticleConflicts(tuple(conflicts)) if conflicts else merged
