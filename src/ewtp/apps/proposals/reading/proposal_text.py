"""The text of a proposal: acts or a changeset, with its author's words, compiled and checked on the law in force."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.http.reading.lru_map import LruMap
from ewtp.apps.proposals.store import models
from ewtp.apps.rulebook.reading.changeset_file import compile_written_acts, law_around_changesets
from ewtp.core.acts.act import Acts
from ewtp.core.acts.acts_check import check_acts
from ewtp.core.acts.acts_json import acts_as_json, acts_from_json
from ewtp.core.acts.acts_words import word_acts
from ewtp.core.proposals.article_merge import ArticleConflicts, merge_articles
from ewtp.core.proposals.proposal import Content
from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json, changeset_from_json
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.plain_words import word_changeset
from ewtp.core.rulebook.changeset.reconciliation import merge, rebase
from ewtp.core.rulebook.changeset.remark import find_remarks
from ewtp.core.values.canonical_json import canonical_digest
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.changeset.reconciliation import LawConflict
    from ewtp.core.rulebook.changeset.remark import Remark
    from ewtp.core.values.sentence import Statement

# The changes that were read last, of which each takes half a megabyte at most.
_CHANGES_KEPT, _MOST_RECORDS = 64, 500
_changesets: LruMap[bytes, Changeset[LawRecord]] = LruMap(_CHANGES_KEPT)
# A proposal that is given as a changeset is adopted as a whole.
WHOLE = "1"


@immutable
class ProposalText:
    """One text, compiled: ``acts`` is None where a changeset was given.

    ``title`` and ``explanation`` are the author's words, in ``language`` (BCP 47, empty where it was not said);
    ``requires`` are pairs of an article and one that it needs; ``faults`` are what the checks found, as JSON.
    """

    content: Content
    changeset: Changeset[LawRecord]
    acts: Acts | None
    title: str
    explanation: str
    language: str
    requires: tuple[tuple[str, str], ...]
    faults: tuple[Mapping[str, Any], ...]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What the checks remark about the change and do not refuse."""
        return find_remarks(self.changeset)

    @property
    def words(self) -> tuple[Statement, ...]:
        """What the text does, made from it: from its acts, and of a changeset from its operations."""
        return word_acts(self.acts) if self.acts is not None else word_changeset(self.changeset)

    @property
    def body(self) -> dict[str, Any]:
        """The acts, or the changeset, as JSON."""
        return acts_as_json(self.acts) if self.acts is not None else changeset_as_json(self.changeset)


def acts_compiled(acts: Acts, language: str = "") -> ProposalText | Refusal:
    """The text of acts, with their title and the author's own words; refuses with ``rulebook_empty``."""
    made = compile_written_acts(acts)
    if isinstance(made, Refusal):
        return made
    if made.compiled is None:
        msg = "acts were compiled to nothing"
        raise ValueError(msg)
    compilation, law = made.compiled.compilation, made.compiled.law
    faults = (*check(made.changeset, law), *check_acts(compilation, law))
    return ProposalText(
        content=_content(
            {"acts": acts_as_json(acts), "changeset": made.digest, "language": language},
            made.digest,
            law.book.version,
            tuple(article.name for article in acts.articles),
        ),
        changeset=made.changeset,
        acts=acts,
        title=acts.title,
        explanation=acts.text,
        language=language,
        requires=tuple((article.name, needed) for article in acts.articles for needed in article.requires),
        faults=tuple(fault.as_json() for fault in faults),
    )


def changeset_checked(
    changeset: Changeset[LawRecord], title: str, explanation: str = "", language: str = ""
) -> ProposalText | Refusal:
    """The text of a changeset; refuses with ``rulebook_empty``."""
    law = law_around_changesets(changeset)
    if isinstance(law, Refusal):
        return law
    digest = changeset_digest(changeset)
    told = {"changeset": digest, "title": title, "text": explanation, "language": language}
    return ProposalText(
        content=_content(told, digest, law.book.version, (WHOLE,)),
        changeset=changeset,
        acts=None,
        title=title,
        explanation=explanation,
        language=language,
        requires=(),
        faults=tuple(fault.as_json() for fault in check(changeset, law)),
    )


def _content(told: Mapping[str, Any], changeset: str, rulebook: str, articles: tuple[str, ...]) -> Content:
    return Content(canonical_digest(told), changeset, rulebook, articles)


def recompile_text(text: ProposalText) -> ProposalText | Refusal:
    """The same text on the law as it is now; refuses with ``rulebook_empty``."""
    if text.acts is not None:
        return acts_compiled(text.acts, text.language)
    return changeset_checked(text.changeset, text.title, text.explanation, text.language)


def merge_texts(base: ProposalText, latest: ProposalText, suggested: ProposalText) -> ProposalText | Refusal | None:
    """The latest text with what another changed in ``base``; None where the two conflict.

    Acts are joined article by article, and what they compile to has to be the merged change; otherwise, and where one
    of the texts is a changeset, the changesets alone are merged. Refuses with ``rulebook_empty``.
    """
    made = _merge_changesets(base.changeset, latest.changeset, suggested.changeset)
    if isinstance(made, Refusal):
        return made
    if not isinstance(made, Changeset):
        return None
    if base.acts is not None and latest.acts is not None and suggested.acts is not None:
        by_name = [{each.name: each for each in acts.articles} for acts in (base.acts, latest.acts, suggested.acts)]
        articles = merge_articles(*by_name)
        if isinstance(articles, ArticleConflicts):
            return None
        text = acts_compiled(Acts(tuple(articles.values()), latest.title, latest.explanation), latest.language)
        if isinstance(text, Refusal) or text.content.changeset == changeset_digest(made):
            return text
    return changeset_checked(made, latest.title, latest.explanation, latest.language)


def _merge_changesets(
    *sides: Changeset[LawRecord],
) -> Changeset[LawRecord] | tuple[LawConflict, ...] | Refusal:
    """The merged change; where the three were written on different versions, of them as they are on the law of today.

    Refuses with ``rulebook_empty``.
    """
    base, one, other = sides
    if len({side.base for side in sides} - {""}) <= 1:
        return merge(base, one, other)
    law = law_around_changesets(*sides)
    if isinstance(law, Refusal):
        return law
    moved: list[Changeset[LawRecord]] = []
    for side in sides:
        made = rebase(side, law)
        if not isinstance(made, Changeset):
            return made
        moved.append(made)
    return merge(*moved)


def find_conflicting_articles(base: ProposalText, one: ProposalText, other: ProposalText) -> tuple[str, ...]:
    """The articles of acts that two texts change differently; of a changeset, whether the whole conflicts."""
    texts = (base, one, other)
    if any(each.acts is None for each in texts):
        made = merge(base.changeset, one.changeset, other.changeset)
        return () if isinstance(made, Changeset) else (WHOLE,)
    by_name = [{each.name: each for each in text.acts.articles} for text in texts if text.acts is not None]
    merged = merge_articles(*by_name)
    return merged.names if isinstance(merged, ArticleConflicts) else ()


def text_read(digest: str) -> ProposalText | None:
    """The stored text with this digest."""
    row = models.Text.objects.filter(digest=digest).first()
    return None if row is None else _text_value(row)


def text_stored(digest: str) -> ProposalText:
    """The stored text of a version or an amendment, which always has one."""
    return _text_value(models.Text.objects.get(digest=digest))


def _text_value(row: models.Text) -> ProposalText:
    acts = None if row.acts is None else acts_from_json(row.acts)
    changeset = _read_stored_changeset(row)
    if isinstance(acts, Refusal) or isinstance(changeset, Refusal):
        msg = f"the stored text {row.digest} cannot be read"
        raise TypeError(msg)
    return ProposalText(
        content=Content(row.digest, row.changeset, row.rulebook, tuple(row.articles)),
        changeset=changeset,
        acts=acts,
        title=row.title,
        explanation=row.explanation,
        language=row.language,
        requires=tuple((article, needed) for article, needed in row.requires),
        faults=tuple(row.faults),
    )


def _read_stored_changeset(row: models.Text) -> Changeset[LawRecord] | Refusal:
    """The change of a stored text; one that was read lately is known by what is stored.

    Its own digest would not do: it covers neither reasons nor the version that it was written on.
    """
    name = sha256(orjson.dumps(row.operations)).digest()
    known = _changesets.get(name)
    if known is not None:
        return known
    changeset = changeset_from_json(row.operations)
    if isinstance(changeset, Changeset) and len(changeset.records) <= _MOST_RECORDS:
        _changesets.keep_value(name, changeset)
    return changeset


def text_store(text: ProposalText) -> None:
    """Keep a text under its digest; one that is kept already stays as it was compiled then."""
    models.Text.objects.get_or_create(
        digest=text.content.digest,
        defaults={
            "acts": None if text.acts is None else acts_as_json(text.acts),
            "operations": changeset_as_json(text.changeset),
            "changeset": text.content.changeset,
            "rulebook": text.content.rulebook,
            "articles": list(text.content.articles),
            "requires": [list(pair) for pair in text.requires],
            "faults": list(text.faults),
            "title": text.title,
            "explanation": text.explanation,
            "language": text.language,
        },
    )
