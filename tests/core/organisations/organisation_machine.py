"""An organisation against a plain dict: whatever is asked by whomever in whatever order, and while time passes."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from ewtp.core.organisations import commands as asked
from ewtp.core.organisations.decisions import INVITATION_LIFETIME, ORGANISATION
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.organisations.role import Role
from ewtp.core.values.actor import Actor, ActorKind, Capacity, Scope
from ewtp.core.values.refusal import Refusal
from tests.aggregate_machine import START, AggregateMachine

ORG, AUTHORITY = "org_" + "0" * 32, "org_" + "1" * 32
OPERATOR = Actor(ActorKind.SYSTEM, "operator", capacity=Capacity.OPERATOR)
OFFICER = Actor(ActorKind.PERSON, "otto", AUTHORITY, Capacity.AGENCY)
PROGRAM = Actor(ActorKind.TOKEN, "ewtp_x", ORG, scopes=frozenset({Scope.ADMINISTER}))
PEOPLE = ("ann", "bo", "cy")
EVIDENCE = "Extract of the register", "a" * 64


def person(name: str) -> Actor:
    return Actor(ActorKind.PERSON, name, ORG)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def email(name: str) -> str:
    return f"{name}@example.org"


WHO = st.sampled_from(PEOPLE)
ROLES = st.sampled_from([*Role])
ACTORS = st.sampled_from([*map(person, PEOPLE), OPERATOR, PROGRAM, OFFICER])
NUMBERS = st.sampled_from(["C1", "C2"])


def grown() -> Organisation:
    """An organisation to which much has happened, and of which much ends within days."""
    first, soon = START - INVITATION_LIFETIME, START.date() + timedelta(days=2)
    commands: list[tuple[asked.OrganisationCommand, Actor]] = [
        (asked.Register(ORG, "Amina", "firm", "KE", "ann"), person("ann")),
        (asked.Invite("i1", email("bo"), "administrator", digest("i1")), person("ann")),
        (asked.AcceptInvitation(digest("i1"), (email("bo"),)), person("bo")),
        (asked.AddIdentifier("company_number", "C1"), person("ann")),
        (asked.Verify("v1", "identity", *EVIDENCE, soon), OPERATOR),
        (asked.Verify("v2", "company_number", *EVIDENCE, soon, "KE"), OFFICER),
        (asked.Invite("i2", email("cy"), "viewer", digest("i2")), person("bo")),
    ]
    state = None
    for number, (command, actor) in enumerate(commands):
        outcome = ORGANISATION.answer(state, asked.Envelope(ORG, command, actor), first + timedelta(hours=12 * number))
        assert not isinstance(outcome, Refusal), (command, outcome)
        state = outcome.state
    assert state is not None
    return state


def _enveloped(commands: st.SearchStrategy[Any], *likely: Actor) -> st.SearchStrategy[asked.Envelope]:
    return st.builds(asked.Envelope, st.just(ORG), commands, st.sampled_from(likely) | ACTORS)


class OrganisationMachine(AggregateMachine):
    """The state is a dict of roles, open invitations, the company number, and verifications with their ends."""

    aggregate = ORGANISATION
    # Where it begins with nothing, little has happened when the commands are used up.
    starts: ClassVar[st.SearchStrategy[Any] | None] = st.sampled_from([None, grown(), grown()])

    def commands(self, now: datetime) -> st.SearchStrategy[Any]:  # type: ignore[override]
        """Commands mostly from those who may give them, about what is there."""
        if not self.expected:
            first: list[Any] = [asked.Register(ORG, "Amina", "firm", "KE", "ann"), asked.WithdrawInvitation("none")]
            return _enveloped(st.sampled_from(first), person("ann"))
        made = f"{len(self.events):040d}"
        open_ = self.expected["invitations"]
        invitations = st.sampled_from([*open_, *open_, "none"])
        stated = st.sampled_from([*self.expected["verifications"], *self.expected["verifications"], "none"])
        invited = st.sampled_from(
            [*((digest(i), address) for i, (address, *_) in open_.items()), ("none", email("bo"))]
        )
        verify = st.builds(
            asked.Verify,
            st.just(made),
            st.sampled_from(["identity", "company_number"]),
            *map(st.just, EVIDENCE),
            st.integers(0, 4).map(lambda days: now.date() + timedelta(days=days)),
            st.sampled_from(["KE", "UG"]),
        )
        member = st.one_of(
            st.builds(asked.Invite, st.just(made), WHO.map(email), ROLES, st.just(digest(made))),
            st.builds(asked.WithdrawInvitation, invitations),
            st.builds(asked.AddIdentifier, st.just("company_number"), NUMBERS),
            st.builds(asked.RemoveIdentifier, st.just("company_number")),
        )
        role = st.builds(asked.ChangeRole, WHO, ROLES) | st.builds(asked.RemoveMember, WHO)
        accept = st.builds(
            lambda found, who: asked.Envelope(
                ORG,
                asked.AcceptInvitation(found[0], (found[1],)),
                who or person(found[1][: found[1].index("@")]),
            ),
            invited,
            st.sampled_from([None, None, None, PROGRAM, *map(person, PEOPLE)]),
        )
        revoke = st.builds(asked.RevokeVerification, stated, st.sampled_from(["an error", "an error", " "]))
        clock = st.builds(asked.ExpireInvitation, invitations) | st.builds(asked.LapseVerification, stated)
        return st.one_of(
            _enveloped(member, person("ann"), person("bo")),
            _enveloped(role, person("ann")),
            accept,
            _enveloped(verify | revoke, OPERATOR, OFFICER),
            _enveloped(clock, OPERATOR),
        )

    @rule(data=st.data())
    def give_another(self, data: st.DataObject) -> None:
        """Commands are as frequent as the passing of time."""
        self.give(data)

    @rule(days=st.integers(1, 4))
    def wait_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    def shown(self, state: Organisation | None) -> dict[str, Any]:
        return {} if state is None else shown(state)

    def model(self, command: asked.Envelope, now: datetime) -> str | None:
        held, given, actor = self.expected, command.command, command.actor
        if isinstance(given, asked.Register):
            held.update(roles={"ann": "owner"}, invitations={}, number=None, verifications={})
            return None
        if not held:
            return "organisation_unknown"
        leaves = isinstance(given, asked.RemoveMember) and actor.name == given.person
        outside = asked.AcceptInvitation | asked.Verify | asked.RevokeVerification
        by_clock = asked.ExpireInvitation | asked.LapseVerification
        if isinstance(given, by_clock) and actor is not OPERATOR:
            return "permission_missing"
        if not isinstance(given, outside | by_clock) and not leaves and not self._administers(actor):
            return "permission_missing"
        return self._member(given, actor, now) or self._fact(given, actor, now)

    def _administers(self, actor: Actor) -> bool:
        role = self.expected["roles"].get(actor.name)
        return actor in {OPERATOR, PROGRAM} or role in {"owner", "administrator"}

    def _makes_owners(self, actor: Actor) -> bool:
        return actor is OPERATOR or self.expected["roles"].get(actor.name) == "owner"

    def _member(self, given: Any, actor: Actor, now: datetime) -> str | None:  # noqa: C901 - one case a command
        roles, invitations = self.expected["roles"], self.expected["invitations"]
        match given:
            case asked.Invite(identity, address, role, _):
                if role == "owner" and not self._makes_owners(actor):
                    return "owner_needed"
                for earlier in [each for each, (invited, _, _) in invitations.items() if invited == address]:
                    del invitations[earlier]
                invitations[identity] = (address, str(role), now + INVITATION_LIFETIME)
            case asked.AcceptInvitation(secret, (address,)):
                who = actor.name
                identity = next((each for each in invitations if digest(each) == secret), "")
                if not identity or invitations[identity][2] <= now:
                    return "invitation_unknown"
                if invitations[identity][0] != address or actor is PROGRAM:
                    return "invitation_of_another"
                if who in roles:
                    return "member_already"
                roles[who] = invitations.pop(identity)[1]
            case asked.WithdrawInvitation(identity) if invitations.pop(identity, None) is None:
                return "invitation_unknown"
            case asked.ExpireInvitation(identity) if identity in invitations:
                if invitations[identity][2] > now:
                    return "timer_not_due"
                del invitations[identity]
            case asked.ChangeRole(who, role):
                return self._become(who, str(role), actor)
            case asked.RemoveMember(who):
                return self._become(who, None, actor)
        return None

    def _become(self, who: str, role: str | None, actor: Actor) -> str | None:
        roles = self.expected["roles"]
        held = roles.get(who)
        if held is None:
            return "member_unknown"
        if held != role and "owner" in {held, role} and not self._makes_owners(actor):
            return "owner_needed"
        if held == "owner" != role and [*roles.values()].count("owner") == 1:
            return "owner_last"
        if role is None:
            del roles[who]
        else:
            roles[who] = role
        return None

    def _fact(self, given: Any, actor: Actor, now: datetime) -> str | None:  # noqa: C901, PLR0912 - likewise
        held, stated = self.expected, self.expected["verifications"]
        match given:
            case asked.AddIdentifier(_, value):
                if held["number"] not in {None, value}:
                    return "identifier_twice"
                held["number"] = value
            case asked.RemoveIdentifier():
                if held["number"] is None:
                    return "identifier_unknown"
                held["number"] = None
                for each in [key for key, (subject, *_) in stated.items() if subject == "company_number"]:
                    del stated[each]
            case asked.Verify(identity, subject, _, _, until, economy):
                if actor.on_behalf_of == ORG:
                    return "verification_of_itself"
                if actor is not OPERATOR and economy != "KE":
                    return "verifier_unentitled"
                if subject == "company_number" and held["number"] is None:
                    return "verification_subject_unknown"
                if until <= now.date():
                    return "until_past"
                stated[identity] = (subject, actor.on_behalf_of, until, None, "")
            case asked.RevokeVerification(identity, reason):
                if identity not in stated:
                    return "verification_unknown"
                subject, by, until, ended, _ = stated[identity]
                if actor is not OPERATOR and by != actor.on_behalf_of:
                    return "verification_of_another"
                if not reason.strip():
                    return "revocation_reason_missing"
                if ended is None:
                    stated[identity] = (subject, by, until, now, reason)
            case asked.LapseVerification(identity) if identity in stated and stated[identity][3] is None:
                subject, by, until, *_ = stated[identity]
                if now.date() <= until:
                    return "timer_not_due"
                stated[identity] = (subject, by, until, midnight_after(until, now), "")
        return None

    @invariant()
    def always(self) -> None:
        """What holds whatever was asked."""
        if not isinstance(self.state, Organisation):
            return
        assert "owner" in self.state.roles.values(), "an organisation without an owner"
        assert len({each.email for each in self.state.invitations}) == len(self.state.invitations)
        for each in self.state.verifications:
            assert each.by_organisation != ORG, "an organisation verified itself"
            assert each.holds(self.now.date()) <= (each.until >= self.now.date()), "it outlived its day"
            assert each.ended is None or not each.holds(self.now.date())
        accepted = [each.id for each in self.events if type(each).__name__ == "InvitationClosed"]
        assert len(accepted) == len(set(accepted)), "an invitation was used twice"


def midnight_after(until: date, now: datetime) -> datetime:
    """The first moment after a day."""
    return datetime.combine(until, datetime.min.time(), now.tzinfo) + timedelta(days=1)


def shown(state: Organisation) -> dict[str, Any]:
    """An organisation as the dict of the model has it."""
    return {
        "roles": {who: str(role) for who, role in state.roles.items()},
        "invitations": {each.id: (each.email, str(each.role), each.expires) for each in state.invitations},
        "number": next((each.value for each in state.identifiers.values()), None),
        "verifications": {
            each.id: (str(each.subject), each.by_organisation, each.until, each.ended, each.reason)
            for each in state.verifications
        },
    }
