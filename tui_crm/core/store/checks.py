"""Whether a store is sound: its file, its tables, and the rules that its rows must keep."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path

from tui_crm.core.store import blobs, daily_check, rules
from tui_crm.core.store.database import Store
from tui_crm.core.store.row_checks import check_rows
from tui_crm.core.store.schema import schema_diff
from tui_crm.core.text import _, ngettext, show


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
        unsound = any(" > " not in line for line in wrong)  # more than rows that point to nothing
        if not store.readonly:
            daily_check.note(str(store.path), sound=not unsound)
        store.is_damaged = unsound
        if unsound:
            return problems
    difference = schema_diff(store)
    if difference:
        return [
            *problems,
            _("The tables differ: {what}.").format(what=difference.replace("\n", ", ")),
        ]
    for rule in rules.rules(_known_until(store)):
        count, first = store.rows(f"SELECT COUNT(*), MIN(id) FROM ({rule.sql}) AS found")[0]
        if count:
            problems.append(f"{rule.sentence}: {_examples(int(count), int(first))}")
    for lead, name, state in blobs.problems(store):
        sentence = (
            _("The content of a file of #{n} is missing: {name}.")
            if state == "missing"
            else _("The content of a file of #{n} is damaged: {name}.")
        )
        problems.append(sentence.format(n=lead, name=show(name)))
    for sentence, numbers in check_rows(store).items():
        problems.append(f"{sentence}: {_examples(len(numbers), min(numbers))}")
    return problems


def _known_until(store: Store) -> int:
    """A moment that nothing done lies behind: a day from now, or from the newest entry of the
    journal where the clock of this machine is slow."""
    newest = int(store.value("SELECT MAX(at) FROM entries") or 0)
    made = int(store.value("SELECT MAX(created_at) FROM workspace") or 0)
    return max(int(time.time()), newest, made) + 2 * 86400


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
