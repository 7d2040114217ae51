"""Why a duty cannot be read or computed, and the arithmetic of one that was."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

# A text that cannot be read.

AMBIGUOUS_NUMBER = Sentence(
    "expression_ambiguous",
    "{number} alone does not say what it is; for a rate, write {number}%.",
    form="number",
)
AMBIGUOUS_THOUSAND = Sentence(
    "expression_ambiguous",
    "{number} can be a thousand or a fraction; write it without the comma, or name the schedule's currency.",
)
CURRENCY_UNDETERMINED = Sentence(
    "currency_undetermined", "This amount names no currency; name the schedule's currency."
)
CURRENCY_UNDETERMINED_CENT = Sentence(
    "currency_undetermined",
    "A bare c is a cent of the schedule's currency; name that currency.",
    form="cent",
)
AMOUNT_NOT_CONFIRMED = Sentence(
    "rate_not_confirmed", "{terms:english}, and nothing in the rulebook confirms it.", form="amount"
)
AMOUNT_NOT_HELD = Sentence("amount_not_held", "The amount ({terms:english}) is not in the rulebook.")
CURRENCY_UNDETERMINED_SIGN = Sentence(
    "currency_undetermined",
    "{sign} does not say which currency it is here; write its ISO code.",
    form="sign",
)
EXPRESSION_EMPTY = Sentence("expression_empty", "The expression is empty; write a rate such as Free or 8.5%.")
EXPRESSION_TOO_LONG = Sentence(
    "expression_too_long", "The expression is longer than {most:number} characters; give one duty at a time."
)
UNREADABLE = Sentence(
    "expression_unreadable",
    "The expression cannot be read at “{rest}”; write it as the official schedule does, such as 5.1¢/kg + 8.5%.",
)
UNREADABLE_BASE = Sentence("expression_unreadable", "What this percentage is taken of cannot be read.", form="base")
UNREADABLE_DIGITS = Sentence(
    "expression_unreadable", "A number in this text has more digits than any tariff.", form="digits"
)
UNREADABLE_END = Sentence(
    "expression_unreadable",
    "The expression cannot be read because it ends too early; write it as the official schedule does, such as "
    "5.1¢/kg + 8.5%.",
    form="end",
)
UNREADABLE_FRACTION = Sentence("expression_unreadable", "{number} is not a number.", form="fraction")
UNREADABLE_NESTING = Sentence(
    "expression_unreadable", "The expression is nested too deep; write it with fewer brackets.", form="nesting"
)
UNREADABLE_NUMBER = Sentence(
    "expression_unreadable", "{number} is not a number as this schedule writes them.", form="number"
)
UNREADABLE_PART = Sentence("expression_unreadable", "This part cannot be read: {reason:english}.", form="part")
UNREADABLE_PER_DEGREE = Sentence(
    "expression_unreadable", "Only a reduction is given per degree, and not a duty by itself.", form="per_degree"
)
UNREADABLE_REDUCTION = Sentence(
    "expression_unreadable", "Only a specific duty is reduced by degrees.", form="reduction"
)
UNREADABLE_SEASON = Sentence(
    "expression_unreadable",
    "The season “{season}” cannot be read; write it like 01 JAN - 14 MAY.",
    form="season",
)
UNREADABLE_SEASON_IMPOSSIBLE = Sentence(
    "expression_unreadable", "The season “{season}” is impossible: {reason:english}.", form="season_impossible"
)
UNREADABLE_SPECIFIC = Sentence(
    "expression_unreadable", "A specific duty is not written with a fraction.", form="specific"
)
UNREADABLE_UNIT = Sentence("expression_unreadable", "What this duty is counted in cannot be read.", form="unit")
SPECIAL_EMPTY = Sentence("special_unreadable", "The cell holds no rate.", form="empty")
SPECIAL_TOO_LONG = Sentence(
    "special_unreadable", "The rates are longer than {most:number} characters; give one line's cell.", form="too_long"
)
SPECIAL_WITHOUT_PROGRAMME = Sentence(
    "special_unreadable",
    "A rate after the last list of programmes names no programme.",
    form="without_programme",
)
SPECIAL_WITHOUT_RATE = Sentence("special_unreadable", "A list of programmes follows no rate; write the rate before it.")

# A duty that lacks a fact.

ALTERNATIVE_UNDETERMINED = Sentence(
    "alternative_undetermined",
    "The schedule says only “or” between {amounts:or money}; ask the customs authority which one applies.",
)
CURRENCY_MISSING = Sentence(
    "currency_missing", "Say which currency the value is in with --currency, such as --currency USD."
)
EXCHANGE_RATE_MISSING = Sentence(
    "exchange_rate_missing",
    "An amount in {source} has to be converted to {target}, and no rate {source}/{target} is known; give one.",
    form="duty",
)
FACT_MISSING = Sentence(
    "fact_missing",
    "This duty needs the {fact:english}, which the rulebook does not hold; look it up in the official schedule.",
)
FACT_MISSING_QUOTED = Sentence(
    "fact_missing",
    "This duty needs the {fact:english} (“{text:english}”), which the rulebook does not hold; look it up in the "
    "official schedule.",
    form="quoted",
)
INHERITED_DUTY_MISSING = Sentence(
    "inherited_duty_missing",
    "This duty is that of the applicable subheading; give the full tariff code, so that its duty is known.",
)
PART_VALUE_MISSING = Sentence(
    "part_value_missing", "This duty is taken of the {part:english}; give the value of that part."
)
QUANTITY_MISSING = Sentence(
    "quantity_missing",
    "This duty of {duty:money} is counted in {unit:unit}; give the quantity in {asked_as}.",
)
RATE_UNREADABLE = Sentence("rate_unreadable", "Write a rate as EUR/GBP=0.8571 (one euro in pounds), not {text:quoted}.")
REFERENCE_MISSING = Sentence(
    "fact_missing",
    "This duty needs the provision it refers to, which the rulebook does not hold; look it up in the official "
    "schedule.",
    form="reference",
)
REFERENCE_MISSING_QUOTED = Sentence(
    "fact_missing",
    "This duty needs the provision it refers to (“{text:english}”), which the rulebook does not hold; look it up in "
    "the official schedule.",
    form="reference_quoted",
)
SEASON_DATE_MISSING = Sentence(
    "date_missing", "This duty depends on the season; give the date with --date YYYY-MM-DD.", form="season"
)
SEASON_MISSING = Sentence(
    "season_missing",
    "The schedule has more than one duty for {day:date}; check the seasons in the official text.",
)
SEASON_MISSING_NONE = Sentence(
    "season_missing",
    "The schedule has no duty for {day:date}; check the seasons in the official text.",
    form="none",
)

VALUE_MISSING = Sentence(
    "value_missing", "This duty is a share of the value; give it with --value 1000 --currency USD."
)

# Steps of the arithmetic.

STEP_AD_VALOREM = Sentence("step_ad_valorem", "{rate:expression} of {base:money} = {result:money}")
STEP_AD_VALOREM_PART = Sentence(
    "step_ad_valorem", "{rate:expression} of {base:money} ({part:english}) = {result:money}", form="part"
)
STEP_ALTERNATIVE = Sentence("step_alternative", "{amounts:or amount}, all are equal: {result:money}", form="equal")
STEP_ALTERNATIVE_HIGHER = Sentence("step_alternative", "{amounts:or amount}, the higher: {result:money}", form="higher")
STEP_ALTERNATIVE_LOWER = Sentence("step_alternative", "{amounts:or amount}, the lower: {result:money}", form="lower")
STEP_CONVERSION = Sentence("step_conversion", "{amount:money} × {rate:number} {target}/{source} = {result:money}")
STEP_DIFFERENCE = Sentence("step_difference", "{first:amount} less {second:amount} = {result:money}")
STEP_DIFFERENCE_FLOOR = Sentence(
    "step_difference", "{first:amount} less {second:amount} = {result:money}, not below zero", form="floor"
)
STEP_FREE = Sentence("step_free", "Free: {result:money}")
STEP_INHERITED = Sentence("step_inherited", "the duty provided in the applicable subheading = {result:money}")
STEP_MAXIMUM = Sentence("step_maximum", "the maximum {bound:expression} ({limit:money}) applies: {result:money}")
STEP_MAXIMUM_UNREACHED = Sentence(
    "step_maximum", "the maximum {bound:expression} ({limit:money}) does not change {result:money}", form="unreached"
)
STEP_MINIMUM = Sentence("step_minimum", "the minimum {bound:expression} ({limit:money}) applies: {result:money}")
STEP_MINIMUM_UNREACHED = Sentence(
    "step_minimum", "the minimum {bound:expression} ({limit:money}) does not change {result:money}", form="unreached"
)
STEP_NOTHING = Sentence("step_nothing", "{duty:expression} = {result:money}")
STEP_POLARISED = Sentence(
    "step_polarised",
    "{quantity:number} {unit:unit} × {rate:expression} at {degrees:number} degrees = {result:money}",
)
STEP_SEASON = Sentence("step_season", "on {day:date} the season {seasons:list season} applies: {result:money}")
STEP_SEASON_REST = Sentence(
    "step_season", "on {day:date} the season rest of the year applies: {result:money}", form="rest"
)
STEP_SPECIFIC = Sentence("step_specific", "{quantity:number} {unit:unit} × {rate:expression} = {result:money}")
STEP_SPECIFIC_TIMES = Sentence(
    "step_specific",
    "{quantity:number} {factor:unit} × {unit:unit} × {rate:expression} = {result:money}",
    form="times",
)
STEP_SUM = Sentence("step_sum", "{terms:plus amount} = {result:money}")

# How words end that only say what sets the amount, what a single source states, or that another publication has it;
# words of the last kind are a phrase as a whole.
NOT_HELD, NOT_CONFIRMED, ELSEWHERE = ", and not held", ", and not confirmed", ", not in this schedule"
ONLY_WORDS = {NOT_HELD: AMOUNT_NOT_HELD, NOT_CONFIRMED: AMOUNT_NOT_CONFIRMED, ELSEWHERE: AMOUNT_NOT_HELD}
