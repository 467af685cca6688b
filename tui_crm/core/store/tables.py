"""The schema, and nothing else: Peewee models, one class per table.

Conventions that hold in every table, so that both engines keep the very same values:

* an instant (``at``, ``…_at``, ``…_until``) is an integer: seconds since the epoch, UTC;
* a day (``…_on``, ``…_day``, ``expected_close``) is text ``YYYY-MM-DD``, in the zone of its rep;
* a flag is 0 or 1; money is an integer in minor units; ``seconds`` and ``minutes`` say their unit;
* a column name equals its attribute name, foreign keys included (``lead_id``), so that a row read
  as a dictionary, a row in the journal and a row in plain SQL are one thing;
* structured text (the columns of a list, the cells of a prospect) is JSON in a text column.
"""

from __future__ import annotations

from typing import Any

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    NodeList,
    SmallIntegerField,
    SqliteDatabase,
    TextField,
)

database = DatabaseProxy()


class Key(BigAutoField):
    """A row number that is never given twice, so that the journal may name rows by it."""

    def ddl(self, ctx: Any) -> Any:
        nodes = super().ddl(ctx)
        engine = self.model._meta.database
        if isinstance(getattr(engine, "obj", engine), SqliteDatabase):
            return NodeList((nodes, SQL("AUTOINCREMENT")))
        return nodes


class Ref(ForeignKeyField):
    """A foreign key that reads as a plain number, so that no hidden query can start from it."""

    def __init__(self, model: Any, null: bool = False, index: bool = True) -> None:
        super().__init__(
            model, null=null, index=index, on_delete="RESTRICT", lazy_load=False, backref="+"
        )


def words(default: str = "") -> Any:
    return TextField(default=default)


def flag(default: int = 0) -> Any:
    return SmallIntegerField(default=default)


class Table(Model):
    id = Key()

    class Meta:
        database = database
        legacy_table_names = False


class Workspace(Table):
    """One row: what holds for everybody."""

    name = words()
    currency = words("EUR")
    zone = words("UTC")
    region = words()  # ISO country, for phones typed without a prefix
    language = words("en")
    call_from = words("08:00")  # calling window in the prospect's own zone
    call_until = words("18:00")
    call_days = words("12345")  # ISO weekdays, also the working days of goals
    salt = words()
    days_off = words("[]")  # JSON: days nobody works, "2026-12-24", or "12-25" of every year
    created_at = BigIntegerField()

    class Meta:
        table_name = "workspace"


class Team(Table):
    name = TextField(unique=True)

    class Meta:
        table_name = "teams"


class User(Table):
    name = TextField(unique=True)  # what --user and the login say
    full_name = words()
    email = words()
    role = words("rep")  # admin, manager, rep
    team_id = Ref(Team, null=True)
    zone = words()  # empty: the workspace's
    active = flag(1)
    days_off = words("[]")  # JSON, as the workspace's: holidays of this one's own

    class Meta:
        table_name = "users"


class Pipeline(Table):
    name = TextField(unique=True)
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "pipelines"


class Step(Table):
    pipeline_id = Ref(Pipeline)
    name = words()
    position = IntegerField(default=0)
    probability = IntegerField(default=0)  # percent
    retired = flag()

    class Meta:
        table_name = "steps"


class Reason(Table):
    kind = words()  # lost, cancelled, not_interested
    digit = IntegerField(null=True)
    label = words()
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "reasons"


class Outcome(Table):
    """How an action ended: a bundle of flags, not a label."""

    kind = words()  # call, email, meeting, visit, message
    digit = IntegerField(null=True)
    label = words()
    lead_label = words()  # on a lead, where it differs (Interested / Reached)
    reached = flag()
    ends_row = flag()
    blocks = flag()
    bad_number = flag()
    retry = words()  # "", "4h other half", "30m", "next working day"
    most_tries = IntegerField(default=0)  # 0: no limit
    asks = words()  # "", callback, lead, reason
    next_kind = words()  # of a row that becomes a lead: the kind of its first next action, today
    on_lead = flag(1)
    on_prospect = flag(1)
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "outcomes"


class TagCategory(Table):
    name = TextField(unique=True)
    mandatory = flag()
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "tag_categories"


class Tag(Table):
    name = words()
    match = TextField(unique=True)  # text.key(name)
    category_id = Ref(TagCategory, null=True)
    retired = flag()

    class Meta:
        table_name = "tags"


class Client(Table):
    name = words()
    match = TextField(index=True)
    description = words()
    created_at = BigIntegerField()

    class Meta:
        table_name = "clients"


class ProspectList(Table):
    name = words()
    match = TextField(unique=True)
    source = words()  # the file it came from
    columns = words("[]")  # [{"name": …, "field": … or null}]
    script = words()
    script_no = IntegerField(default=0)  # which wording it is: each change counts one on
    new_first = flag()
    order_by = words()  # of the new rows: "" as in the list, "answer" when people answer
    call_from = words()  # empty: the workspace's
    call_until = words()
    call_days = words()
    most_tries = IntegerField(default=0)  # 0: the outcome's
    most_per_number = IntegerField(default=0)  # tries of one number in all lists; 0: no limit
    most_per_day = IntegerField(default=0)  # calls of one row a day; 0: no limit
    avoid_hour = flag()  # not again in the clock hour of a try that failed
    other_half = flag()  # again in the other half of the calling day, where there is a choice
    zone = words()  # for rows that say nothing of their own
    owner_id = Ref(User, null=True)
    archived = flag()
    created_at = BigIntegerField()

    class Meta:
        table_name = "lists"


class Lead(Table):
    """A chance of a sale. Its id is its number."""

    title = words()
    description = words()
    client_id = Ref(Client, null=True)
    pipeline_id = Ref(Pipeline, index=False)
    step_id = Ref(Step)
    amount = BigIntegerField(null=True)
    probability = IntegerField(null=True)  # percent; null: the step's
    status = words("open")  # open, won, lost, cancelled
    owner_id = Ref(User, null=True, index=False)
    starred = flag()
    expected_close = TextField(null=True)
    created_on = words()
    created_at = BigIntegerField()
    created_by_id = Ref(User, index=False)
    closed_on = TextField(null=True)
    closed_at = BigIntegerField(null=True)
    closed_owner_id = Ref(User, null=True, index=False)  # owner at closing
    reason_id = Ref(Reason, null=True, index=False)
    source = words()
    list_id = Ref(ProspectList, null=True)  # list of origin, kept for good
    prospect_id = BigIntegerField(null=True, index=True)
    next_day = TextField(null=True)  # a date-only next action
    next_at = BigIntegerField(null=True)  # a timed one; never both
    next_minutes = IntegerField(null=True)
    next_kind = words()
    next_text = words()
    next_rule = words()  # RRULE of a recurring one
    touched_at = BigIntegerField(index=True)  # last action or change; derived

    class Meta:
        table_name = "leads"
        indexes = (
            # The two that `status` reads hold all it asks for, so that it never touches the table.
            (
                ("owner_id", "status", "next_day", "next_at", "amount", "probability", "step_id"),
                False,
            ),
            (("status", "owner_id"), False),
            # So with the ones that reports add up closed and created leads from.
            (("status", "closed_on", "closed_owner_id", "amount", "created_on"), False),
            (("created_on", "owner_id", "status"), False),
            (("expected_close",), False),
            (("status", "next_at"), False),
        )


class Contact(Table):
    lead_id = Ref(Lead, null=True)
    client_id = Ref(Client, null=True)
    name = words()
    role = words()
    position = IntegerField(default=0)

    class Meta:
        table_name = "contacts"


class ContactPoint(Table):
    contact_id = Ref(Contact)
    kind = words()  # phone, email, web, linkedin
    value = words()  # as typed
    match = TextField(index=True)  # E.164, or the e-mail without case; empty when neither
    bad = flag()

    class Meta:
        table_name = "contact_points"


class LeadTag(Table):
    lead_id = Ref(Lead, index=False)
    tag_id = Ref(Tag)

    class Meta:
        table_name = "lead_tags"
        indexes = ((("lead_id", "tag_id"), True),)


class Attachment(Table):
    """The name and place of a file that belongs to a lead; the file itself stays where it is."""

    lead_id = Ref(Lead)
    name = words()
    path = words()
    size = BigIntegerField(default=0)
    at = BigIntegerField()

    class Meta:
        table_name = "attachments"


class Prospect(Table):
    list_id = Ref(ProspectList, index=False)
    line = IntegerField()  # the line of the file, later ones follow
    state = words("new")  # new, retry, callback, done, blocked, lead
    due_at = BigIntegerField(null=True)  # of a callback or a retry
    due_exact = flag()  # a time was agreed; else any moment of that day's calling window
    due_text = words()  # the words typed with a callback
    tries = IntegerField(default=0)
    last_at = BigIntegerField(null=True)
    last_outcome_id = Ref(Outcome, null=True, index=False)
    name = words()
    first_name = words()
    last_name = words()
    company = words()
    role = words()
    city = words()
    country = words()
    zone = words()  # IANA name, or several with blanks between; empty: unknown
    cells = words("[]")  # JSON, in the order of the list's columns
    original = words()  # JSON of the cells as imported, once edited
    note = words()
    problem = words()
    lead_id = Ref(Lead, null=True, index=False)
    owner_id = Ref(User, null=True, index=False)  # whose callback it is
    for_id = BigIntegerField(default=0)  # the rep it was handed to; 0: anybody's
    claimed_by = BigIntegerField(null=True)
    claimed_until = BigIntegerField(null=True)

    class Meta:
        table_name = "prospects"
        indexes = (
            (("list_id", "state", "zone", "for_id", "line"), False),
            (("list_id", "line"), False),
        )


# Few rows of a list are due, claimed or leads at a time. Indexes over those alone cost an import
# nothing (measured: they were a third of its time), and any comparison with the column uses them.
for _first, *_others in (
    (
        Prospect.due_at,
        Prospect.list_id,
        Prospect.state,
        Prospect.zone,
        Prospect.due_at,
        Prospect.line,
    ),
    (Prospect.due_at, Prospect.state, Prospect.due_at),
    (Prospect.claimed_by, Prospect.claimed_by, Prospect.claimed_until),
    (Prospect.lead_id, Prospect.lead_id),
):
    Prospect.add_index(
        Prospect.index(
            *_others,
            where=_first.is_null(False),
            name="prospects_" + "_".join(f.name for f in _others) + "_set",
        )
    )


class ProspectKey(Table):
    """The phones and e-mails of a prospect, for dialling, duplicates and do-not-call."""

    prospect_id = Ref(Prospect)
    kind = words()  # phone, email
    value = words()
    match = TextField(index=True)
    bad = flag()
    position = IntegerField(default=0)

    class Meta:
        table_name = "prospect_keys"


class Action(Table):
    """Something done and logged, on a lead or on a prospect."""

    lead_id = Ref(Lead, null=True, index=False)
    prospect_id = Ref(Prospect, null=True, index=False)
    list_id = Ref(ProspectList, null=True, index=False)
    user_id = Ref(User, index=False)
    at = BigIntegerField()
    kind = words()  # call, email, meeting, visit, message, note
    outcome_id = Ref(Outcome, null=True, index=False)
    reason_id = Ref(Reason, null=True, index=False)  # why not interested
    reached = flag()
    seconds = IntegerField(null=True)
    text = TextField(default="")
    number = words()  # what was dialled, E.164 when known
    try_no = IntegerField(null=True)
    script_no = IntegerField(null=True)  # the wording of the list's script at this call
    script_path = words()  # the answers that were opened, "1 no time > 3 send it"

    class Meta:
        table_name = "actions"
        indexes = (
            # Reports go through a million of them: what they add up stands in the index.
            (("user_id", "kind", "at", "reached", "outcome_id", "seconds"), False),
            (("lead_id", "at", "kind"), False),
            (("prospect_id", "at", "kind"), False),
            (("list_id", "at", "kind", "reached"), False),
            (("list_id", "kind", "prospect_id", "reached", "at", "user_id"), False),
            (("number", "at"), False),
            (("at",), False),
        )


class History(Table):
    """Every change of step, status, owner, amount, expected close, title: when, whose, from, to."""

    lead_id = Ref(Lead, index=False)
    at = BigIntegerField()
    on_day = words()  # the day it counts for: closing dates can be corrected
    user_id = Ref(User, index=False)
    field = TextField()  # created, status, step, owner, amount, expected_close, probability, …
    was = TextField(null=True)
    became = TextField(null=True)

    class Meta:
        table_name = "history"
        indexes = (
            (("lead_id", "at"), False),
            # The way of each lead through the steps, in order, out of the index alone.
            (("field", "lead_id", "id", "on_day", "became"), False),
        )


class Blocked(Table):
    """Do not call: who asked, when, and the words said."""

    match = TextField(unique=True)  # E.164 or e-mail; its salted hash once the person is forgotten
    kind = words()
    at = BigIntegerField()
    user_id = Ref(User, index=False)
    words = words()

    class Meta:
        table_name = "blocked"


class Goal(Table):
    """A target for a user (or, with neither, the workspace): so much of a kind in a period."""

    user_id = Ref(User, null=True)
    team_id = Ref(Team, null=True)
    kind = words()  # calls, actions, leads, wins, amount
    period = words()  # day, week, month, quarter
    target = BigIntegerField()

    class Meta:
        table_name = "goals"


class SavedView(Table):
    user_id = Ref(User)
    place = words()  # leads, calling, stats
    name = words()
    query = words()
    digit = IntegerField(null=True)

    class Meta:
        table_name = "saved_views"


class Mapping(Table):
    """How the columns of a file were mapped, remembered by the file's header."""

    header = TextField(unique=True)
    fields = words("{}")

    class Meta:
        table_name = "mappings"


class Entry(Table):
    """The journal: one row for each thing that a user did."""

    at = BigIntegerField(index=True)
    user_id = Ref(User, index=False)
    op = words()  # leads.won, undo, redo …
    text = TextField(default="")
    lead_id = BigIntegerField(null=True, index=True)
    prospect_id = BigIntegerField(null=True)
    list_id = BigIntegerField(null=True)
    undoes = BigIntegerField(null=True, index=True)
    undone_by = BigIntegerField(null=True)

    class Meta:
        table_name = "entries"
        indexes = ((("user_id", "id"), False),)


class Change(Table):
    """What an entry did to one row (or to a run of rows), enough to take it back exactly."""

    entry_id = Ref(Entry)
    name = words()  # the table
    row = BigIntegerField()
    last = BigIntegerField()  # equals row, or ends a run of inserted rows
    kind = words()  # insert, update, delete
    was = TextField(null=True)  # JSON: the changed columns, the whole row, or a run of rows
    became = TextField(null=True)

    class Meta:
        table_name = "changes"
        indexes = ((("name", "row", "last"), False),)


class Draft(Table):
    """Words typed and not yet kept. Never in the journal: saving them is nobody's act."""

    user_id = Ref(User, index=False)
    place = words()  # "prospect:12", "lead:4:call"
    text = TextField(default="")
    data = words("{}")
    at = BigIntegerField()
    kept_by = BigIntegerField(null=True)  # the entry that took the words over

    class Meta:
        table_name = "drafts"
        indexes = ((("user_id", "place"), True),)


class Seat(Table):
    """Where a user stands in a calling session: the row on screen, the clocks, the filter."""

    user_id = Ref(User, index=False)
    list_id = Ref(ProspectList, index=False)
    prospect_id = BigIntegerField(null=True)
    since_at = BigIntegerField(null=True)  # when that row came on screen
    query = words()
    started_at = BigIntegerField()
    dialled_at = BigIntegerField(null=True)
    dialled = words()
    paused_at = BigIntegerField(null=True)
    seen_at = BigIntegerField()
    skipped = words("[]")  # JSON: rows stepped over in this session

    class Meta:
        table_name = "seats"
        indexes = ((("user_id", "list_id"), True),)


TABLES: tuple[Any, ...] = (
    Workspace,
    Team,
    User,
    Pipeline,
    Step,
    Reason,
    Outcome,
    TagCategory,
    Tag,
    Client,
    ProspectList,
    Lead,
    Contact,
    ContactPoint,
    LeadTag,
    Attachment,
    Prospect,
    ProspectKey,
    Action,
    History,
    Blocked,
    Goal,
    SavedView,
    Mapping,
    Entry,
    Change,
    Draft,
    Seat,
)
BY_NAME: dict[str, Any] = {model._meta.table_name: model for model in TABLES}
