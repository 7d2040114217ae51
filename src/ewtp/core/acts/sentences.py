"""What is wrong with acts: with their text, with their form, and with what they would do to the law."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ACTS_UNREADABLE = Sentence(
    "acts_unreadable", "Give acts as an object with articles, each with its acts, or in the text form."
)
ACTS_TEXT_UNEXPECTED = Sentence(
    "acts_unreadable",
    "Line {line:number}, column {column:number}: {found:quoted} is not expected here; write {expected:or text}.",
    form="unexpected",
)
ACTS_TEXT_ENDS = Sentence(
    "acts_unreadable",
    "The text ends too early, at line {line:number}; write {expected:or text}.",
    form="ends",
)
ACTS_TEXT_LONG = Sentence("acts_unreadable", "Give acts of at most {most:number} characters.", form="long")
ACT_CLAUSE_TWICE = Sentence(
    "act_clause_twice",
    "Line {line:number}, column {column:number}: {clause:quoted} is given twice here; join the two, or leave one out.",
)
ACT_AT = Sentence("", "Line {line:number}, column {column:number}: {problem:sentence}", "at")
ACT_UNKNOWN = Sentence("act_unknown", "There is no act {act:quoted}; use one of: {acts:list text}.")
ACT_FIELD_MISSING = Sentence("act_field_missing", "The act needs {field:quoted}; add it.")
ACT_FIELD_UNKNOWN = Sentence(
    "act_field_unknown", "{field:quoted} cannot be given here; leave it out, or use one of: {fields:list text}."
)
ACT_VALUE_WRONG = Sentence(
    "act_value_wrong", "{value:quoted} is not a possible value here; give one such as {examples:or text}."
)

# What a check of acts finds, beside what it finds in the change that they make; in the order of their numbers.

ACT_REACHES_NOTHING = Sentence(
    "act_reaches_nothing",
    "No rule of the law is changed from {day:date} on; correct the territory, kind, agency, paper, programme, codes or "
    "origins.",
)
ACT_REACHES_NO_LINE = Sentence(
    "act_reaches_nothing",
    "The rules selected reach no line of the schedule; correct the codes.",
    form="no_line",
)
EXEMPTS_EVERYTHING = Sentence(
    "act_exempts_everything",
    "The act exempts goods of every origin, after which the rules hold for none; end the rules (end), or name origins.",
)
SUNSET_UNNAMED = Sentence(
    "act_sunset_unnamed",
    "The act names no sunset; give its last day (until), or say that it has none (without sunset).",
)
ARTICLE_NAMED_TWICE = Sentence(
    "article_requires_wrong", "Two articles are named {article:quoted}; rename one of them.", form="twice"
)
ARTICLE_UNKNOWN = Sentence(
    "article_requires_wrong", "There is no article {article:quoted}; use one of: {articles:list text}.", form="unknown"
)
ARTICLES_IN_CIRCLE = Sentence(
    "article_requires_wrong",
    "The articles {articles:list text} require one another in a circle; join them into one article.",
)
ACTS_DEPEND_ON_ORDER = Sentence(
    "acts_contradict",
    "This act and the one at {other:text} treat the same rules differently, so their order would decide; keep one.",
)
THRESHOLD_NOT_RAISED = Sentence(
    "act_threshold_not_raised",
    "{record} has the limit {old:text}, which {new:text} does not raise; give a higher limit in the same currency.",
)
THRESHOLD_MISSING = Sentence(
    "act_threshold_not_raised",
    "{record} has no single limit of value to raise; select the rules that have one.",
    form="missing",
)
RECIPROCITY_UNANSWERED = Sentence(
    "act_reciprocity_unresolved",
    "The recognition is reciprocal, and no act recognises a paper in return for {economies:list economy}; add one, or "
    "leave that economy out.",
)
RECIPROCITY_OPEN = Sentence(
    "act_reciprocity_unresolved",
    "A reciprocal recognition names the economies that it is about, one by one; give them (origin), and no group.",
    form="open",
)

# Acts in words. These have no code: they say what an act does, and refuse nothing.

ENDS_RULES = Sentence("", "{territory:territory} ends {what:sentence}, {when:sentence}.", "act_ends")
AMENDS_RULES = Sentence(
    "", "{territory:territory} changes {what:sentence} ({fields:list sentence}), {when:sentence}.", "act_amends"
)
ADDS_RULE = Sentence("", "{territory:territory} adds {what:sentence}, {when:sentence}.", "act_adds")
ADDS_RULE_WITH = Sentence(
    "", "{territory:territory} adds {what:sentence} ({fields:list sentence}), {when:sentence}.", "act_adds_with"
)
REPLACES_EXPRESSION = Sentence(
    "", "{territory:territory} sets {what:sentence} to {expression:expression}, {when:sentence}.", "act_replaces"
)
REPLACES_EXPRESSION_OF = Sentence(
    "",
    "{territory:territory} changes {what:sentence} from {old:expression} to {new:expression}, {when:sentence}.",
    "act_replaces_old",
)
EXEMPTS = Sentence(
    "",
    "{territory:territory} exempts goods of {origins:and economy} from {what:sentence}, {when:sentence}.",
    "act_exempts",
)
RECOGNISES = Sentence(
    "",
    "{territory:territory} accepts {paper:english} of {authority:english} in place of {what:sentence}, "
    "{when:sentence}.",
    "act_recognises",
)
RECOGNISES_RECIPROCALLY = Sentence(
    "",
    "{territory:territory} accepts {paper:english} of {authority:english} in place of {what:sentence}, "
    "{when:sentence}, for each of these economies once it does the same in return.",
    "act_recognises_reciprocally",
)
RAISES_THRESHOLD = Sentence(
    "",
    "{territory:territory} raises the limit of value of {what:sentence} to {limit:text}, {when:sentence}.",
    "act_raises",
)
ACCEPTS_ELECTRONIC = Sentence(
    "", "{territory:territory} accepts in electronic form {what:sentence}, {when:sentence}.", "act_accepts"
)
ACCEPTS_ELECTRONIC_AS = Sentence(
    "",
    "{territory:territory} accepts in electronic form ({standard:english}) {what:sentence}, {when:sentence}.",
    "act_accepts_as",
)
ANSWERS_WITHIN = Sentence(
    "",
    "{territory:territory}: {agency:english} answers within {days:number} days on every paper, {when:sentence}.",
    "act_answers",
)
ANSWERS_ON_PAPER = Sentence(
    "",
    "{territory:territory}: {agency:english} answers within {days:number} days on {document:english}, {when:sentence}.",
    "act_answers_on",
)
JOINS = Sentence("", "{economies:and economy} join the group {group:text}, {when:sentence}.", "act_joins")
SETS_PROCEDURE = Sentence("", "The rule of procedure {name:text} becomes {value:text}, {when:sentence}.", "act_sets")
FIELD_IS = Sentence("", "{field:text}: {value:text}", "field_is")
RULES_OF_KIND = Sentence("", "{kind:term}", "rules_of_kind")
RULES_BY_AGENCY = Sentence("", "{what:sentence} of {agency:english}", "rules_by_agency")
RULES_FOR_PAPER = Sentence("", "{what:sentence} ({document:english})", "rules_for_paper")
RULES_FOR_PAPERS = Sentence("", "{what:sentence} (papers named {document:english}…)", "rules_for_papers")
RULES_OF_PROGRAMME = Sentence("", "{what:sentence} under {programme:text}", "rules_of_programme")
RULES_OF_CHAPTER = Sentence("", "{what:sentence} of MAST chapter {chapter:text}", "rules_of_chapter")
RULES_ON_CODES = Sentence("", "{what:sentence} on {codes:list code}", "rules_on_codes")
RULES_NOT_ON_CODES = Sentence("", "{what:sentence}, without {codes:list code}", "rules_not_on_codes")
RULES_OF_ORIGIN = Sentence("", "{what:sentence} for goods of {origins:and economy}", "rules_of_origin")
RULES_OF_GROUP = Sentence("", "{what:sentence} for the group {groups:and text}", "rules_of_group")
RULES_ON_EXPORTS = Sentence("", "{what:sentence} on exports", "rules_on_exports")
