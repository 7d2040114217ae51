"""Volumes of quotas, as the seed words them."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

QUOTA_A_YEAR = Sentence("phrase", "{volume:number} {unit:term} a calendar year", form="quota_a_year")
QUOTA_A_YEAR_OWN_RULE = Sentence(
    "phrase", "{volume:number} {unit:term} a calendar year, by its own rule of origin", form="quota_a_year_own_rule"
)
QUOTA_IN_PERIOD = Sentence(
    "phrase", "{volume:number} {unit:term} in {start:text} to {end:text}", form="quota_in_period"
)
QUOTA_IN_PERIOD_OWN_RULE = Sentence(
    "phrase",
    "{volume:number} {unit:term} in {start:text} to {end:text}, by its own rule of origin",
    form="quota_in_period_own_rule",
)
QUOTA_IN_PERIOD_DISPUTED = Sentence(
    "phrase",
    "{volume:number} {unit:term} in {start:text} to {end:text}, but other rows of the quota state other periods",
    form="quota_in_period_disputed",
)
QUOTA_IN_TWO_PERIODS = Sentence(
    "phrase",
    "{volume:number} for first period, {other:number} for second period {unit:term} in Two quota periods: "
    "{start:text} to {end:text} and {begin:text} to {last:text}",
    form="quota_in_two_periods",
)
QUOTA_VOLUME_NOT_HELD = Sentence("phrase", "volume not in this schedule", form="quota_volume_not_held")
