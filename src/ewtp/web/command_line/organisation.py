"""``ewtp organisation``: organisations, their members and verifications, for whoever operates the installation."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.conf import settings
from django.utils import timezone, translation

from ewtp.apps.organisations.actions.organisations import (
    member_invite,
    organisation_register,
    organisation_verify,
    verification_revoke,
)
from ewtp.apps.organisations.reading.history import organisation_history
from ewtp.apps.organisations.reading.organisation_list import organisation_read, organisations_page
from ewtp.apps.organisations.surface.invitation_mail import invitation_mail, read_site
from ewtp.apps.organisations.surface.organisation_json import (
    history_json,
    invitation_json,
    members_json,
    organisation_json,
    verification_json,
)
from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.organisations.role import Role
from ewtp.core.organisations.sentences import ORGANISATION_UNKNOWN
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.shell_actor import shell_actor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ewtp.core.organisations.organisation import Organisation, Verification

_PAGE = 500
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def organisation() -> None:
    """List, show, register and verify organisations, and invite members."""


@organisation.command("list")
@_JSON
def list_organisations(*, as_json: bool) -> None:
    """List every organisation in the order of registration."""
    prepare(as_json=as_json)
    day = timezone.now().date()
    if as_json:
        say_json([organisation_json(each, day) for each in _every()])
        return
    for each in _every():
        say(f"{each.id}  {each.kind}  {each.economy}  {each.name}")


@organisation.command("show")
@click.argument("identity", metavar="ID")
@_JSON
def show(*, identity: str, as_json: bool) -> None:
    """Show an organisation: identifiers, size, house and verifications."""
    found = _find_organisation(identity, as_json=as_json)
    shown = organisation_json(found, timezone.now().date())
    if as_json:
        say_json(shown)
        return
    say(f"{found.id}  {found.kind}  {found.economy}  {found.name}")
    for each in found.identifiers.values():
        say(f"identifier    {each.scheme} {each.value} (checked by {each.check})")
    if found.size:
        say(
            f"size          {found.size.employees} employees, {found.size.turnover_eur} EUR turnover,"
            f" {found.size.balance_sheet_eur} EUR balance sheet"
        )
    for holding in found.holders:
        say(f"holder        {holding.owner} {holding.percent}%")
    house = shown["house"]
    say(f"house         {house['name'] + (', verified' if house['verified'] else ', declared') if house else 'open'}")
    for stated in found.verifications:
        say(f"verification  {_verification(stated)}")


@organisation.command("create")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([each.value for each in OrganisationKind]),
    required=True,
    help="The kind of organisation.",
)
@click.option("--economy", required=True, help="Where it is, two letters (ISO 3166-1).")
@_JSON
def create(*, name: str, kind: str, economy: str, as_json: bool) -> None:
    """Register an organisation without members; invite its first owner next."""
    prepare(as_json=as_json)
    made = organisation_register(
        name=name, kind=kind, economy=economy, founder="", actor=shell_actor(), now=timezone.now()
    )
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    if as_json:
        say_json(organisation_json(made, timezone.now().date()))
    else:
        say(made.id)


@organisation.command("members")
@click.argument("identity", metavar="ID")
@_JSON
def members(*, identity: str, as_json: bool) -> None:
    """List the members of an organisation, and who is invited."""
    found = _find_organisation(identity, as_json=as_json)
    if as_json:
        say_json(members_json(found))
        return
    for person, role in found.roles.items():
        say(f"{person}  {role}")
    for each in found.invitations:
        say(f"{each.email}  {each.role}, invited until {each.expires:%Y-%m-%d %H:%M}")


@organisation.command("invite")
@click.argument("identity", metavar="ID")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([each.value for each in Role]),
    default=Role.OWNER.value,
    show_default=True,
    help="The role of the new member.",
)
@_JSON
def invite(*, identity: str, email: str, role: str, as_json: bool) -> None:
    """Invite the person with EMAIL by mail; without a mail server the path of the invitation is printed, this once."""
    prepare(as_json=as_json)
    # Nobody's request says in which language the mail should be.
    with translation.override(settings.LANGUAGE_CODE):
        made = member_invite(
            organisation=identity,
            email=email,
            role=role,
            actor=shell_actor(),
            now=timezone.now(),
            compose=invitation_mail(read_site()),
        )
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    invitation = next(each for each in made.organisation.invitations if each.id == made.id)
    # Where no mail server takes it, the mail is a file on this computer, and somebody here has to pass it on.
    is_mailed = bool(load_configuration().smtp)
    if as_json:
        say_json({**invitation_json(invitation), "secret": None if is_mailed else made.secret})
    elif is_mailed:
        say(f"The invitation is on its way to {made.email}.")
    else:
        say(f"/invitations/{made.secret}")


@organisation.command("verify")
@click.argument("identity", metavar="ID")
@click.option(
    "--subject",
    type=click.Choice([each.value for each in Subject]),
    default=Subject.IDENTITY.value,
    show_default=True,
    help="What was verified.",
)
@click.option("--evidence", required=True, help="The evidence, in words.")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The evidence, of which the digest is stored.",
)
@click.option("--sha256", "digest", default="", help="The digest of the evidence, where it is not here as a file.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day on which it holds.")
@_JSON
def verify(*, identity: str, until: datetime, as_json: bool, **given: Any) -> None:
    """State that something about an organisation was verified."""
    prepare(as_json=as_json)
    stated = organisation_verify(
        organisation=identity,
        subject=given["subject"],
        evidence=given["evidence"],
        digest=_digest(given["file"]) if given["file"] else given["digest"],
        until=until.date(),
        actor=shell_actor(),
        now=timezone.now(),
    )
    _say_verification(stated, "", as_json=as_json)


@organisation.command("revoke")
@click.argument("verification")
@click.option("--reason", required=True, help="Why it no longer holds.")
@_JSON
def revoke(*, verification: str, reason: str, as_json: bool) -> None:
    """Revoke a verification by its id."""
    prepare(as_json=as_json)
    ended = verification_revoke(verification=verification, reason=reason, actor=shell_actor(), now=timezone.now())
    _say_verification(ended, verification, as_json=as_json)


@organisation.command("history")
@click.argument("identity", metavar="ID")
@_JSON
def history(*, identity: str, as_json: bool) -> None:
    """List what happened to an organisation, oldest first, with the numbers of the entries of the log."""
    prepare(as_json=as_json)
    found = organisation_history(shell_actor(), identity)
    if found is None:
        refuse(Refusal(ORGANISATION_UNKNOWN, {"id": identity[:40]}), as_json=as_json)
    if as_json:
        say_json([history_json(each) for each in found])
        return
    for each in found:
        number = "waiting" if each.index is None else each.index
        say(f"{each.at:%Y-%m-%d %H:%M:%S}  {number}  {each.kind}  {each.actor}")


def _every() -> Iterator[Organisation]:
    after = 0
    while True:
        page, after = organisations_page(shell_actor(), after=after, limit=_PAGE)
        yield from page
        if not after:
            return


def _find_organisation(identity: str, *, as_json: bool) -> Organisation:
    prepare(as_json=as_json)
    found = organisation_read(shell_actor(), identity)
    if found is None:
        refuse(Refusal(ORGANISATION_UNKNOWN, {"id": identity[:40]}), as_json=as_json)
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verification(stated: Verification) -> str:
    end = f", ended {stated.ended:%Y-%m-%d}" if stated.ended else ""
    return f"{stated.id}  {stated.subject} by {stated.by} until {stated.until}{end}: {stated.evidence}"


def _say_verification(changed: Organisation | Refusal, verification: str, *, as_json: bool) -> None:
    if isinstance(changed, Refusal):
        refuse(changed, as_json=as_json)
    stated = next(each for each in reversed(changed.verifications) if verification in {"", each.id})
    if as_json:
        say_json(verification_json(stated, changed.id))
    else:
        say(_verification(stated))
