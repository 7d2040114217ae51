"""Firms whose identity and identifier are verified, as a reporter has to be who is asked whether a barrier is gone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.apps.organisations.actions.organisations import organisation_change, organisation_verify
from ewtp.core.organisations.commands import AddIdentifier
from ewtp.core.organisations.organisation import Organisation, Subject
from tests.actors import OPERATOR, person

if TYPE_CHECKING:
    from datetime import datetime


def verify_firm(firm: Organisation, now: datetime) -> None:
    """Give the firm a company number that nobody else has, and verify that and its identity at ``now``."""
    number = AddIdentifier("company_number", f"C{firm.id[-12:]}")
    founder = person(next(iter(firm.roles)), firm.id)
    numbered = organisation_change(organisation=firm.id, command=number, actor=founder, now=now)
    assert isinstance(numbered, Organisation), numbered
    for subject in (Subject.IDENTITY, Subject.COMPANY_NUMBER):
        stated = organisation_verify(
            organisation=firm.id,
            subject=subject,
            evidence="Extract of the register",
            digest="a" * 64,
            until=date(2099, 1, 1),
            actor=OPERATOR,
            now=now,
        )
        assert isinstance(stated, Organisation), stated
