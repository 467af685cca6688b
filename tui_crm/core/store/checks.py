"""Whether a store is sound: its file, its tables, and the rules that its rows must keep."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

from tui_crm.core.store import tables
from tui_crm.core.store.database import Store
from tui_crm.core.store.schema import schema_diff
from tui_crm.core.text import _, ngettext

PROSPECT_STATES = ("new", "retry", "callback", "done", "blocked", "lead")


def damage(path: Path, stopped: Callable[[], bool] | None = None) -> list[str]:
    """What SQLite itself finds wrong with a file; [] when all is well. Raises sqlite3.Error for
    what it cannot even read, and once ``stopped()`` is true."""
    quiet = "" if os.access(path.parent, os.W_OK) else "&immutable=1"
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{quiet}", uri=True)
    if stopped is not None:
        connection.set_progress_handler(stopped, 100_000)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(10)")]
        found = [line for line in found if line != "ok"]
        for table, row, other, _number in connection.execute("PRAGMA foreign_key_check"):
            found.append(f"{table} {row} > {other}")
            if len(found) > 10:
                break
        return found
    finally:
        connection.close()


def check(store: Store) -> list[str]:
    """Everything that is wrong with a store, one sentence each; empty when all is well."""
    problems: list[str] = []
    if store.path is not None:
        problems += _file(store.path)
        try:
            wrong = damage(store.path)
        except sqlite3.Error as error:
            return [*problems, _("The file cannot be read: {why}.").format(why=error)]
        problems += [_("The file is damaged: {what}.").format(what=line) for line in wrong]
        if wrong:
            return problems
    difference = schema_diff(store)
    if difference:
        return [
            *problems,
            _("The tables differ: {what}.").format(what=difference.replace("\n", ", ")),
        ]
    for sentence, sql in _rules():
        count = int(store.value(f"SELECT COUNT(*) FROM ({sql}) AS found") or 0)
        if count:
            first = store.value(f"SELECT MIN(id) FROM ({sql}) AS found")
            problems.append(f"{sentence}: {_examples(count, int(first))}")
    return problems


def _examples(count: int, first: int) -> str:
    return ngettext(
        "{n} row (number {first})", "{n} rows (the first is number {first})", count
    ).format(n=count, first=first)


def _file(path: Path) -> list[str]:
    problems = []
    for ending in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        try:
            mode = stat.S_IMODE(beside.stat().st_mode)
        except OSError:
            continue
        if mode & 0o077:
            problems.append(
                _("{file} can be read by others; set its rights to 600.").format(file=beside)
            )
    return problems


def _rules() -> list[tuple[str, str]]:
    """Each rule with the query for the rows that break it; every query gives ``id``."""
    names = ", ".join(f"'{name}'" for name in tables.BY_NAME)
    states = ", ".join(f"'{name}'" for name in PROSPECT_STATES)
    closed = "('won', 'lost', 'cancelled')"
    next_action = (
        "next_day IS NOT NULL OR next_at IS NOT NULL OR next_text <> '' OR next_kind <> ''"
        " OR next_rule <> ''"
    )
    day = "LENGTH({0}) <> 10 OR SUBSTR({0}, 5, 1) <> '-' OR SUBSTR({0}, 8, 1) <> '-'"
    return [
        (
            _("Leads with a status that does not exist"),
            "SELECT id FROM leads WHERE status NOT IN ('open', 'won', 'lost', 'cancelled')",
        ),
        (
            _("Leads whose next action is both a day and a moment"),
            "SELECT id FROM leads WHERE next_day IS NOT NULL AND next_at IS NOT NULL",
        ),
        (
            _("Closed leads without a closing date"),
            f"SELECT id FROM leads WHERE status IN {closed}"
            " AND (closed_on IS NULL OR closed_at IS NULL)",
        ),
        (
            _("Closed leads with a next action"),
            f"SELECT id FROM leads WHERE status IN {closed} AND ({next_action})",
        ),
        (
            _("Open leads with a closing date"),
            "SELECT id FROM leads WHERE status = 'open' AND (closed_on IS NOT NULL"
            " OR closed_at IS NOT NULL OR reason_id IS NOT NULL)",
        ),
        (
            _("Leads closed before they were created"),
            "SELECT id FROM leads WHERE closed_on < created_on",
        ),
        (
            _("Leads with a creation date that is no day"),
            f"SELECT id FROM leads WHERE {day.format('created_on')}",
        ),
        (
            _("Leads on a step of another pipeline"),
            "SELECT leads.id FROM leads JOIN steps ON steps.id = step_id"
            " WHERE steps.pipeline_id <> leads.pipeline_id",
        ),
        (_("Leads with a negative amount"), "SELECT id FROM leads WHERE amount < 0"),
        (
            _("Leads without a history"),
            "SELECT id FROM leads WHERE NOT EXISTS (SELECT 1 FROM history"
            " WHERE lead_id = leads.id AND field = 'status' AND was IS NULL)",
        ),
        (
            _("Leads that the search does not know"),
            "SELECT id FROM leads WHERE id NOT IN (SELECT rowid FROM lead_text)",
        ),
        (
            _("Leads that the search knows and that do not exist"),
            "SELECT rowid AS id FROM lead_text WHERE rowid NOT IN (SELECT id FROM leads)",
        ),
        (
            _("Prospects with a state that does not exist"),
            f"SELECT id FROM prospects WHERE state NOT IN ({states})",
        ),
        (
            _("Prospects to call back without a moment"),
            "SELECT id FROM prospects WHERE state = 'callback' AND due_at IS NULL",
        ),
        (
            _("Prospects that became a lead which is not theirs"),
            "SELECT id FROM prospects WHERE state = 'lead' AND lead_id IS NULL",
        ),
        (
            _("Prospects whose tries are not the calls that were logged"),
            "SELECT id FROM prospects WHERE tries <> (SELECT COUNT(*) FROM actions"
            " WHERE prospect_id = prospects.id AND kind = 'call')"
            " AND (tries > 0 OR last_at IS NOT NULL)",
        ),
        (
            _("Actions that belong to nothing"),
            "SELECT id FROM actions WHERE lead_id IS NULL AND prospect_id IS NULL",
        ),
        (
            _("Contacts that belong to nothing"),
            "SELECT id FROM contacts WHERE lead_id IS NULL AND client_id IS NULL",
        ),
        (
            _("Changes in the journal of a table that does not exist"),
            f"SELECT id FROM changes WHERE name NOT IN ({names})",
        ),
        (
            _("Entries in the journal undone by one that does not exist"),
            "SELECT id FROM entries WHERE undone_by IS NOT NULL"
            " AND undone_by NOT IN (SELECT id FROM entries)",
        ),
    ]
