"""The life of an organisation, against a plain model."""

from __future__ import annotations

from hypothesis import settings

from tests.aggregate_machine import FEW
from tests.core.organisations.organisation_machine import OrganisationMachine

TestOrganisationMachine = OrganisationMachine.TestCase
TestOrganisationMachine.settings = settings(FEW, max_examples=20)
