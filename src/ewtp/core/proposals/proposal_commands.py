"""What can be asked of a proposal, one value a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.proposals.proposal import AdoptionEnding, Content, Outcome, Participant
    from ewtp.core.replay.recomputation import RepeatableReplay
    from ewtp.core.values.actor import Actor
    from ewtp.core.votes.procedure import VoteProcedure


@immutable
class DraftProposal:
    """Begin a proposal; ``barrier`` is the one that it was drafted from, ``rival_of`` the proposal that it answers."""

    title: str
    content: Content
    barrier: str = ""
    rival_of: str = ""


@immutable
class ReviseDraft:
    """Replace the text of a draft."""

    title: str
    content: Content


@immutable
class SubmitProposal:
    """Seek sponsors, under the procedure in force; ``faults`` is the number of faults that the checks find."""

    procedure: VoteProcedure
    faults: int


@immutable
class SponsorProposal:
    """Stand behind it."""


@immutable
class EndSponsorship:
    """Stand behind it no longer."""


@immutable
class SuggestAmendment:
    """Suggest another text, written on the version whose changeset has the digest ``base``."""

    id: str
    base: str
    content: Content
    faults: int


@immutable
class AcceptAmendment:
    """Accept an amendment; ``merged`` is the text with it, None where it conflicts with the latest version."""

    id: str
    merged: Content | None


@immutable
class RejectAmendment:
    """Reject an amendment, as the author."""

    id: str


@immutable
class WithdrawAmendment:
    """Take one's own amendment back."""

    id: str


@immutable
class RecordReplay:
    """Record a replay of the latest version, the first one or a recomputation.

    ``kin`` are the other organisations of the owner group that states it.
    """

    record: RepeatableReplay
    kin: frozenset[str] = frozenset()


@immutable
class OpenVote:
    """Have the houses vote; ``faults`` is the number of faults that the checks find on today's law."""

    faults: int


@immutable
class RecordOutcome:
    """The outcome of the vote; the vote itself decides that, and the clock alone gives this command."""

    outcome: Outcome


@immutable
class WithdrawProposal:
    """Withdraw it, as its author."""

    reason: str


@immutable
class SupportWithdrawal:
    """Ask as a sponsor that it be withdrawn; more than half of the sponsors withdraw it without the author."""

    reason: str


@immutable
class SupersedeProposal:
    """Give way to another proposal, as its author."""

    by: str


@immutable
class AdoptProposal:
    """Give effect to articles in a territory from a day on; ``act`` names the act, ``requires`` what articles need.

    ``sunset`` is the last day that the articles themselves name, None where they name none.
    """

    territory: str
    articles: tuple[str, ...]
    effective: date
    act: str
    requires: tuple[tuple[str, str], ...] = ()
    signed: SignedAct | None = None
    sunset: date | None = None


@immutable
class SignedAct:
    """What the authority cites of its own act, by name, and its statement as a signed note."""

    cited: tuple[tuple[str, str], ...]
    statement: str


@immutable
class DeclineProposal:
    """State that a territory does not give effect to it; ``statement`` is the signed note."""

    territory: str
    reason: str
    statement: str = ""


@immutable
class EndAdoption:
    """An adoption has effect until ``last_day`` alone; the authority withdraws it, or the clock and imports end it."""

    act: str
    last_day: date
    ending: AdoptionEnding
    reason: str
    statement: str = ""


@immutable
class RenewAdoption:
    """Have an adoption hold until ``last_day``, beyond the day on which it would end by itself."""

    act: str
    last_day: date
    signed: SignedAct | None = None


ProposalCommand = (
    DraftProposal
    | ReviseDraft
    | SubmitProposal
    | SponsorProposal
    | EndSponsorship
    | SuggestAmendment
    | AcceptAmendment
    | RejectAmendment
    | WithdrawAmendment
    | RecordReplay
    | OpenVote
    | RecordOutcome
    | WithdrawProposal
    | SupportWithdrawal
    | SupersedeProposal
    | AdoptProposal
    | DeclineProposal
    | EndAdoption
    | RenewAdoption
)


@immutable
class ProposalEnvelope:
    """A command with the proposal that it is for and who gives it.

    ``participant`` is None for whoever acts for no organisation with a seat; ``may_take_part`` says whether the actor
    may speak for the organisation, ``authority_of`` the territories whose law it may change.
    """

    proposal: str
    command: ProposalCommand
    actor: Actor
    participant: Participant | None = None
    may_take_part: bool = False
    authority_of: tuple[str, ...] = ()
