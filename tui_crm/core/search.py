"""One search over everything: leads, clients, people, every row of every prospect list, and notes.

Words are looked for as the beginnings of words, without regard to case and accents; all of them
must be there. A phone is found by its last six digits or more, however it is written. ``#1042`` is
the lead of that number. Each record is found once, told by the part of it that was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from tui_crm.core import phones
from tui_crm.core.dates.labels import short_day
from tui_crm.core.fuzzy import partial_score
from tui_crm.core.privacy import do_not_call
from tui_crm.core.privacy.do_not_call import OPEN, Block
from tui_crm.core.session import Session
from tui_crm.core.store import fulltext
from tui_crm.core.store.database import Store
from tui_crm.core.store.query import PEOPLE_OF_LEADS, Query, all_rows, typed_rows
from tui_crm.core.text import _, clean, fold

MOST = 60  # records of a kind that are looked at, the newest; more only as more is typed
LEAST_LETTERS = 2  # a shorter word begins half of all words: it only narrows what others find
SNIPPET = 60  # characters of a note that are shown around what was found

BY_NUMBER = 10_000  # points of the lead whose number is typed
BY_PHONE = 5_000  # of a phone
BY_CONTENT = -1_000  # of what is found by something else than a name

_NUMBER = re.compile(r"#?\s*([0-9]{1,12})")
_PHONE = re.compile(r"(?<![\w@.+])\+?\(?\d[\d\s()./\-\u2010-\u2015]{4,}\d(?![\w@])")


@dataclass(frozen=True)
class Hit:
    """Something found. ``kind`` is lead, client, person, prospect, note or list.

    ``title`` is the name of the record, ``match`` the part of it that was found where that is
    another one; ``name`` is what stands for it in a list, with the found letters at ``places``.
    ``state`` is that of a lead (todo, standby, won, lost, cancelled) or of a prospect. ``number``
    is the lead's; ``list_name``, ``line`` and ``prospect_id`` tell a row of a list. ``blocked`` is
    the do-not-call entry that a number or e-mail of it is on. ``points``: how good a find it is."""

    kind: str
    title: str
    match: str = ""
    state: str = ""
    number: int | None = None
    client_id: int | None = None
    list_id: int | None = None
    list_name: str = ""
    line: int | None = None
    prospect_id: int | None = None
    owner: str = ""
    blocked: Block | None = None
    points: int = 0
    name: str = ""
    places: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Wanted:
    """What was typed: the words, folded; ``ends`` of a phone among them, the longest first; and
    the number of a lead, if it is one (``only``: and nothing else)."""

    text: str
    words: tuple[str, ...]
    ends: tuple[str, ...] = ()
    number: int | None = None
    only: bool = False


@dataclass
class _Record:
    """A record with everything that it may have been found by."""

    hit: Hit
    names: list[str]  # best first; the first is its title
    people: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)  # role, city, e-mails …
    notes: list[str] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)  # E.164 or "", as typed
    points: list[str] = field(default_factory=list)  # numbers and e-mails as they are compared
    bonus: int = 0


def find(session: Session, text: str, most: int = 30) -> list[Hit]:
    """What the words typed so far mean, best first, ``most`` at most."""
    typed = clean(text, single_line=True).strip()
    wanted = _read(typed, session.house.region)
    hits = _find(session, wanted, most)
    if wanted.ends and (len(hits) < most or not hits):
        # The digits may be no phone but part of a name or a note.
        known = {(hit.kind == "prospect", hit.number, hit.prospect_id) for hit in hits}
        plain = _Wanted(typed, tuple(fulltext.words_of(typed)))
        hits += [
            hit
            for hit in _find(session, plain, most)
            if (hit.kind == "prospect", hit.number, hit.prospect_id) not in known
        ]
    return hits[:most]


def _read(typed: str, region: str) -> _Wanted:
    """What a text asks for."""
    number = _NUMBER.fullmatch(typed)
    if number is not None and typed.startswith("#"):
        return _Wanted(typed, (), number=int(number[1]), only=True)
    ends: tuple[str, ...] = ()
    rest = typed
    if (run := _PHONE.search(typed)) is not None and (ends := phones.ends(run[0], region)):
        rest = f"{typed[: run.start()]} {typed[run.end() :]}"
        rest = re.sub(r"(?i)^\s*(tel|phone|t|mob)[.:]*\s*$", "", rest)
    words = tuple(fulltext.words_of(rest))
    return _Wanted(rest.strip(), words, ends, int(number[1]) if number else None)


def _find(session: Session, wanted: _Wanted, most: int) -> list[Hit]:
    """The records that what is wanted finds, best first."""
    store = session.store
    indexes = (fulltext.LEADS, fulltext.CLIENTS, fulltext.PROSPECTS)
    found: list[list[int]] = [[], [], []]
    if not wanted.only:
        queries = [_candidates_query(store, index, wanted, max(most, MOST)) for index in indexes]
        asked = [query for query in queries if query is not None]
        answers = iter(store.fetch_all(*asked))
        found = [next(answers) if query is not None else [] for query in queries]
    leads, clients, prospects = found
    if wanted.number is not None:
        leads = [wanted.number, *leads]
    records = _load(session, leads, clients, prospects)
    hits = [hit for record in records if (hit := _hit(record, wanted)) is not None]
    if wanted.words and not wanted.ends:
        hits += _lists(store, wanted)
    hits.sort(key=lambda hit: (-hit.points, len(hit.name)))
    return _with_blocks(session, hits[:most], records)


# -- who may be meant -----------------------------------------------------------------------------


def _candidates_query(
    store: Store, index: str, wanted: _Wanted, most: int
) -> Query[list[int]] | None:
    """The rows of an index that match, the newest of them: first those that have the words
    themselves, then those in which words begin with them. ``None`` when too little is typed."""
    tails = fulltext.phone_words(wanted.ends)
    words = [word for word in wanted.words if len(word) >= LEAST_LETTERS]
    if not (words or tails or wanted.words):
        return None
    match = fulltext.match_sql(store, index)
    if tails:
        # Thousands may share six digits of a switchboard: the whole end is compared right here.
        some = [fulltext.asked(store, words, [tail]) for tail in tails]
        ends = [wanted.ends[-1]] if index == fulltext.PROSPECTS else []
        carries = (
            f" AND EXISTS (SELECT 1 FROM prospect_keys WHERE prospect_id = {index}.rowid"
            " AND kind = 'phone' AND (match LIKE ? OR match = ''))"
        )
        newest = fulltext.newest_first(store)
        where = match + carries * bool(ends) + newest
        return _united(index, where, some, most, [f"%{end}" for end in ends])
    asked = [fulltext.asked(store, [], wanted.words)]
    if words:
        asked.append(fulltext.asked(store, words))
    return _united(index, match + fulltext.newest_first(store), asked, most)


def _united(
    index: str, where: str, asked: Sequence[str], most: int, more: Sequence[str] = ()
) -> Query[list[int]]:
    """Rows of an index, the newest where that costs nothing, for the first of what is ``asked``,
    then for the next, as long as there are fewer than ``most``: a word that half of all rows have
    is then never looked for as a mere beginning, for which SQLite puts together the rows of all
    words that begin so."""
    one = f"SELECT rowid AS n FROM {index} WHERE {where} LIMIT"
    parts: list[str] = []
    params: list[str] = []
    for place, words in enumerate(asked):
        limit = str(most)
        if place:
            limit = f"(SELECT {most} - COUNT(*) FROM ({one} {most}) AS before{place})"
            params += [words, *more, asked[0], *more]
        else:
            params += [words, *more]
        parts.append(f"SELECT {place} AS part, n FROM ({one} {limit}) AS part{place}")

    def read(rows: list[tuple[int, int]]) -> list[int]:
        return list(dict.fromkeys(number for _part, number in rows))

    return Query(f"{' UNION ALL '.join(parts)} ORDER BY part", params, read)


def _lists(store: Store, wanted: _Wanted) -> list[Hit]:
    """The prospect lists with a word that begins as each of the words typed."""
    hits = []
    for list_id, name in store.rows("SELECT id, name FROM lists WHERE archived = 0 ORDER BY id"):
        words = fulltext.words_of(name)
        if all(any(word.startswith(typed) for word in words) for typed in wanted.words):
            points, places, _missing = partial_score(wanted.text, name)
            hits.append(Hit("list", name, list_id=list_id, points=points, name=name, places=places))
    return hits


# -- what they are --------------------------------------------------------------------------------


class _LeadRow(NamedTuple):
    id: int
    title: str
    description: str
    status: str
    next_day: str | None
    next_at: int | None
    client: str | None
    owner: str | None
    next_text: str


class _ClientRow(NamedTuple):
    id: int
    name: str
    description: str


class _ProspectRow(NamedTuple):
    id: int
    list_id: int
    list_name: str
    archived: bool
    line: int
    state: str
    lead_id: int | None
    note: str
    name: str
    first_name: str
    last_name: str
    company: str
    role: str
    city: str


class _PersonRow(NamedTuple):
    lead_id: int | None
    client_id: int | None
    id: int
    name: str
    role: str
    kind: str | None
    value: str | None
    match: str | None


def _load(
    session: Session, leads: list[int], clients: list[int], prospects: list[int]
) -> list[_Record]:
    """These records with all they may have been found by, in one trip."""
    columns = "contacts.id, name, role, kind, value, match"
    points = " LEFT JOIN contact_points ON contact_points.contact_id = contacts.id"
    lead_rows, client_rows, prospect_rows, persons, keys, lead_notes, notes = (
        session.store.fetch_all(
            typed_rows(
                _LeadRow,
                "SELECT leads.id, title, leads.description, status, next_day, next_at,"
                " clients.name, users.name, next_text FROM leads"
                " LEFT JOIN clients ON clients.id = client_id"
                " LEFT JOIN users ON users.id = leads.owner_id"
                f" WHERE leads.id IN ({_marks(leads)})",
                leads,
            ),
            typed_rows(
                _ClientRow,
                f"SELECT id, name, description FROM clients WHERE id IN ({_marks(clients)})",
                clients,
            ),
            typed_rows(
                _ProspectRow,
                "SELECT prospects.id, list_id, lists.name, archived, line, state, lead_id, note,"
                " prospects.name, first_name, last_name, company, role, city FROM prospects"
                f" JOIN lists ON lists.id = list_id WHERE prospects.id IN ({_marks(prospects)})",
                prospects,
            ),
            typed_rows(
                _PersonRow,
                f"SELECT people.lead_id, NULL, {columns} FROM {PEOPLE_OF_LEADS} AS people"
                f" JOIN contacts ON contacts.id = people.contact_id{points}"
                f" WHERE people.lead_id IN ({_marks(leads)})"
                f" UNION ALL SELECT NULL, client_id, {columns} FROM contacts{points}"
                f" WHERE client_id IN ({_marks(clients)})",
                [*leads, *clients],
            ),
            all_rows(
                "SELECT prospect_id, kind, value, match FROM prospect_keys"
                f" WHERE prospect_id IN ({_marks(prospects)}) ORDER BY position, id",
                prospects,
            ),
            all_rows(
                "SELECT number, text FROM (SELECT lead_id AS number, text, at FROM actions"
                f" WHERE lead_id IN ({_marks(leads)}) AND text <> '' UNION ALL"
                " SELECT -client_id, text, at FROM client_notes"
                f" WHERE client_id IN ({_marks(clients)})) AS found ORDER BY at DESC",
                [*leads, *clients],
            ),
            all_rows(
                f"SELECT prospect_id, text FROM actions WHERE prospect_id IN ({_marks(prospects)})"
                " AND text <> '' ORDER BY at DESC",
                prospects,
            ),
        )
    )
    by_lead = {row.id: _lead(session, row) for row in lead_rows}
    by_client = {row.id: _client(row) for row in client_rows}
    by_prospect = {row.id: _prospect(row) for row in prospect_rows}
    for person in persons:
        for record in (by_lead.get(person.lead_id or 0), by_client.get(person.client_id or 0)):
            if record is not None:
                _add_person(record, person)
    for number, kind, value, match in keys:
        record = by_prospect[number]
        record.points.append(match)
        if kind == "phone":
            record.numbers.append((match, value))
        else:
            record.facts.append(value)
    by_lead_or_client = by_lead | {-number: record for number, record in by_client.items()}
    for by_number, rows in ((by_lead_or_client, lead_notes), (by_prospect, notes)):
        for number, text in rows:
            if number in by_number:
                by_number[number].notes.append(text)
    order = (by_lead[n] for n in leads if n in by_lead)
    others = (by_client[n] for n in clients if n in by_client)
    return [*order, *others, *(by_prospect[n] for n in prospects if n in by_prospect)]


def _marks(numbers: Sequence[int]) -> str:
    return ", ".join("?" * len(numbers)) or "NULL"


def _lead(session: Session, row: _LeadRow) -> _Record:
    state = row.status
    if state == "open":
        now, today = int(session.now.timestamp()), session.today.isoformat()
        later = (row.next_at or 0) > now or (row.next_day or "") > today
        state = "standby" if later else "todo"
    hit = Hit("lead", row.title, state=state, number=row.id, owner=row.owner or "")
    names = [row.title, *([row.client] if row.client else [])]
    return _Record(
        hit, names, facts=[row.description, row.next_text], bonus=4 if row.status == "open" else 0
    )


def _client(row: _ClientRow) -> _Record:
    hit = Hit("client", row.name, client_id=row.id)
    return _Record(hit, [row.name], facts=[row.description], bonus=2)


def _prospect(row: _ProspectRow) -> _Record:
    person = row.name or f"{row.first_name} {row.last_name}".strip()
    title = ", ".join(filter(None, (person, row.company)))
    hit = Hit(
        "prospect",
        title,
        state=row.state,
        number=row.lead_id,
        list_id=row.list_id,
        list_name=row.list_name,
        line=row.line,
        prospect_id=row.id,
    )
    names = [title, f"{row.first_name} {row.last_name}"]
    bonus = (1 if row.state in OPEN else -2) - 4 * row.archived
    return _Record(hit, names, facts=[row.role, row.city], notes=[row.note], bonus=bonus)


def _add_person(record: _Record, person: _PersonRow) -> None:
    named = f"{person.name}, {person.role}" if person.role else person.name
    if named and named not in record.people:
        record.people.append(named)
    if person.kind is None:
        return
    value, match = person.value or "", person.match or ""
    record.points.append(match)
    if person.kind == "phone":
        record.numbers.append((match, value))
    else:
        record.facts.append(value)


# -- how well, and by what ------------------------------------------------------------------------


def _hit(record: _Record, wanted: _Wanted) -> Hit | None:
    """The record as it was found; ``None`` when it was not."""
    hit = record.hit
    if wanted.number is not None and hit.kind == "lead" and hit.number == wanted.number:
        return _as(record, hit.kind, hit.title, "", (), BY_NUMBER + record.bonus)
    if wanted.only:
        return None
    if wanted.ends:
        return _by_phone(record, wanted)
    return _by_words(record, wanted)


def _by_phone(record: _Record, wanted: _Wanted) -> Hit | None:
    """By a number that ends as typed, and by the words typed beside it."""
    ends = [(phones.ends_in(e164 or typed, wanted.ends), typed) for e164, typed in record.numbers]
    end, typed = max(ends, key=lambda found: len(found[0]), default=("", ""))
    if not end or (wanted.words and _by_words(record, wanted) is None):
        return None
    kind = "person" if record.hit.kind == "lead" and record.people else record.hit.kind
    name = record.people[0] if kind == "person" and len(record.people) == 1 else record.hit.title
    points = BY_PHONE + 10 * len(end) + record.bonus
    points += 3 if record.hit.kind == "lead" else 0  # what became of a row is the lead
    return _as(
        record, kind if name != record.hit.title else record.hit.kind, name, typed, (), points
    )


def _by_words(record: _Record, wanted: _Wanted) -> Hit | None:
    """By its name, else by its people, else by whatever has the words."""
    whole = "\n".join((*record.names, *record.people, *record.facts, *record.notes))
    words = set(fulltext.words_of(whole))
    if not all(any(word.startswith(typed) for word in words) for typed in wanted.words):
        return None
    hit = record.hit
    found: list[tuple[int, str, str, str, tuple[int, ...]]] = []
    for kind, name, match in (
        *((hit.kind, name, "" if n == 0 else name) for n, name in enumerate(record.names)),
        *(("person", person, person) for person in record.people),
    ):
        points, places, missing = partial_score(wanted.text, name)
        if places:
            points -= 30 * missing + (0 if kind != "person" else 4)
            found.append((points, kind, name, match, places))
    if found:
        points, kind, name, match, places = max(found, key=lambda row: row[0])
        others = [w for w in wanted.words if not _begins(w, name)]
        if others and not match:
            match = _snippet(record, others)
        if kind != "person" and name != hit.title:
            name, places = hit.title, ()
        return _as(record, kind, name, match, places, points + record.bonus)
    fact = next((f for f in record.facts if all(_begins(w, f) for w in wanted.words)), "")
    match = _around(fact, wanted.words) if fact else _snippet(record, wanted.words)
    in_note = not fact and any(_begins(w, n) for n in record.notes for w in wanted.words)
    kind = "note" if in_note and hit.kind == "lead" else hit.kind
    points = BY_CONTENT + (100 if fact else 0) + record.bonus
    return _as(record, kind, hit.title, match, (), points)


def _as(
    record: _Record, kind: str, name: str, match: str, places: tuple[int, ...], points: int
) -> Hit:
    return replace(record.hit, kind=kind, name=name, match=match, places=places, points=points)


def _begins(word: str, text: str) -> bool:
    return any(other.startswith(word) for other in fulltext.words_of(text))


def _snippet(record: _Record, words: Sequence[str]) -> str:
    """The fact or the note that has most of the words, cut around the first of them."""
    texts = [text for text in (*record.people, *record.facts, *record.notes) if text]
    counted = [(sum(_begins(word, text) for word in words), text) for text in texts]
    count, text = max(counted, key=lambda pair: pair[0], default=(0, ""))
    return _around(text, words) if count else ""


def _around(text: str, words: Sequence[str]) -> str:
    """The line of a text that has one of the words, cut to :data:`SNIPPET` characters."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = next((ln for ln in lines if any(_begins(w, ln) for w in words)), "")
    if len(line) <= SNIPPET:
        return line
    places = [
        m.start() for m in re.finditer(r"[^\W_]+", line) if fold(m[0]).startswith(tuple(words))
    ]
    start = max(0, min(places, default=0) - SNIPPET // 3)
    start = line.rfind(" ", 0, start) + 1 if start else 0
    return f"{'…' if start else ''}{line[start : start + SNIPPET].rstrip()}" + (
        "…" if start + SNIPPET < len(line) else ""
    )


# -- do not call ----------------------------------------------------------------------------------


def _with_blocks(session: Session, hits: list[Hit], records: Iterable[_Record]) -> list[Hit]:
    """The hits with the do-not-call entry of each that has a number or e-mail on the list."""
    of_record = {_key(record.hit): record.points for record in records}
    wanted = {match for hit in hits for match in of_record.get(_key(hit), ()) if match}
    blocks = do_not_call.is_blocked(session, sorted(wanted))
    if not blocks:
        return hits
    return [
        replace(
            hit,
            blocked=next((blocks[m] for m in of_record.get(_key(hit), ()) if m in blocks), None),
        )
        for hit in hits
    ]


def _key(hit: Hit) -> tuple[object, ...]:
    return hit.client_id, hit.prospect_id, hit.number, hit.list_id


def block_words(session: Session, block: Block) -> str:
    """Who put it on the do-not-call list, when, and the words said."""
    day = short_day(datetime.fromtimestamp(block.at, session.zone).date(), session.today)
    return ", ".join(filter(None, (block.who, day))) + (f": {block.words}" if block.words else "")


def kind_word(kind: str) -> str:
    """The word for the kind of a hit."""
    words = {
        "lead": _("lead"),
        "client": _("client"),
        "person": _("person"),
        "prospect": _("prospect"),
        "note": _("note"),
        "list": _("list"),
    }
    return words[kind]


def state_word(state: str) -> str:
    """The word for the state of a lead or of a prospect; empty for what has none."""
    words = {
        "todo": _("to do"),
        "standby": _("standby"),
        "won": _("won"),
        "lost": _("lost"),
        "cancelled": _("cancelled"),
        "new": _("new"),
        "retry": _("retry"),
        "callback": _("callback"),
        "done": _("done"),
        "lead": _("a lead"),
        "blocked": _("blocked"),
    }
    return words.get(state, "")
