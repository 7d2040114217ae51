"""The roles in which the installation works: neither owns the tables, so that policies of row-level security hold.

Every connection works as ``ewtp_application``, which sees what a policy allows; ``ewtp_system`` sees every row, and is
taken on for one transaction where the system itself acts (``row_security``). Tables are made and changed by the user
that the connection was opened as.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.sentences import DATABASE_RIGHT_MISSING, DATABASE_ROLES_MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

APPLICATION_ROLE, SYSTEM_ROLE = "ewtp_application", "ewtp_system"

# Roles belong to the server and may be there already, for another database or made a moment ago by another process.
MAKE_ROLES = f"""
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['{APPLICATION_ROLE}', '{SYSTEM_ROLE}'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
        IF NOT pg_has_role(current_user, wanted, 'SET') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), wanted);
        EXECUTE format(
            'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', current_schema(), wanted);
        EXECUTE format('GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(), wanted);
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
            current_schema(), wanted);
        EXECUTE format(
            'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO %I',
            current_schema(), wanted);
        -- From version 17 on, statistics can be gathered by others than the owner.
        IF current_setting('server_version_num')::int >= 170000 THEN
            EXECUTE format('GRANT MAINTAIN ON ALL TABLES IN SCHEMA %I TO %I', current_schema(), wanted);
            EXECUTE format(
                'ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT MAINTAIN ON TABLES TO %I', current_schema(), wanted);
        END IF;
    END LOOP;
END
$$;
"""
# Before the tables are there, or in another database, the connection stays as it was opened.
_TAKE_ON = f"""
SELECT set_config('role', rolname, false) FROM pg_roles
WHERE rolname = '{APPLICATION_ROLE}' AND pg_has_role(session_user, oid, 'SET')
  AND has_table_privilege(oid, to_regclass('django_migrations')::oid, 'SELECT')
"""
# A role that is there has to be granted, or be one that this user may grant to itself.
_MISSING = """
SELECT current_user,
       ARRAY(SELECT wanted FROM unnest(%s::text[]) AS wanted LEFT JOIN pg_roles AS held ON held.rolname = wanted
             WHERE NOT CASE WHEN held.oid IS NULL THEN own.rolsuper OR own.rolcreaterole
                       ELSE pg_has_role(current_user, held.oid, 'SET')
                            OR pg_has_role(current_user, held.oid, 'MEMBER WITH ADMIN OPTION') END ORDER BY wanted),
       CASE WHEN current_schema() IS NULL THEN 'USAGE ON SCHEMA public'
            WHEN NOT has_schema_privilege(current_schema(), 'CREATE') THEN 'CREATE ON SCHEMA ' || current_schema()
            WHEN NOT has_database_privilege(current_database(), 'CREATE')
                 AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist')
            THEN 'CREATE ON DATABASE ' || current_database() ELSE '' END
FROM pg_roles AS own WHERE own.rolname = current_user
"""

# A role with the rights of a table's owner, or above policies, sees every row; and so does any where they are off.
_FAULTS = f"""
SELECT 'the program works as ' || current_user WHERE current_user <> '{APPLICATION_ROLE}'
UNION ALL SELECT rolname || ' is a superuser' FROM pg_roles WHERE rolname = ANY(%(roles)s) AND rolsuper
UNION ALL SELECT rolname || ' has BYPASSRLS' FROM pg_roles WHERE rolname = ANY(%(roles)s) AND rolbypassrls
UNION ALL SELECT role || ' has the rights of the owner of ' || min(relname)
    FROM pg_class, unnest(%(roles)s::text[]) AS role
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND pg_has_role(role, relowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role AND rolsuper) GROUP BY role
UNION ALL SELECT 'the policies of ' || relname || ' are switched off' FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND NOT (relrowsecurity AND relforcerowsecurity)
    AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)
ORDER BY 1
"""


def role_faults(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """Why policies of row-level security would not hold on a connection, in English; empty where they do."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS, {"roles": [APPLICATION_ROLE, SYSTEM_ROLE]})
        return tuple(row[0] for row in cursor.fetchall())


def role_take_on(connection: BaseDatabaseWrapper) -> None:
    """Work as the application from now on, where the tables are there."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_ON)


@contextmanager
def owner_work(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Work as the user that the connection was opened as, who owns the tables, to make and change them.

    Afterwards the connection works in the role that it had: one that was opened before the tables were there has
    none, and what it has made for itself, such as a temporary table, is the owner's. Inside a transaction an
    exception leaves the role to its rollback.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        role = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
    try:
        yield
    except BaseException:
        if not connection.in_atomic_block:
            _role_set(connection, role)
        raise
    _role_set(connection, role)


def _role_set(connection: BaseDatabaseWrapper, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, false)", [role])


def rights_refusal(connection: BaseDatabaseWrapper) -> Refusal | None:
    """What this user lacks to make the roles and the tables; None where nothing is missing.

    ``database_roles_missing`` names the roles that the user can neither use nor make, ``database_right_missing`` the
    right to make tables. The user need not be a superuser.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, [[APPLICATION_ROLE, SYSTEM_ROLE]])
        user, roles, right = cursor.fetchone()
    if roles:
        return Refusal(DATABASE_ROLES_MISSING, {"user": user, "roles": roles})
    return Refusal(DATABASE_RIGHT_MISSING, {"user": user, "right": right}) if right else None


def own_rows_policies(
    table: str, column: str, *, person_column: str = "", written: bool = True, setting: str = "ewtp.organisation"
) -> str:
    """The SQL that lets an organisation touch its own rows of a table alone, and the system all of them.

    ``column`` has the identifier of the organisation, or of whomever another ``setting`` of the transaction names. With
    a ``person_column`` a person sees the rows of her own as well. Rows that are not ``written`` by the organisation are
    read and removed by it, and made by the system.
    """
    own = f"{column} = (SELECT NULLIF(current_setting('{setting}', true), ''))"
    person = "(SELECT NULLIF(current_setting('ewtp.person', true), ''))"
    policies = [f"CREATE POLICY everything ON {table} TO {SYSTEM_ROLE} USING (true) WITH CHECK (true);"]
    if written:
        policies.append(f"CREATE POLICY own ON {table} TO {APPLICATION_ROLE} USING ({own}) WITH CHECK ({own});")
    else:
        policies += [
            f"CREATE POLICY own_{what.lower()} ON {table} FOR {what} TO {APPLICATION_ROLE} USING ({own});"
            for what in ("SELECT", "DELETE")
        ]
    if person_column:
        policies.append(
            f"CREATE POLICY own_person ON {table} FOR SELECT TO {APPLICATION_ROLE} USING ({person_column} = {person});"
        )
    return "\n".join(
        (f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;", *policies)
    )


def private_events_policies(table: str) -> str:
    """The SQL that shows the application an event of the log where it is public, or about the acting organisation.

    It writes events about anything and changes none; the system numbers them.
    """
    own = "subject = (SELECT NULLIF(current_setting('ewtp.organisation', true), ''))"
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY everything ON {table} TO {SYSTEM_ROLE} USING (true) WITH CHECK (true);
    CREATE POLICY own ON {table} FOR SELECT TO {APPLICATION_ROLE} USING (public OR {own});
    CREATE POLICY written ON {table} FOR INSERT TO {APPLICATION_ROLE} WITH CHECK (true);
    """


def policies_dropped(table: str) -> str:
    """The SQL that opens a table again."""
    return (
        f"DO $$ DECLARE p name; BEGIN FOR p IN SELECT polname FROM pg_policy WHERE polrelid = '{table}'::regclass LOOP "
        f"EXECUTE format('DROP POLICY %I ON {table}', p); END LOOP; END $$;"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;"
    )
