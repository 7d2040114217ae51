"""Lines as they would be with a claim that they do not make, and which of them could make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ewtp.core.replay.answer_pairs import encode_texts
from ewtp.core.replay.dimensions import encode_origins
from ewtp.core.replay.group_sums import find_distinct
from ewtp.core.rulebook.measure import EVERY_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import Group


def with_claim(lines: pa.Table, claim: str) -> pa.Table:
    """The lines, each with this claim and no other."""
    claims = pa.array([claim] * lines.num_rows, pa.string())
    place = lines.schema.get_field_index("claims")
    return lines.append_column("claims", claims) if place < 0 else lines.set_column(place, "claims", claims)


def claim_nothing(lines: pa.Table) -> NDArray[np.bool_]:
    """Mask of the lines without a claim."""
    if "claims" not in lines.column_names:
        return np.ones(lines.num_rows, np.bool_)
    found: NDArray[np.bool_] = encode_texts(lines["claims"])[0] == 0
    return found


def have_origin(lines: pa.Table, is_meant: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Mask of the lines whose origin, or dispatch where they state none, is meant; asked once for each economy."""
    origin, economies = encode_origins(lines)
    used, back = find_distinct(origin, len(economies))
    named = economies.take(pa.array(used)).to_pylist()
    return np.array([is_meant(name) for name in named], np.bool_)[back]


def possible_origins(measure: Measure, groups: Mapping[str, Group]) -> frozenset[str] | None:
    """The economies whose goods the measure may reach, at any time; None stands for every one."""
    include = measure.origins.include
    if EVERY_ORIGIN in include:
        return None
    return frozenset(include).union(*(find_members(groups[name]) for name in include if name in groups))


def find_members(group: Group) -> frozenset[str]:
    """The economies that are members of the group at any time."""
    return frozenset(membership.economy for membership in group.memberships)
