"""What can be wrong with a weighted game."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

POWER_GAME_TOO_LARGE = Sentence(
    "power_game_too_large",
    "Exact indices of {members:number} members with these weights would take too long; estimate them with --sample.",
)
POWER_MEMBERS_TOO_MANY = Sentence(
    "power_members_too_many", "A game has at most {most:number} members; give fewer weights."
)
POWER_NUMBER_UNREADABLE = Sentence(
    "power_number_unreadable",
    "{text:quoted} is not a whole number; give the quota as one, and the weights as such numbers with commas between.",
)
POWER_QUOTA_OUT_OF_RANGE = Sentence(
    "power_quota_out_of_range",
    "A quota is from 1 to {total:text}, the sum of the weights; {quota:text} is not.",
)
POWER_WEIGHTS_TOO_LARGE = Sentence(
    "power_weights_too_large",
    "The weights add up to more than {most:text}; divide all of them and the quota by one number.",
)
POWER_WEIGHTS_ZERO = Sentence(
    "power_weights_zero", "All weights are zero, so nobody can pass anything; give at least one above zero."
)
