"""A replay in words. These sentences have no code: they tell figures, and refuse nothing."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

PAPERS_FALL_AWAY = Sentence(
    "",
    "{affected:number} of {lines:number} lines ({span:sentence}) pay, file or may sell differently with the change; "
    "{papers:number} papers are dropped, all together, of {agencies:and english}.",
    "papers_fall_away",
)
PAPERS_ARE_ADDED = Sentence(
    "",
    "{affected:number} of {lines:number} lines ({span:sentence}) pay, file or may sell differently with the change; "
    "{papers:number} papers are added, all together, of {agencies:and english}.",
    "papers_are_added",
)
PAPERS_STAY = Sentence(
    "",
    "{affected:number} of {lines:number} lines ({span:sentence}) pay, file or may sell differently with the change; "
    "the number of papers stays the same.",
    "papers_stay",
)
NO_MONTHS = Sentence("", "without days", "no_months")
OF_A_YEAR = Sentence("", "of a year, {first:text} to {last:text}", "of_a_year")
OF_MONTHS = Sentence("", "of the months given, {first:text} to {last:text}", "of_months")
MONTHS_AFFECTED = Sentence(
    "",
    "of {all:number} months, of which the change affects only {first:text} to {last:text}; nothing is extrapolated to "
    "a whole year",
    "months_affected",
)
FIRMS_DIFFER = Sentence(
    "",
    "Of the firms, {less:sentence} pay less and {more:sentence} pay more; {fewer:sentence} show fewer papers and "
    "{further:sentence} show more.",
    "firms_differ",
)
FIRMS_NOT_NAMED = Sentence(
    "", "How many firms are affected is not known, because the lines name none.", "firms_not_named"
)
NUMBER_OF_FIRMS = Sentence("", "{count:number}", "number_of_firms")
FEWER_FIRMS = Sentence("", "fewer than {least:number}", "fewer_firms")
PAYS_LESS = Sentence("", "Traders pay {sum:money} less.", "pays_less")
PAYS_MORE = Sentence("", "Traders pay {sum:money} more.", "pays_more")
PAYS_LESS_BY_SIZE = Sentence(
    "",
    "Traders pay {sum:money} less; as a share of what firms of each size pay in duties, taxes and fees: {shares:list "
    "sentence}.",
    "pays_less_by_size",
)
PAYS_MORE_BY_SIZE = Sentence(
    "",
    "Traders pay {sum:money} more; as a share of what firms of each size pay in duties, taxes and fees: {shares:list "
    "sentence}.",
    "pays_more_by_size",
)
SHARE_LESS = Sentence("", "{size:text} less by {percent:number}%", "share_less")
SHARE_MORE = Sentence("", "{size:text} more by {percent:number}%", "share_more")
MONEY_STAYS = Sentence("", "Traders pay the same, all together.", "money_stays")
MONEY_NOT_CONVERTED = Sentence("", "What traders pay is not known in one currency.", "money_not_converted")
BOUNDS_MET = Sentence(
    "", "That is exact: of the lines that change, all that they cost is known before and after.", "bounds_met"
)
BOUNDS_BETWEEN = Sentence(
    "",
    "Something is open on {open:number} of the {lines:number} lines that change: counting them, what traders pay "
    "changes by {at_least:money} at least and {at_most:money} at most, where a fall is negative.",
    "bounds_between",
)
BOUNDS_OPEN_ABOVE = Sentence(
    "",
    "Something is open on {open:number} of the {lines:number} lines that change: counting them, what traders pay "
    "changes by {at_least:money} at least, where a fall is negative, and nothing bounds it above; "
    "{exact:money} is certain.",
    "bounds_open_above",
)
BOUNDS_OPEN_BELOW = Sentence(
    "",
    "Something is open on {open:number} of the {lines:number} lines that change: counting them, what traders pay "
    "changes by {at_most:money} at most, where a fall is negative, and nothing bounds it below; "
    "{exact:money} is certain.",
    "bounds_open_below",
)
BOUNDS_OPEN = Sentence(
    "",
    "Something is open on {open:number} of the {lines:number} lines that change, and nothing bounds what traders pay "
    "with them more or less; a change by {exact:money} is certain, on the other lines.",
    "bounds_open",
)
DAYS_FALL = Sentence(
    "",
    "Agencies promise the papers in {days:number} days less, all papers together; no time is promised for "
    "{without:number} papers.",
    "days_fall",
)
DAYS_RISE = Sentence(
    "",
    "Agencies promise the papers in {days:number} days more, all papers together; no time is promised for "
    "{without:number} papers.",
    "days_rise",
)
DAYS_STAY = Sentence(
    "",
    "The days in which agencies promise the papers stay the same; no time is promised for {without:number} papers.",
    "days_stay",
)
DAYS_NOT_PROMISED = Sentence(
    "", "How many days that saves is not known, because no agency promises a time.", "days_not_promised"
)
TREASURIES = Sentence("", "Of the treasuries, {sums:list sentence}.", "treasuries")
TREASURIES_AND_OTHERS = Sentence(
    "", "Of the treasuries, {sums:list sentence}, and {others:number} more differ.", "treasuries_and_others"
)
TREASURY_LESS = Sentence("", "that of {economy:economy} receives {sum:money} less", "treasury_less")
TREASURY_MORE = Sentence("", "that of {economy:economy} receives {sum:money} more", "treasury_more")
TREASURIES_WITHHELD = Sentence("", "The revenue of {others:number} treasuries differs.", "treasuries_withheld")
TREASURIES_STAY = Sentence("", "No treasury receives more or less.", "treasuries_stay")
NOT_KNOWN = Sentence(
    "",
    "Not known: the cost of {open:number} lines with open questions; {unrated:number} lines in a currency without a "
    "rate; which of {offered:number} lines would claim what is offered; and how traders would react.",
    "not_known",
)
