"""The database erases no entry whose erasure is not noted: its event waits, or has a number after the entry's.

The words of the event are read, and not the columns beside them, because the words are what the log is signed over.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

DEMAND = """
CREATE OR REPLACE FUNCTION log_entry_is_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words jsonb;
BEGIN
    IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.erased_reason = ''
        OR (NEW.index, NEW.kind, NEW.at, NEW.public) IS DISTINCT FROM (OLD.index, OLD.kind, OLD.at, OLD.public) THEN
        RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.kind LIKE 'log:%' THEN
        RAISE EXCEPTION 'the log only grows: what it says of itself stays' USING ERRCODE = 'restrict_violation';
    END IF;
    FOR words IN
        SELECT convert_from(body, 'UTF8')::jsonb FROM log_pendingevent
        WHERE kind = 'log:entry:erased' AND subject = OLD.index::text
        UNION ALL
        SELECT convert_from(body, 'UTF8')::jsonb FROM log_logentry
        WHERE kind = 'log:entry:erased' AND subject = OLD.index::text AND index > OLD.index
    LOOP
        IF words->>'kind' = 'log:entry:erased' AND words->>'subject' = OLD.index::text
            AND words->'payload' @> jsonb_build_object(
                'index', OLD.index, 'reason', NEW.erased_reason, 'erased_kind', OLD.kind
            ) THEN
            RETURN NEW;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'the log only grows: no event notes the erasure of entry %', OLD.index
        USING ERRCODE = 'restrict_violation';
END
$$;
"""
ALLOW = """
CREATE OR REPLACE FUNCTION log_entry_is_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.erased_reason = ''
        OR (NEW.index, NEW.kind, NEW.at, NEW.public) IS DISTINCT FROM (OLD.index, OLD.kind, OLD.at, OLD.public) THEN
        RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("log", "0005_private_events")]
    operations: ClassVar = [migrations.RunSQL(DEMAND, ALLOW)]
