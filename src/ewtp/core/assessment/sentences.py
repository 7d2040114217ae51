"""Sentences about faults of a question, and about the unknowns of an answer."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

# A question that cannot be read.

AMOUNT_TOO_FINE = Sentence(
    "amount_too_fine", "An amount in {currency} has no fractions below its smallest coin; round {field:field}."
)
BUYER_UNKNOWN = Sentence("buyer_unknown", "buyer is one of {choices:list text}.")
CLAIMS_UNREADABLE = Sentence("claims_unreadable", "Give claims as a list of option ids.")
DATE_ABSURD = Sentence("date_absurd", "Give a date between 1990 and 2100.")
FIELD_UNKNOWN = Sentence("field_unknown", "There is no field {field:quoted}; the fields are {known:list text}.")
KEEP_UNREADABLE = Sentence("keep_unreadable", "keep is true or false.")
KNOWN_AT_UNREADABLE = Sentence(
    "known_at_unreadable", "Give known_at as a moment with its time zone, such as 2026-06-30T12:00:00Z."
)
LINES_MISSING = Sentence("lines_missing", "Give at least one line with hs and value.")
LINES_TOO_MANY = Sentence("lines_too_many", "One question has at most {most:number} lines; split it.")
LINE_UNREADABLE = Sentence("question_unreadable", "A line is an object with hs and value.", form="line")
MONEY_UNREADABLE = Sentence("money_unreadable", 'Give {field} as {{"amount": "1000.00", "currency": "USD"}}.')
PARTS_TOO_LONG = Sentence(
    "parts_unreadable",
    "Give at most {most:number} parts, each under a name of at most {longest:number} characters.",
    form="long",
)
PARTS_UNREADABLE = Sentence("parts_unreadable", 'Give parts as {{"case": {{"amount": …, "currency": …}}}}.')
QUANTITIES_UNREADABLE = Sentence("quantities_unreadable", 'Give quantities as {{"kg": "120"}}.')
QUESTION_UNREADABLE = Sentence("question_unreadable", "Send one JSON object with from, to and lines.")
SAME_ECONOMY = Sentence("same_economy", "The goods do not cross a border: give two different economies.")
TRANSPORT_UNKNOWN = Sentence("transport_unknown", "transport is one of {choices:list text}.")
VALUE_ZERO = Sentence("value_zero", "Give the price of the goods; zero is not a customs value.")

# A question that cannot be answered as it was asked.

CLAIMS_CONFLICT = Sentence(
    "claims_conflict", "{claims:and text} set different duties, and goods enter under one of them: claim one."
)
CLAIMS_CONFLICT_RATE = Sentence(
    "claims_conflict",
    "{claims:and text} state different rates of {title:english}, and goods bear one of them: claim one.",
    form="rate",
)
CLAIM_CLOSED = Sentence(
    "claim_closed",
    "{claim:quoted} is closed on {day:date}; in each year it is open on these days: {seasons:and season}.",
)
CLAIM_UNKNOWN = Sentence(
    "claim_unknown",
    "{claim:quoted} cannot be claimed for these goods from this origin on this day; claim one of: {claims:list text}.",
)
CLAIM_UNKNOWN_NONE = Sentence(
    "claim_unknown",
    "{claim:quoted} cannot be claimed for these goods from this origin on this day, and no other claim can.",
    form="none",
)
CODE_UNKNOWN = Sentence(
    "code_unknown",
    "{code:code} is not a code of the {territory:territory} schedule ({nomenclature}); look it up in the product "
    "search (`ewtp hs`).",
)
CODE_UNKNOWN_HS = Sentence(
    "code_unknown",
    "{code:code} is not a code of HS 2022; look it up in the product search (`ewtp hs`).",
    form="hs",
)
CODE_UNKNOWN_LINES = Sentence(
    "code_unknown",
    "{code:code} is not in the {territory:territory} schedule ({nomenclature}); the lines under {subheading:code} are "
    "{lines:list code}.",
    form="lines",
)
CODE_UNKNOWN_MORE_LINES = Sentence(
    "code_unknown",
    "{code:code} is not in the {territory:territory} schedule ({nomenclature}); the lines under {subheading:code} are "
    "{lines:list code} and more.",
    form="more_lines",
)
CODE_WRONG_EDITION = Sentence(
    "code_wrong_edition",
    "{code:code} belongs to another edition than the {territory:territory} schedule ({nomenclature}), where the goods "
    "of {subheading:code} are under {codes:or code}; ask with one of those.",
)
CODE_WRONG_EDITION_HS = Sentence(
    "code_wrong_edition",
    "{code:code} belongs to another edition than HS 2022, where the goods of {subheading:code} are under "
    "{codes:or code}; ask with one of those.",
    form="hs",
)
CODE_WRONG_EDITION_MORE = Sentence(
    "code_wrong_edition",
    "{code:code} belongs to another edition than the {territory:territory} schedule ({nomenclature}), where the goods "
    "of {subheading:code} are under {codes:list code} and {count:number} more; ask with one of those.",
    form="more",
)
EXCHANGE_RATE_MISSING = Sentence(
    "exchange_rate_missing",
    "No official rate converts {source} to {target} on {day:date}; give the amount in {target}.",
)

# What an answer leaves open.

BETWEEN_CUSTOMS_UNION = Sentence(
    "inside_customs_union",
    "{origin:economy} and {destination:economy} are in a customs union; whether these goods move free of duty depends "
    "on their status and on what the union covers, which is not in the rulebook, so no duty is shown.",
    form="between_territories",
)
CODE_CONVERTED = Sentence(
    "code_of_other_edition",
    "{code:code} belongs to another edition than the {territory:territory} schedule ({nomenclature}), where all its "
    "goods are under {converted:code}; the answer is for that code.",
)
CODE_CONVERTED_HS = Sentence(
    "code_of_other_edition",
    "{code:code} belongs to another edition than HS 2022, where all its goods are under {converted:code}; the answer "
    "is for that code.",
    form="hs",
)
# Without these a charge that is certain could be left out unseen.
CHARGES_NOT_HELD = Sentence(
    "charges_not_held", "{economy:economy} has these charges, and the rulebook does not hold them: {kinds:list term}."
)
CHARGES_NOT_HELD_SINCE = Sentence(
    "charges_not_held",
    "What the rulebook holds of these charges of {economy:economy} ends on {last:date}: {kinds:list term}; ask for a "
    "day no later than that.",
    form="since",
)
CHARGES_NOT_LOOKED_AT = Sentence(
    "charges_not_looked_at", "It is not known whether {economy:economy} has these charges: {kinds:list term}."
)
CHARGE_NOT_HELD = Sentence(
    "amount_not_held",
    "These goods, or some of them, owe a charge whose amount ({terms:sentence}) is not in the rulebook: "
    "{title:english}.",
    form="charge",
)
CODE_FINER_THAN_SCHEDULE = Sentence(
    "code_finer_than_schedule",
    "The rulebook's schedule of {territory:territory} ends at {code:code}; the digits after it were not checked.",
)
CODE_NOT_NATIONAL = Sentence(
    "code_not_national",
    "{code:code} has {count:number} national lines that bear different duties; naming the line settles it.",
)
CODE_BY_VALUE = Sentence(
    "code_not_national",
    "The value for each unit ({units:or unit}) rules out {out:number} of the {count:number} national lines of "
    "{code:code}.",
    form="by_value",
)
CODE_BY_VALUE_ONE = Sentence(
    "code_not_national",
    "The value for each unit ({units:or unit}) leaves one of the {count:number} national lines of {code:code}: "
    "{line:code}; the answer is for that line.",
    form="one_by_value",
)
CODE_NOT_NATIONAL_FEES = Sentence(
    "code_not_national",
    "The {count:number} national lines of {code:code} do not bear the same fees; naming the line settles it.",
    form="fees",
)
CODE_NOT_NATIONAL_TAXES = Sentence(
    "code_not_national",
    "The {count:number} national lines of {code:code} do not bear the same taxes; naming the line settles it.",
    form="taxes",
)
CODE_NOT_NATIONAL_SAME = Sentence(
    "code_not_national",
    "The code has {count:number} national lines; the charges, open questions and papers are the same for all, so the "
    "answer is for any of them. A declaration needs one.",
    form="same",
)
CODE_NOT_NATIONAL_PAPERS = Sentence(
    "code_not_national",
    "The {count:number} national lines of {code:code} are charged the same, but some need papers that others do not: "
    "{papers:and english}. Naming the line settles it.",
    form="papers",
)
CONDITION_OPEN = Sentence(
    "condition_open", "{title:english} applies on a condition that the question does not settle: {condition:sentence}."
)
CONDITION_OPEN_AMOUNT = Sentence(
    "condition_open", "{title:english} may be owed and is not computed: {condition:sentence}.", form="amount"
)
CONDITION_OF_AREA = Sentence("condition_open", "goods of the origins “{words:sentence}”", form="of_area")
CONDITION_OF_CODE = Sentence("condition_open", "the additional code of “{words:sentence}”", form="of_code")
CONDITION_OPEN_BUYER = Sentence(
    "condition_open",
    "{title:english} applies where buyer is {choices:or term}; give buyer to settle it.",
    form="buyer",
)
CONDITION_OPEN_RATE = Sentence(
    "condition_open",
    "No official rate converts {source} to {target}, so a value threshold cannot be tested.",
    form="rate",
)
CONDITION_OPEN_TRANSPORT = Sentence(
    "condition_open",
    "{title:english} applies where transport is {choices:or term}; give transport to settle it.",
    form="transport",
)
DIRECT_TRANSPORT_CLAIMED = Sentence(
    "direct_transport",
    "A preference of {origin:economy} is claimed for goods sent from {source:economy}; whether the agreement allows "
    "that route is not in the rulebook.",
    form="claimed",
)
DIRECT_TRANSPORT_OFFERED = Sentence(
    "direct_transport",
    "A preference of {origin:economy} is offered for goods sent from {source:economy}; whether the agreement allows "
    "that route is not in the rulebook.",
    form="offered",
)
DUTY_AMBIGUOUS = Sentence(
    "duty_ambiguous",
    "Several duties apply to {code:code} ({duties:list english}); which one depends on facts not asked here.",
)
DUTY_OF_NEWER_EDITION = Sentence(
    "duty_of_newer_edition",
    "{newer} is the newer edition of the schedule; {source:english} has {rate:expression} in {older}.",
)
DUTY_NOT_IN_RULEBOOK = Sentence(
    "duty_not_in_rulebook", "The rulebook holds no duty for {code:code} in {territory:territory} on {day:date}."
)
ECONOMY_NOT_IN_RULEBOOK = Sentence(
    "economy_not_in_rulebook",
    "The rulebook holds nothing about {economy:economy}: no tariff, no tax, no requirements; ask its customs "
    "authority.",
)
EXPRESSION_MISSING = Sentence("expression_missing", "The rule has no expression.")
FEE_ASSUMES = Sentence("fee_assumes", "{title:english} is charged {assumption:sentence}.")
FEE_BOUND_WITHOUT_RATE = Sentence(
    "exchange_rate_missing",
    "{title:english} has a bound in another currency, and no official rate is known.",
    form="fee_bound",
)
FREIGHT_NOT_GIVEN_CIF = Sentence(
    "freight_not_given",
    "No freight was given, so none is counted, though the customs value includes freight to the border; give freight "
    "for the full figure.",
    form="cif",
)
FREIGHT_NOT_GIVEN_FOB = Sentence(
    "freight_not_given",
    "No freight was given, so none is counted, though the landed cost includes freight; give freight for the full "
    "figure.",
    form="fob",
)
INSIDE_CUSTOMS_UNION = Sentence(
    "inside_customs_union",
    "{origin:economy} and {destination:economy} share a customs territory; whether these goods move free of duty "
    "depends on their status, which is not in the rulebook, so no duty is shown.",
)
NOT_COMPUTED = Sentence(
    "",
    "{title:english} ({expression:expression}) could not be computed: {problem:sentence}",
    form="not_computed",
)
# No list of rules is known to be whole: that one rule of a kind is held shows nothing about the others.
NOT_IN_RULEBOOK = Sentence(
    "not_in_rulebook",
    "For {economy:economy} the rulebook holds none of these: {missing:list term}, and perhaps not all of these: "
    "{held:list term}. Even where the answer names none, there may be some.",
)
NOT_IN_RULEBOOK_ALL = Sentence(
    "not_in_rulebook",
    "For {economy:economy} the rulebook holds none of these: {missing:list term}. Even where the answer names none, "
    "there may be some.",
    form="none_held",
)
NOT_IN_RULEBOOK_SOME = Sentence(
    "not_in_rulebook",
    "For {economy:economy} the rulebook holds perhaps not all of these: {held:list term}. Even where the answer names "
    "none, there may be some.",
    form="all_held",
)
ORIGIN_DEPENDS_ON_MEMBER = Sentence(
    "origin_depends_on_member",
    "Some rules reach goods of some members of {economy:economy} and not of others; only what reaches all of them is "
    "counted. Ask again with the member the goods are from.",
)
# What is open of a requirement, which stays listed: it costs nothing, so it has another code.
PAPER_OPEN = Sentence("paper_open", CONDITION_OPEN.template)
PAPER_OPEN_BUYER = Sentence("paper_open", CONDITION_OPEN_BUYER.template, form="buyer")
PAPER_OPEN_RATE = Sentence("paper_open", CONDITION_OPEN_RATE.template, form="rate")
PAPER_OPEN_TRANSPORT = Sentence("paper_open", CONDITION_OPEN_TRANSPORT.template, form="transport")
RATE_NOT_CONFIRMED = Sentence(
    "rate_not_confirmed",
    "{title:english}: {rate:expression} is in one list, without a first day, and no other source in the rulebook "
    "confirms it.",
)
RATE_NOT_CONFIRMED_WRONG = Sentence(
    "rate_not_confirmed",
    "{title:english}: {terms:sentence}, and no source in the rulebook confirms that it is owed; nothing is charged.",
    form="not_charged",
)
REDUCED_RATE_POSSIBLE = Sentence(
    "reduced_rate_possible",
    "{title:english}: the standard rate is used; the rulebook does not say whether these goods bear a lower one "
    "({rates:sentence}).",
)
SCHEDULE_FOR_EARLIER_DAYS = Sentence(
    "schedule_for_earlier_days",
    "The schedule of {territory:territory} in the rulebook was retrieved on {read:date}. More than a year after that, "
    "on {day:date}, other duties may apply; ask for a day no later than {last:date}.",
)
SCHEDULE_OF_OLD_EDITION = Sentence(
    "schedule_for_earlier_days",
    "The schedule of {territory:territory} in the rulebook was published on {published:date}. More than ten years "
    "after that, on {day:date}, other duties may apply; ask for a day no later than {last:date}.",
    form="old_edition",
)
SCHEDULE_NOT_IN_FORCE = Sentence(
    "schedule_not_in_force",
    "The rulebook's schedule of {territory:territory} starts on {start:date}; the duty on {day:date} is not known.",
)
SCHEDULE_WITHOUT_LINES = Sentence(
    "schedule_not_in_force",
    "The rulebook's schedule of {territory:territory} has no lines; the duty on {day:date} is not known.",
    form="without_lines",
)
SOURCES_DISAGREE = Sentence("sources_disagree", "{title:english}: {text:sentence}.")
TARIFF_NOT_IN_RULEBOOK = Sentence(
    "tariff_not_in_rulebook", "The rulebook holds no tariff of {economy:economy}; the duty is not known."
)
TAX_BASE_INCOMPLETE = Sentence(
    "tax_base_incomplete", "{title:english} is computed on the known amounts; a duty that is not known would raise it."
)
TAX_BASE_OPEN = Sentence(
    "tax_base_incomplete",
    "Sources disagree on the base of the tax of {economy:economy}; it is computed on the customs value and the duties.",
    form="sources_disagree",
)
TAX_DEPENDS_ON_MEMBER = Sentence(
    "tax_depends_on_member",
    "VAT is set by each member of {territory:territory}; ask again with the member the goods go to.",
)
TAX_NOT_IN_RULEBOOK = Sentence(
    "tax_not_in_rulebook", "The rulebook holds no VAT, GST or sales tax on imports of {economy:economy}."
)
VALUATION_NOT_IN_RULEBOOK = Sentence(
    "valuation_not_in_rulebook",
    "Whether freight and insurance are part of the customs value in {economy:economy} is not in the rulebook; they are "
    "counted in, and without them duty and tax would be lower.",
)

# Notes beside a figure.

BOUNDS = Sentence("bounds", "At least {at_least:money}, at most {at_most:money}.")
BOUNDS_BY_RATE = Sentence(
    "bounds", "At most {at_most:money}; {at_least:money} if the goods bear the lowest rate of tax.", form="by_rate"
)
BOUNDS_OPEN = Sentence("bounds", "At least {at_least:money}; no upper bound is known.", form="open")
CHARGE_REMARK = Sentence("charge_remark", "{remark:sentence}")
FEE_FLAT = Sentence("fee_flat", "{bound:money} for the consignment, whatever its value")
MAY_CHANGE = Sentence("effect", "This may raise or lower the cost.", form="either")
MAY_LOWER = Sentence("effect", "This may lower the cost.", form="lowers")
MAY_LOWER_BY = Sentence("effect", "This may lower the cost by up to {amount:money}.", form="lowers_by")
MAY_RAISE = Sentence("effect", "This may raise the cost.", form="raises")
MAY_RAISE_BY = Sentence("effect", "This may raise the cost by up to {amount:money}.", form="raises_by")
FEE_MAXIMUM = Sentence("fee_maximum", "{sum:money} for the consignment; the maximum of {bound:money} applies")
FEE_MINIMUM = Sentence("fee_minimum", "{sum:money} for the consignment; the minimum of {bound:money} applies")
PARTS_APART = Sentence(
    "parts_apart",
    "This answer is for the destination alone; {parts:and economy} are separate, because their duties or taxes may "
    "differ: ask for each that has a code of its own.",
)
RATE_STATED = Sentence(
    "rate_stated",
    "{rate:expression} is the rate that the question states for these goods; the law cited decides whether they bear "
    "it.",
)
ORIGIN_RULE_NOT_AGREED = Sentence(
    "origin_rule_not_agreed",
    "The parties had not agreed a rule of origin for these goods when the source was written, so they could not "
    "qualify; ask the customs authority whether there is one now.",
)
SAVING_OPEN = Sentence(
    "saving_open", "The saving is not known, because the duties are not fully known with this claim or without it."
)
WHICH_NATIONAL_LINE = Sentence(
    "which_national_line", "Which of these {count:number} national lines of {code:code} are the goods?"
)
STALE_EXCHANGE_RATE = Sentence("stale_exchange_rate", "Exchange rates of {source:english}, {currency} to {target}")
SUBSTITUTED_EXCHANGE_RATE = Sentence(
    "stale_exchange_rate",
    "Exchange rates of {source:english}, {currency} to {target}, in place of those of {asked:english}, which the law "
    "asks for",
    form="substituted",
)
