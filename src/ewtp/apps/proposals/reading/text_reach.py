"""What a stored text is about, kept in memory: a text never changes under its digest."""

from __future__ import annotations

from functools import lru_cache

from ewtp.apps.proposals.reading.proposal_text import text_stored
from ewtp.core.acts.act import RecognisePaper
from ewtp.core.rulebook.changeset.law_record import record_key
from ewtp.core.rulebook.measure import Measure

_TEXTS_KEPT = 256


@lru_cache(maxsize=_TEXTS_KEPT)
def text_places(digest: str) -> frozenset[tuple[str, str]]:
    """The territories and codes of the measures that a text changes."""
    records = text_stored(digest).changeset.records
    return frozenset((each.territory, each.product.prefix) for each in records if isinstance(each, Measure))


@lru_cache(maxsize=_TEXTS_KEPT)
def text_keys(digest: str) -> frozenset[tuple[str, str]]:
    """The territories and keys of the records that a text changes; memberships belong to no territory."""
    records = text_stored(digest).changeset.records
    return frozenset((getattr(each, "territory", ""), record_key(each)) for each in records)


@lru_cache(maxsize=_TEXTS_KEPT)
def article_territories(digest: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """By article, the territories whose law it is about; of a changeset its one article is about all."""
    text = text_stored(digest)
    if text.acts is None:
        about = frozenset(territory for territory, _ in text_keys(digest) if territory)
        return tuple((name, about) for name in text.content.articles)
    return tuple(
        (
            article.name,
            frozenset(act.selector.territory for act in article.acts if hasattr(act, "selector")),
        )
        for article in text.acts.articles
    )


@lru_cache(maxsize=_TEXTS_KEPT)
def reciprocal_origins(digest: str) -> frozenset[tuple[str, str]]:
    """By article, the economies whose own recognition its reciprocal ones wait for."""
    acts = text_stored(digest).acts
    return frozenset(
        (article.name, origin)
        for article in (() if acts is None else acts.articles)
        for act in article.acts
        if isinstance(act, RecognisePaper) and act.reciprocal
        for origin in act.selector.origins
    )
