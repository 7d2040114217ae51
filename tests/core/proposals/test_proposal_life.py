"""The life of a proposal, against a plain model."""

from __future__ import annotations

from hypothesis import settings

from tests.aggregate_machine import FEW
from tests.core.proposals.proposal_machine import ProposalMachine
from tests.drawn_inputs import input_count

TestProposalMachine = ProposalMachine.TestCase
TestProposalMachine.settings = settings(FEW, max_examples=input_count(120))
