"""What is wrong with a file of trade figures."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

FIGURES_NOT_READ = Sentence(
    "figures_not_read",
    "{file} cannot be read completely, so none of its figures is held: {reason}.",
)
FIGURES_OTHER_FORMAT = Sentence(
    "figures_other_format", "{file} is not {title:english}; its first row names other columns."
)
FIGURE_FORMAT_UNKNOWN = Sentence(
    "figure_format_unknown", "{name:quoted} is not a format; the formats are {known:list text}."
)
