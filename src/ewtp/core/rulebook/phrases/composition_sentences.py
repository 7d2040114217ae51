"""How phrases are put together, and a text that is none."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

CLAUSES = Sentence("phrase", "{clauses:clauses sentence}", form="clauses")
PLACE = Sentence("phrase", "{place:sentence}: {words:sentence}", form="place")
QUOTED = Sentence("phrase", "{text:english}", form="quoted")
