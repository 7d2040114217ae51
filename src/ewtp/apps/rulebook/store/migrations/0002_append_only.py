"""The rulebook's memory only grows: rows are added, and the open end of what is known is closed, nothing else."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REMEMBERED = (
    "source",
    "territory",
    "group",
    "measure",
    "tariffline",
    "originrule",
    "codereplaced",
    "exchangerate",
)
FINAL = ("version", "practice", "membership")

FUNCTIONS = """
CREATE FUNCTION rulebook_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the rulebook only grows: % of % is forbidden', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION rulebook_only_closes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed tstzrange := NEW.known;
BEGIN
    IF upper_inf(OLD.known) AND lower(closed) = lower(OLD.known)
        AND upper(closed) = (SELECT max(published_at) FROM rulebook_version)
    THEN
        NEW.known := OLD.known;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            NEW.known := closed;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the rulebook only grows: in % only the open end of known can be closed, by a new version',
        TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION rulebook_known_since_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added LEFT JOIN rulebook_version v ON v.number = added.version
        WHERE v.published_at IS DISTINCT FROM lower(added.known)
            OR NOT upper_inf(added.known) OR NOT lower_inc(added.known)
            OR v.number <> (SELECT max(number) FROM rulebook_version)
    ) THEN
        RAISE EXCEPTION 'a row of % is known from the moment its version is published, which is the latest',
            TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION rulebook_versions_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM rulebook_version v WHERE v.number >= NEW.number OR v.published_at >= NEW.published_at
    ) THEN
        RAISE EXCEPTION 'version % does not follow the ones before it', NEW.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rulebook_versions_follow BEFORE INSERT ON rulebook_version
    FOR EACH ROW EXECUTE FUNCTION rulebook_versions_follow();
"""
FINAL_TABLE = """
CREATE TRIGGER rulebook_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON rulebook_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION rulebook_is_final();
"""
REMEMBERED_TABLE = """
CREATE TRIGGER rulebook_is_final BEFORE DELETE OR TRUNCATE ON rulebook_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION rulebook_is_final();
CREATE TRIGGER rulebook_only_closes BEFORE UPDATE ON rulebook_{table}
    FOR EACH ROW EXECUTE FUNCTION rulebook_only_closes();
CREATE TRIGGER rulebook_known_since_version AFTER INSERT ON rulebook_{table}
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION rulebook_known_since_version();
"""
FORBID = (
    FUNCTIONS
    + "".join(FINAL_TABLE.format(table=table) for table in FINAL)
    + "".join(REMEMBERED_TABLE.format(table=table) for table in REMEMBERED)
)
ALLOW = (
    "DROP TRIGGER rulebook_versions_follow ON rulebook_version;"
    + "".join(f"DROP TRIGGER rulebook_is_final ON rulebook_{table};" for table in (*FINAL, *REMEMBERED))
    + "".join(
        f"DROP TRIGGER rulebook_only_closes ON rulebook_{table};"
        f"DROP TRIGGER rulebook_known_since_version ON rulebook_{table};"
        for table in REMEMBERED
    )
    + "".join(
        f"DROP FUNCTION {name}();"
        for name in (
            "rulebook_is_final",
            "rulebook_only_closes",
            "rulebook_known_since_version",
            "rulebook_versions_follow",
        )
    )
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(FORBID, ALLOW)]
