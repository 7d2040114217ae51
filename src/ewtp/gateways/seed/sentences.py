"""Why the seed cannot be read."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

SEED_BROKEN = Sentence("seed_broken", "The rulebook's {file} cannot be read: {reason:english}.")
SEED_MISSING = Sentence(
    "seed_missing", "There is no rulebook in {folder}; set EWTP_RULEBOOK to the folder that holds it."
)
SEED_YAML_BROKEN = Sentence("seed_broken", "{file} in {folder} cannot be read as YAML: {reason:english}.", form="yaml")
