"""What the same acts reach on another law: two compilations of them, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset.canonical import changeset_digest, record_digest
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from ewtp.core.acts.compilation import Compilation, CompiledAct
    from ewtp.core.rulebook.changeset.law_record import LawRecord


@immutable
class ReachedOtherwise:
    """An act that does something else on the later law, by the records that it replaces and brings there.

    ``no_longer`` are records that only the earlier compilation had, ``now`` those that only the later one has; of each
    the content counts, not the name that it is filed under.
    """

    where: str
    no_longer: tuple[LawRecord, ...]
    now: tuple[LawRecord, ...]

    def as_json(self) -> dict[str, Any]:
        """The place of the act, and the names of the records."""
        sides = {"no_longer": self.no_longer, "now": self.now}
        return {"where": self.where, **{name: [record_name(each) for each in side] for name, side in sides.items()}}


@immutable
class Recompilation:
    """The difference of two compilations of the same acts on two laws, by name of their versions.

    ``acts`` are those that do something else; where there are none, both make one change of the law.
    """

    before: str
    after: str
    same_digest: bool
    acts: tuple[ReachedOtherwise, ...]

    def as_json(self) -> dict[str, Any]:
        """The two versions, whether the digest of the change is the same, and the acts that do something else."""
        versions = {"before": self.before, "after": self.after}
        return {**versions, "same_digest": self.same_digest, "acts": [act.as_json() for act in self.acts]}


def compare_compilations(earlier: Compilation, later: Compilation) -> Recompilation:
    """What the acts would now reach that they did not, and the reverse; both are compilations of the same articles."""
    found = []
    befores = {one.where: one for article in earlier.articles for one in article.acts}
    for article in later.articles:
        for one in article.acts:
            old, new = _records(befores.get(one.where)), _records(one)
            gone = tuple(record for digest, record in old.items() if digest not in new)
            come = tuple(record for digest, record in new.items() if digest not in old)
            if gone or come:
                found.append(ReachedOtherwise(one.where, gone, come))
    same = changeset_digest(earlier.changeset) == changeset_digest(later.changeset)
    return Recompilation(earlier.law, later.law, same, tuple(found))


def _records(one: CompiledAct | None) -> dict[str, LawRecord]:
    return {} if one is None else {record_digest(record): record for record in (*one.replaced, *one.brought)}
