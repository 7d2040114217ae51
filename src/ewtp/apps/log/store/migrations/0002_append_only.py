"""The log only grows: the database itself refuses to change or remove a row.

An event leaves the waiting ones once the leaf with its hash is in the tree, and an entry loses its content once the
moment and the reason are noted; nothing else happens to a row.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

FORBID = """
CREATE FUNCTION log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION log_event_has_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM log_logleaf WHERE hash = OLD.leaf) THEN
        RAISE EXCEPTION 'the log only grows: an event waits for its number' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE FUNCTION log_entry_is_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.erased_reason = ''
        OR (NEW.index, NEW.kind, NEW.at, NEW.public) IS DISTINCT FROM (OLD.index, OLD.kind, OLD.at, OLD.public) THEN
        RAISE EXCEPTION 'the log only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER log_pending_is_final BEFORE UPDATE OR TRUNCATE ON log_pendingevent
    FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
CREATE TRIGGER log_pending_has_number BEFORE DELETE ON log_pendingevent
    FOR EACH ROW EXECUTE FUNCTION log_event_has_number();
CREATE TRIGGER log_entry_is_final BEFORE DELETE OR TRUNCATE ON log_logentry
    FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
CREATE TRIGGER log_entry_is_erased BEFORE UPDATE ON log_logentry
    FOR EACH ROW EXECUTE FUNCTION log_entry_is_erased();
CREATE TRIGGER log_leaf_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON log_logleaf
    FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
CREATE TRIGGER log_node_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON log_lognode
    FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
CREATE TRIGGER log_checkpoint_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON log_logcheckpoint
    FOR EACH STATEMENT EXECUTE FUNCTION log_only_grows();
"""
ALLOW = """
DROP TRIGGER log_checkpoint_is_final ON log_logcheckpoint;
DROP TRIGGER log_node_is_final ON log_lognode;
DROP TRIGGER log_leaf_is_final ON log_logleaf;
DROP TRIGGER log_entry_is_erased ON log_logentry;
DROP TRIGGER log_entry_is_final ON log_logentry;
DROP TRIGGER log_pending_has_number ON log_pendingevent;
DROP TRIGGER log_pending_is_final ON log_pendingevent;
DROP FUNCTION log_entry_is_erased();
DROP FUNCTION log_event_has_number();
DROP FUNCTION log_only_grows();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("log", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(FORBID, ALLOW)]
