"""Files on a lead: quotations, sale notes, invoices and others, kept in the store by their
content."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import record
from tui_crm.core.leads.record import check_amount
from tui_crm.core.session import Session
from tui_crm.core.store import blobs
from tui_crm.core.store.columns import Row
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.query import Query, typed_rows
from tui_crm.core.store.tables import Attachment
from tui_crm.core.text import _, clean, fold

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("", "quotation", "sale note", "invoice")
"""What a file is; the first is any other."""


class AttachmentRow(NamedTuple):
    """A file on a lead: ``size`` in bytes, ``amount`` in minor units, ``day`` is ``YYYY-MM-DD`` or
    empty. ``hash`` is empty for one whose content was never kept."""

    id: int
    lead_id: int
    name: str
    size: int
    hash: str
    kind: str
    amount: int | None
    day: str
    at: int

    @property
    def dated(self) -> date | None:
        return date.fromisoformat(self.day) if self.day else None


def of_query(lead_id: int) -> Query[list[AttachmentRow]]:
    """The query of :func:`of`."""
    columns = ", ".join(AttachmentRow._fields)
    return typed_rows(
        AttachmentRow,
        f"SELECT {columns} FROM attachments WHERE lead_id = ? ORDER BY at DESC, id DESC",
        (lead_id,),
    )


def of(session: Session, lead_id: int) -> list[AttachmentRow]:
    """The files of a lead, newest first."""
    return session.store.fetch(of_query(lead_id))


def find(session: Session, lead_id: int, text: str) -> AttachmentRow:
    """A file of a lead by its number or its name, or by an unmistakable beginning of it. Raises
    NotFound naming those there are."""
    known, wanted = of(session, lead_id), fold(text)
    for found in (
        [row for row in known if str(row.id) == text.strip()],
        [row for row in known if fold(row.name) == wanted],
        [row for row in known if wanted and fold(row.name).startswith(wanted)],
    ):
        if len(found) == 1:
            return found[0]
    raise NotFound(
        _("#{n} has no one file {name}.").format(n=lead_id, name=clean(text, single_line=True)),
        _("There are: {names}.").format(names=", ".join(f"{row.id} {row.name}" for row in known))
        if known
        else _("Attach one: tui-crm attach {n} FILE").format(n=lead_id),
    )


def attach(
    session: Session,
    lead_id: int,
    path: str,
    *,
    kind: str = "",
    amount: int | None = None,
    day: date | None = None,
) -> int:
    """Attach a file to a lead; the number of the attachment. Raises CrmError for a file that is
    none, is empty or larger than the workspace allows."""
    path = os.path.expanduser(path)
    digest, size = blobs.put(session.store, path, session.house.attachment_mb * 1_000_000)
    name = os.path.basename(path.rstrip("/")).encode("utf-8", "replace").decode()
    return add(session, lead_id, digest, name=name, size=size, kind=kind, amount=amount, day=day)


def copy_out(session: Session, row: AttachmentRow, folder: Path | None = None) -> Path:
    """A copy of a file under its own name, to be opened or sent. Raises CrmError."""
    return blobs.copy_out(session.store, row.hash, row.name, folder)


# -- operations -----------------------------------------------------------------------------------


@operation("attachments.add")
def add(
    w: Write,
    lead_id: int,
    digest: str,
    *,
    name: str,
    size: int,
    kind: str = "",
    amount: int | None = None,
    day: date | None = None,
) -> int:
    """Attach a content that is kept (see :func:`attach`) to a lead; the number of the
    attachment."""
    record.get(w, lead_id)
    name = clean(name, single_line=True).strip() or _("file")
    if w.store.value(
        "SELECT 1 FROM attachments WHERE lead_id = ? AND hash = ? LIMIT 1", (lead_id, digest)
    ):
        raise CrmError(_("{name} is attached to #{n} already.").format(name=name, n=lead_id))
    _check(kind, amount)
    w.describe(_("file: {name}").format(name=name), lead_id=lead_id)
    return w.insert(
        Attachment,
        lead_id=lead_id,
        name=name,
        size=size,
        hash=digest,
        kind=kind,
        amount=amount,
        day=day.isoformat() if day else "",
        at=w.at,
    )


@operation("attachments.edit")
def edit(
    w: Write, number: int, *, kind: str, amount: int | None = None, day: date | None = None
) -> None:
    """Say what a file is: its kind, with the amount and the day that stand in it."""
    row = _row(w, number)
    _check(kind, amount)
    w.update(Attachment, number, kind=kind, amount=amount, day=day.isoformat() if day else "")
    w.describe(_("file: {name}").format(name=row["name"]), lead_id=row["lead_id"])


@operation("attachments.remove")
def remove(w: Write, number: int) -> None:
    """Take a file off its lead; its content stays, for undo."""
    row = _row(w, number)
    w.delete(Attachment, number)
    w.describe(_("file removed: {name}").format(name=row["name"]), lead_id=row["lead_id"])


def _row(w: Write, number: int) -> Row:
    row = w.row(Attachment, number)
    if row is None:
        raise NotFound(_("This file is gone."), _("Somebody took it off meanwhile."))
    return row


def _check(kind: str, amount: int | None) -> None:
    if kind not in KINDS:
        raise CrmError(
            _("{kind} is no kind of file.").format(kind=clean(kind, single_line=True)),
            _("Kinds are: {names}.").format(names=", ".join(KINDS[1:])),
        )
    check_amount(amount)
