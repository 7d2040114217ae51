"""What happens to the measurement of an adoption's effect: its plan is registered, and figures are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ewtp.core.log.event import EventKind
from ewtp.core.proposals.event_kinds import PublicEvent
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping


class EffectEvent(EventKind):
    """What can happen to a measurement."""

    PLANNED = "proposals:effect:planned"
    FIGURES_LOADED = "proposals:effect:figures_loaded"


@immutable
class EffectPlanned(PublicEvent):
    """The plan of measurement of the adoption with the act ``act``, about the proposal that is the event's subject.

    ``plan`` is as its own method writes it and ``digest`` the SHA-256 of its canonical JSON. ``by`` is the
    organisation that registers it, empty for the plan that is made from the adoption itself. ``promise`` is the change
    of the outcome that the law foretells for the goods reached, as a decimal number; None where it foretells none.
    """

    kind: ClassVar = EffectEvent.PLANNED
    act: str
    territory: str
    plan: Mapping[str, Any]
    digest: str
    by: str
    promise: str | None


@immutable
class FiguresLoaded(PublicEvent):
    """Figures of outcomes were loaded under the subject's identifier.

    ``source`` says who states them ("reported" or "law"), ``title`` what they are, and ``digest`` is the SHA-256 of
    the canonical JSON of the cells, of which ``withheld`` have too few firms behind them.
    """

    kind: ClassVar = EffectEvent.FIGURES_LOADED
    source: str
    title: str
    digest: str
    cells: int
    withheld: int
