"""What is wrong with a change to the rulebook: with its file, with its base, and with its content."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

CHANGESET_BASE_MOVED = Sentence(
    "changeset_base_moved",
    "The change was written for another rulebook: {measure} from {start:date} has other content, or exists already "
    "({count:number} such); compare the rulebooks again.",
)
CHANGESET_BASE_MOVED_NOT_HELD = Sentence(
    "changeset_base_moved",
    "The change was written for another rulebook: {measure} from {start:date} is not in the rulebook as the change "
    "states it ({count:number} such); compare the rulebooks again.",
    form="not_held",
)
CHANGESET_CONTRADICTS = Sentence(
    "changeset_contradicts",
    "With the change {first} and {second} would hold under one key on {day:date}; end the first on the day before.",
)
CHANGESET_CONTRADICTS_EARLY = Sentence(
    "changeset_contradicts",
    "The change ends {measure} before its first day, {start:date}; withdraw it instead (last_day null).",
    form="early",
)
CHANGESET_UNREADABLE = Sentence("changeset_unreadable", "Give a changeset as `ewtp rulebook diff --json` writes one.")
CHANGE_DIGEST_WRONG = Sentence(
    "change_digest_wrong",
    "The digest given is not that of these changes; the file was edited after it was written, so compare it with the "
    "original.",
)
CHANGE_FIELD_UNKNOWN = Sentence(
    "change_field_unknown", "A change has no field {field:quoted} here; correct its name or leave it out."
)
CHANGE_WHY_UNREADABLE = Sentence(
    "change_why_unreadable", "Give the reason of a change as a text of at most {most:number} characters."
)
CHANGE_REPLACES_WRONG = Sentence(
    "change_digest_wrong",
    "The digest in replaces is not that of the record to be replaced; take both from one rulebook.",
    form="replaces",
)

# What a check of a change finds, in the order of the numbers in ``fault``.

BASE_DIFFERS = Sentence(
    "change_base_differs",
    "The change was written on another version of the rulebook; rebase it on the law in force.",
)
NOT_HELD = Sentence(
    "change_not_held",
    "{record} from {start:date} has other content in the rulebook than the change replaces; rebase the change.",
)
NOT_HELD_MISSING = Sentence(
    "change_not_held",
    "{record} from {start:date} is not in the rulebook, so the change cannot end or amend it; rebase the change.",
    form="missing",
)
CHANGE_EMPTY = Sentence("change_empty", "The change holds no operation; name what it adds, ends or amends.")
OPERATION_EMPTY = Sentence(
    "change_empty", "{record} from {start:date} stays as it is; leave this operation out.", form="operation"
)
REACHES_NOTHING = Sentence(
    "change_reaches_nothing",
    "{record} reaches no line of the schedule on its days; correct its code, its exclusions or its days.",
)
RELIEVES_NOTHING = Sentence(
    "change_reaches_nothing",
    "{record} is a relief of {programme:quoted}, which answers do not know; name what it relieves.",
    form="relief",
)
RECOGNISES_NOTHING = Sentence(
    "change_reaches_nothing",
    "{record} meets no requirement of the rulebook on its days; correct the agency, the document or the code.",
    form="recognition",
)
GROUP_WITHOUT_MEMBERS = Sentence(
    "change_reaches_nothing",
    "{record} is only for goods of {groups:list text}, without members on its days; name other origins, or add the "
    "members in the same change.",
    form="members",
)
CONDITIONS_CONTRARY = Sentence(
    "change_reaches_nothing",
    "{record} has conditions that no goods meet together; leave one of them out.",
    form="contrary_conditions",
)
ORIGINS_CONTRARY = Sentence(
    "change_reaches_nothing",
    "{record} names {origins:list text} as an origin and as an exception; leave one of the two out.",
    form="contrary_origins",
)
SCHEME_WITHOUT_RULES = Sentence(
    "change_reaches_nothing",
    "{record} names the scheme of origin {scheme:quoted}, which has no rule; correct it, or add its rules in the same "
    "change.",
    form="scheme",
)
EXCLUSION_IDLE = Sentence(
    "change_reaches_nothing",
    "{record} excludes {code:quoted}, which is not among its goods or is excluded with a shorter code; correct that "
    "code, or leave it out.",
    form="exclusion",
)
EXCLUSION_OF_ORIGIN_IDLE = Sentence(
    "change_reaches_nothing",
    "{record} excepts {origins:list text}, which it would not be for anyway on its days; leave them out.",
    form="excluded_origins",
)
ORIGINS_NONE = Sentence(
    "change_reaches_nothing",
    "{record} is for goods of no origin; name one that is not excepted, or * for every origin.",
    form="no_origins",
)
MEMBER_IS_GROUP = Sentence(
    "change_reaches_nothing",
    "The group {member:quoted} cannot be a member of {group:quoted}, since only economies are counted; name its "
    "members.",
    form="group_as_member",
)
CHARGES_NOTHING = Sentence(
    "change_reaches_nothing",
    "{record} charges nothing, and no other charge of its programme gives way to it; give a rate, or leave it out.",
    form="charge",
)
FIELD_IDLE = Sentence(
    "change_reaches_nothing",
    "{record} states {field:field}, which counts for nothing there; correct it, or leave it out.",
    form="field",
)
RELIEVES_UNHELD = Sentence(
    "change_reaches_nothing",
    "{record} is a relief of {kind:term}, of which the rulebook holds nothing for {territory:quoted}; name what it "
    "relieves.",
    form="unheld",
)
RECOGNISES_UNCLAIMED = Sentence(
    "change_reaches_nothing",
    "{record} recognises a paper that nobody can claim; add a condition of the kind claim.",
    form="unclaimed",
)
ORIGIN_RULE_SILENT = Sentence(
    "change_reaches_nothing",
    "{record} states neither a class nor a text; state the rule of origin.",
    form="origin_rule",
)
PRACTICE_NAME_UNKNOWN = Sentence(
    "change_reaches_nothing",
    "{record} is a practice named {name:quoted}, which answers do not know; docs/ask/rulebook.md lists the names.",
    form="practice",
)
PROCEDURE_NOT_FOLLOWED = Sentence(
    "change_reaches_nothing", "{record} sets a figure that decides nothing. {reason:sentence}", form="procedure"
)
PROCEDURE_OF_NOBODY = Sentence(
    "change_reaches_nothing",
    "{record} is a rule of procedure of {territory:quoted}; state it for {platform:text}, whose procedure is the one "
    "in force.",
    form="procedure_territory",
)
EXPRESSION_UNREADABLE = Sentence(
    "change_expression_unreadable", "The rate {expression:expression} cannot be read. {reason:sentence}"
)
PRACTICE_UNREADABLE = Sentence(
    "change_expression_unreadable",
    "{record} has the value {value:quoted}, which is not in the form of such a practice; "
    "docs/ask/rulebook.md gives it.",
    form="practice",
)
PROCEDURE_UNREADABLE = Sentence(
    "change_expression_unreadable", "{record} has a value that cannot be used. {reason:sentence}", form="procedure"
)
ORIGIN_CLASS_UNREADABLE = Sentence(
    "change_expression_unreadable",
    "{record} states the class {name:quoted}, which no rule of origin has; write one such as CTH or MaxNOM:40%.",
    form="origin_class",
)
BOUND_UNREADABLE = Sentence(
    "change_expression_unreadable",
    "{record} has a limit, a floor, a cap, a season or a base that cannot be read; write amounts as 33.58 USD, seasons "
    "as 01 OCT - 31 DEC, and the base as customs_value or duty_paid.",
    form="bound",
)
CURRENCY_UNKNOWN = Sentence(
    "change_expression_unreadable",
    "{record} has an amount in {currency:quoted}, which is not a currency of ISO 4217; correct its code.",
    form="currency",
)
FIGURE_ABSURD = Sentence(
    "change_expression_unreadable",
    "{record} states {figure:quoted}, a figure that no rule has; give one between {least:text} and {most:text}.",
    form="figure",
)
BOUNDS_REVERSED = Sentence(
    "change_expression_unreadable",
    "{record} has a least amount above its greatest; exchange the two, or correct one of them.",
    form="bounds",
)
UNIT_UNKNOWN = Sentence(
    "change_expression_unreadable",
    "{record} is counted in {unit:quoted}, in which no quantity can be stated; use a code of UN/ECE Recommendation 20.",
    form="unit",
)
CHANGE_TERRITORY_UNKNOWN = Sentence(
    "change_territory_unknown", "{territory:quoted} is not a territory of the rulebook; correct its code."
)
CHANGE_ORIGIN_UNKNOWN = Sentence(
    "change_origin_unknown",
    "{name:quoted} is neither an economy nor a group of the rulebook; correct it, or add the group in the same change.",
)
CHANGE_GROUP_UNKNOWN = Sentence(
    "change_origin_unknown",
    "{name:quoted} is not a group of the rulebook; correct it, or add the group in the same change.",
    form="group",
)
CHANGE_CODE_UNKNOWN = Sentence(
    "change_code_unknown",
    "{code:quoted} begins no line of the schedule of {territory:quoted}; look the code up (`ewtp hs`).",
)
LINE_CODE_WRONG = Sentence(
    "change_code_unknown",
    "{code:quoted} is not the code of a line of {territory:quoted}; give {least:number} to {most:number} digits.",
    form="line",
)
NOMENCLATURE_UNKNOWN = Sentence(
    "change_code_unknown",
    "{record} is written in the nomenclature {name:quoted}, which neither its territory nor HS has; correct its name "
    "and year.",
    form="nomenclature",
)
SPAN_UNKNOWN = Sentence(
    "change_code_unknown",
    "{record} is for codes that no subheading of HS is among; give its first and its last code with ten digits each.",
    form="span",
)
CHANGE_CONTRADICTS = Sentence(
    "change_contradicts",
    "{first} and {second} would both hold on {day:date}; end the first on the day before.",
)
CHANGE_CONTRADICTS_ITSELF = Sentence(
    "change_contradicts", "Two operations treat {record} from {start:date} differently; keep one.", form="itself"
)
CHANGE_CONTRADICTS_NAME = Sentence(
    "change_contradicts",
    "{record} would have the code of an economy or a territory, so that an origin could be either; give the group "
    "another name.",
    form="group_name",
)
CHANGE_CONTRADICTS_RANK = Sentence(
    "change_contradicts",
    "{first} and {second} would both be the duty on {code:code} of origin {origin:economy} on {day:date}, at different "
    "rates; end one of them, or give them different goods, origins or conditions.",
    form="rank",
)
STATED_IN_FORCE = Sentence(
    "change_stated_in_force",
    "{record} is stated as in force; a rule of a proposal has the status proposed until an economy adopts it.",
)
PREFERENCE_ABOVE = Sentence(
    "change_preference_above",
    "{record} charges {preference:expression}, above the ordinary rate of {ordinary:expression} on {code:code} from "
    "{day:date}; a preference lowers the duty.",
)
CHANGE_ENDS_EARLY = Sentence(
    "change_dates_wrong",
    "{record} would end before its first day, {start:date}; give a later last day, or withdraw it (last_day null).",
)
CHANGE_DAY_ABSURD = Sentence(
    "change_dates_wrong", "{record} starts on {start:date}; give a day between {first} and {last}.", form="absurd"
)
CHANGE_END_ABSURD = Sentence(
    "change_dates_wrong",
    "{record} would end on {end:date}; give a last day up to {last:date}, or none.",
    form="absurd_end",
)
CONDITION_UNKNOWN = Sentence(
    "change_condition_unknown",
    "{record} has a condition of the kind {kind:quoted}, which answers cannot judge; use a known kind.",
)
FACT_UNKNOWN = Sentence(
    "change_condition_unknown",
    "{record} asks for the {kind:text} {value:quoted}, which no question can state; use {known:list text}.",
    form="fact",
)

CLAIM_UNNAMED = Sentence(
    "change_condition_unknown",
    "{record} asks for the claim {value:quoted}, which no question can make; give it a name of at most {most:number} "
    "characters.",
    form="claim",
)

# Where changes meet.

CHANGES_CONFLICT = Sentence(
    "change_conflict", "The two changes differ on {record} from {day:date}; choose what shall hold, and merge again."
)
LAW_CONFLICTS = Sentence(
    "change_conflict",
    "The law on {record} from {day:date} has changed since the change was written; choose what shall hold.",
    form="law",
)

CHANGES_BASES_DIFFER = Sentence(
    "change_bases_differ",
    "The changes were written on {count:number} versions of the rulebook; rebase each on the law in force, and merge "
    "again.",
)

# A change in words. These have no code: they describe a change, and refuse nothing.

ADDS_RATE = Sentence(
    "",
    "{territory:territory} adds {what:sentence} of {rate:expression} on {scope:sentence}, {when:sentence}.",
    "adds_rate",
)
ADDS = Sentence("", "{territory:territory} adds {what:sentence} for {scope:sentence}, {when:sentence}.", "adds")
ENDS = Sentence("", "{territory:territory} ends {what:sentence} for {scope:sentence}; last day {day:date}.", "ends")
WITHDRAWS = Sentence(
    "", "{territory:territory} withdraws {what:sentence} for {scope:sentence}, from its first day on.", "withdraws"
)
CHANGES_RATE = Sentence(
    "",
    "{territory:territory} changes {what:sentence} on {scope:sentence}: {old:expression} becomes {new:expression}, "
    "{when:sentence}.",
    "changes_rate",
)
CHANGES = Sentence(
    "",
    "{territory:territory} changes {what:sentence} for {scope:sentence} ({fields:list text}), {when:sentence}.",
    "changes",
)
ADDED = Sentence("", "Added: {what:sentence}, {when:sentence}.", "added")
ADDED_VALUE = Sentence("", "Added: {what:sentence}: {value:text}, {when:sentence}.", "added_value")
ENDED = Sentence("", "Ended: {what:sentence}; last day {day:date}.", "ended")
WITHDRAWN = Sentence("", "Withdrawn: {what:sentence}, from its first day on.", "withdrawn")
CHANGED = Sentence("", "Changed: {what:sentence} ({fields:list text}), {when:sentence}.", "changed")
CHANGED_VALUE = Sentence(
    "", "Changed: {what:sentence}: {old:text} becomes {new:text}, {when:sentence}.", "changed_value"
)
FROM_DAY = Sentence("", "from {day:date}", "from_day")
FROM_DAY_TO = Sentence("", "from {day:date} to {last:date}", "from_day_to")
FOR_ALL_TIME = Sentence("", "without dates", "for_all_time")
EVERY_PRODUCT = Sentence("", "every product", "every_product")
CODES = Sentence("", "{codes:list code}", "codes")
CODES_IN_CHAPTERS = Sentence("", "{count:number} codes in chapters {chapters:list code}", "codes_in_chapters")
CODES_IN_MANY_CHAPTERS = Sentence("", "{count:number} codes in {chapters:number} chapters", "codes_in_many_chapters")
GOODS_OF = Sentence("", "{goods:sentence} (origin: {origins:list text})", "goods_of")
GOODS_NOT_OF = Sentence("", "{goods:sentence} (not of origin {origins:list text})", "goods_not_of")
GOODS_OF_MANY = Sentence("", "{goods:sentence} ({count:number} origins)", "goods_of_many")
RULE = Sentence("", "{kind:term}", "rule")
TITLED_RULE = Sentence("", "{kind:term} ({title:english})", "titled_rule")
PAPER = Sentence("", "{agency:english} {document:english}", "paper")
CONTROL = Sentence("", "{name:english}", "control")
LINE = Sentence("", "tariff line {code:code} ({territory:territory})", "line")
GROUP = Sentence("", "group {group:text} ({title:english})", "group")
MEMBERSHIP = Sentence("", "membership of {economy:economy} in {group:text}", "membership")
PRACTICE = Sentence("", "practice {name:text} ({territory:territory})", "practice")
ORIGIN_RULE = Sentence("", "rule of origin for {first:code} to {last:code} ({scheme:text})", "origin_rule")
SERVICE = Sentence("", "days in which {agency:english} answers ({territory:territory})", "service")
PROCEDURE = Sentence("", "rule of procedure {name:text}", "procedure")

# What a rule states, in a table of old and new.

APPLIES = Sentence("", "applies", "applies")
APPLIES_IF = Sentence("", "applies ({conditions:list text})", "applies_if")
RATE_STATED = Sentence("", "{rate:expression}", "rate_stated")
VALUE_STATED = Sentence("", "{value:text}", "value_stated")
