"""The exchange rates of the seed's packs and of the ECB's archive, for tests that answer without a database."""

from __future__ import annotations

from functools import cache

from ewtp.core.assessment.exchange import RateTable, find_recorded_series, rate_table
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.exchange_rates import ECB, ecb_rates
from ewtp.gateways.seed.reader import read_packs
from ewtp.gateways.seed.root import seed_root


@cache
def seed_rate_table() -> RateTable:
    """What an installation with nothing but the seed converts by."""
    packs = read_packs(seed_root() / "exchange_rates")
    assert not isinstance(packs, Refusal), packs
    return rate_table(find_recorded_series(packs.rates), {ECB: ecb_rates()})
