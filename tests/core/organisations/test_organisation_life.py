"""The life of an organisation, against a plain model."""

from __future__ import annotations

from hypothesis import settings

from tests.aggregate_machine import FEW
from tests.core.organisations.organisation_machine import OrganisationMachine
from tests.drawn_inputs import input_count

TestOrganisationMachine = OrganisationMachine.TestCase
TestOrganisationMachine.settings = settings(FEW, max_examples=input_count(20))
