"""Databases for the tests on PostgreSQL.

A copy of a template takes a third of a second, most of it spent on a thousand small files; putting
back the rows of one that a test has used takes a twentieth of that. So a database is used again,
under a new name, as long as its schema and its settings are as they were.
"""

from __future__ import annotations

import itertools
import os

import psycopg

USES = 50  # then a new one: deleted rows are never swept up
_numbers = itertools.count(1)
_FINGERPRINT = """
SELECT md5(string_agg(concat(relname, relkind, attname, atttypid, attnotnull), ','
                      ORDER BY relname, attnum)),
       (SELECT COUNT(*) FROM pg_trigger), (SELECT COUNT(*) FROM pg_constraint),
       (SELECT COUNT(*) FROM pg_proc), (SELECT COUNT(*) FROM pg_db_role_setting),
       (SELECT COUNT(*) FROM pg_roles)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND attnum > 0
"""


def database(server: str, name: str, template: str = "") -> str:
    """Make a database; its address."""
    copy = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{copy}")
    return address(server, name)


def address(server: str, name: str) -> str:
    """The address of a database of a server."""
    head, mark, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{mark}{query}"


class Databases:
    """One database after another, each as the template was."""

    def __init__(self, server: str, template: str) -> None:
        self.server, self.template = server, template
        self._name = ""
        self._uses = 0
        self._print: tuple[object, ...] | None = None
        self._put_back = ""

    def take(self) -> str:
        """The address of one that nobody has used, or that is as if nobody had."""
        name = f"t{os.getpid()}_{next(_numbers)}"
        if self._name:
            self._on_server(f"ALTER DATABASE {self._name} RENAME TO {name}")
        else:
            self._begin(database(self.server, name, self.template))
        self._name = name
        return address(self.server, name)

    def give_back(self) -> None:
        """Nobody needs it any more: its rows are put back, or it goes."""
        self._uses += 1
        if self._uses < USES:
            try:
                with psycopg.connect(address(self.server, self._name), autocommit=True) as c:
                    c.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                    if c.execute(_FINGERPRINT).fetchone() == self._print:
                        c.execute(self._put_back)
                        return
            except psycopg.Error:
                pass  # what a test did to it is of no use to the next one
        self._on_server(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        self._name, self._uses = "", 0

    def _begin(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as c:
            tables = [
                row[0]
                for row in c.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ]
            c.execute("CREATE SCHEMA fresh")
            for table in tables:
                c.execute(f'CREATE TABLE fresh."{table}" AS TABLE public."{table}"')
            sequences = [
                (name, *c.execute(f'SELECT last_value, is_called FROM "{name}"').fetchone())  # type: ignore[misc]
                for (name,) in c.execute(
                    "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
                )
            ]
            self._put_back = "; ".join(
                [
                    "SET session_replication_role = replica",
                    *(f'DELETE FROM public."{table}"' for table in tables),
                    *(
                        f'INSERT INTO public."{table}" SELECT * FROM fresh."{table}"'
                        for table in tables
                    ),
                    *(
                        f"SELECT setval('\"{name}\"', {last}, {called})"
                        for name, last, called in sequences
                    ),
                ]
            )
            self._print = c.execute(_FINGERPRINT).fetchone()

    def _on_server(self, sql: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql)
