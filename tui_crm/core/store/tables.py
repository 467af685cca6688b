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

from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from tui_crm.core.store.columns import (
        ActionColumns,
        ContactColumns,
        LeadColumns,
        ListColumns,
        OutcomeColumns,
        ProspectColumns,
        Row,
        SeatColumns,
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


def text_column(default: str = "") -> TextField:
    return TextField(default=default)


def flag(default: int = 0) -> SmallIntegerField:
    return SmallIntegerField(default=default)


class Table(Model):
    """A table with a row number; :mod:`.columns` types its rows."""

    id = Key()

    class Meta:
        database = database
        legacy_table_names = False


class UntypedTable(Table):
    """A table whose rows have no type of their own: they are plain dictionaries."""

    if TYPE_CHECKING:
        row_type: Row


class Workspace(UntypedTable):
    """One row: what holds for everybody."""

    name = text_column()
    currency = text_column("EUR")
    zone = text_column("UTC")
    region = text_column()  # ISO country, for phones typed without a prefix
    language = text_column("en")
    call_from = text_column("08:00")  # calling window in the prospect's own zone
    call_until = text_column("18:00")
    call_days = text_column("12345")  # ISO weekdays, also the working days of goals
    salt = text_column()
    days_off = text_column("[]")  # JSON: days nobody works, "2026-12-24", or "12-25" of every year
    attachment_mb = IntegerField(default=25)  # the most that one attached file may have, in MB
    silent_days = IntegerField(default=0)  # without a real action, until a client is silent; 0: no
    score = flag(1)  # whether the chance of open leads is told, learnt from the closed ones
    created_at = BigIntegerField()

    class Meta:
        table_name = "workspace"


class Team(UntypedTable):
    name = TextField(unique=True)

    class Meta:
        table_name = "teams"


class User(UntypedTable):
    name = TextField(unique=True)  # what --user and the login say
    full_name = text_column()
    email = text_column()
    role = text_column("rep")  # admin, manager, rep
    team_id = Ref(Team, null=True)
    zone = text_column()  # empty: the workspace's
    active = flag(1)
    days_off = text_column("[]")  # JSON, as the workspace's: holidays of this one's own

    class Meta:
        table_name = "users"


class Pipeline(UntypedTable):
    name = TextField(unique=True)
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "pipelines"


class Step(UntypedTable):
    pipeline_id = Ref(Pipeline)
    name = text_column()
    position = IntegerField(default=0)
    probability = IntegerField(default=0)  # percent
    target_days = IntegerField(default=0)  # a lead is to stand on it no longer than so; 0: any time
    needs = text_column("[]")  # JSON: what a lead must have there, "amount", "field:3"
    retired = flag()

    class Meta:
        table_name = "steps"


class Reason(UntypedTable):
    kind = text_column()  # lost, cancelled, not_interested
    digit = IntegerField(null=True)
    label = text_column()
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "reasons"


class Outcome(Table):
    """How an action ended: a bundle of flags, not a label."""

    kind = text_column()  # call, email, meeting, visit, message
    digit = IntegerField(null=True)
    label = text_column()
    lead_label = text_column()  # on a lead, where it differs (Interested / Reached)
    reached = flag()
    ends_row = flag()
    blocks = flag()
    bad_number = flag()
    retry = text_column()  # "", "4h other half", "30m", "next working day"
    most_tries = IntegerField(default=0)  # 0: no limit
    asks = text_column()  # "", callback, lead, reason
    means = text_column()  # "", bounced (an e-mail came back), moved (a meeting has another date)
    next_kind = (
        text_column()
    )  # of a row that becomes a lead: the kind of its first next action, today
    on_lead = flag(1)
    on_prospect = flag(1)
    position = IntegerField(default=0)
    retired = flag()

    if TYPE_CHECKING:
        row_type: OutcomeColumns

    class Meta:
        table_name = "outcomes"


class Kind(UntypedTable):
    """A kind of action. Its name is what actions, outcomes and next actions have."""

    name = TextField(unique=True)
    letter = text_column()
    touch = flag(1)  # completes next actions, and is counted
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "kinds"


class Template(UntypedTable):
    """A message to be filled in and sent, in one language."""

    name = TextField()
    match = text_column()  # the name, folded
    language = text_column()  # a code: en, es
    subject = text_column()
    body = text_column()
    retired = flag()

    class Meta:
        table_name = "templates"


class TagCategory(UntypedTable):
    name = TextField(unique=True)
    mandatory = flag()
    letter = text_column()  # stands for it where there is room for one
    colour = text_column()  # a token of the theme
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "tag_categories"


class Tag(UntypedTable):
    name = text_column()
    match = TextField(unique=True)  # text.key(name)
    category_id = Ref(TagCategory, null=True)
    direction = text_column()  # of the leads that have it: inbound, outbound, or nothing
    retired = flag()

    class Meta:
        table_name = "tags"


class Client(UntypedTable):
    name = text_column()
    match = TextField(index=True)
    description = text_column()  # its ``Label: value`` lines are its fields, as a lead's are
    owner_id = Ref(User, null=True)
    silent_days = IntegerField(null=True)  # null: the workspace's; 0: it is never silent
    created_at = BigIntegerField()

    class Meta:
        table_name = "clients"


class ClientNote(UntypedTable):
    client_id = Ref(Client, index=False)
    user_id = Ref(User, index=False)
    at = BigIntegerField()
    text = text_column()

    class Meta:
        table_name = "client_notes"
        indexes = ((("client_id", "at"), False),)


class CustomField(UntypedTable):
    """A field that the workspace defines; its values are lines of the descriptions."""

    subject = text_column("lead")  # lead, client
    name = text_column()
    match = text_column()  # the name as labels are compared: letters and digits alone
    kind = text_column("text")  # text, number, money, day, choice, phone, email, web
    choices = text_column("[]")  # JSON, of a choice
    duplicates = flag()  # the same value twice is reported as a duplicate
    position = IntegerField(default=0)
    retired = flag()

    class Meta:
        table_name = "fields"
        indexes = ((("subject", "match"), True),)


class ProspectList(Table):
    name = text_column()
    match = TextField(unique=True)
    source = text_column()  # the file it came from
    columns = text_column("[]")  # [{"name": …, "field": … or null}]
    script = text_column()
    script_no = IntegerField(default=0)  # which wording it is: each change counts one on
    new_first = flag()
    order_by = text_column()  # of the new rows: "" as in the list, "answer" when people answer
    call_from = text_column()  # empty: the workspace's
    call_until = text_column()
    call_days = text_column()
    most_tries = IntegerField(default=0)  # 0: the outcome's
    most_per_number = IntegerField(default=0)  # tries of one number in all lists; 0: no limit
    most_per_day = IntegerField(default=0)  # calls of one row a day; 0: no limit
    avoid_hour = flag()  # not again in the clock hour of a try that failed
    other_half = flag()  # again in the other half of the calling day, where there is a choice
    zone = text_column()  # for rows that say nothing of their own
    direction = text_column()  # of its leads: inbound, outbound, none; empty: outbound
    owner_id = Ref(User, null=True)
    archived = flag()
    created_at = BigIntegerField()

    if TYPE_CHECKING:
        row_type: ListColumns

    class Meta:
        table_name = "lists"


class Lead(Table):
    """A chance of a sale. Its id is its number."""

    title = text_column()
    description = text_column()
    client_id = Ref(Client, null=True)
    pipeline_id = Ref(Pipeline, index=False)
    step_id = Ref(Step)
    amount = BigIntegerField(null=True)
    probability = IntegerField(null=True)  # percent; null: the step's
    status = text_column("open")  # open, won, lost, cancelled
    owner_id = Ref(User, null=True, index=False)
    starred = flag()
    priority = text_column()  # high, low; empty: none
    expected_close = TextField(null=True)
    created_on = text_column()
    created_at = BigIntegerField()
    created_by_id = Ref(User, index=False)
    closed_on = TextField(null=True)
    closed_at = BigIntegerField(null=True)
    closed_owner_id = Ref(User, null=True, index=False)  # owner at closing
    reason_id = Ref(Reason, null=True, index=False)
    source = text_column()
    direction = text_column()  # inbound, outbound, none; empty: what its tags or its list say
    list_id = Ref(ProspectList, null=True)  # list of origin, kept for good
    prospect_id = BigIntegerField(null=True, index=True)
    next_day = TextField(null=True)  # a date-only next action
    next_at = BigIntegerField(null=True)  # a timed one; never both
    next_minutes = IntegerField(null=True)
    next_kind = text_column()
    next_text = text_column()
    next_rule = text_column()  # RRULE of a recurring one
    touched_at = BigIntegerField(index=True)  # last real action, else creation; derived

    if TYPE_CHECKING:
        row_type: LeadColumns

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
    name = text_column()
    role = text_column()
    position = IntegerField(default=0)

    if TYPE_CHECKING:
        row_type: ContactColumns

    class Meta:
        table_name = "contacts"


class ContactPoint(UntypedTable):
    contact_id = Ref(Contact)
    kind = text_column()  # phone, email, web, linkedin
    value = text_column()  # as typed
    match = TextField(index=True)  # E.164, or the e-mail without case; empty when neither
    bad = flag()

    class Meta:
        table_name = "contact_points"


class LeadPerson(UntypedTable):
    """A person of a client on a further lead of it: people are never copied."""

    lead_id = Ref(Lead, index=False)
    contact_id = Ref(Contact)
    position = IntegerField(default=0)

    class Meta:
        table_name = "lead_people"
        indexes = ((("lead_id", "contact_id"), True),)


class NotDuplicate(UntypedTable):
    """Two records that look like one and were said to be two; ``one_id`` is the smaller number."""

    kind = text_column()  # leads, people, clients
    one_id = BigIntegerField()
    other_id = BigIntegerField()
    user_id = Ref(User, index=False)
    at = BigIntegerField()

    class Meta:
        table_name = "not_duplicates"
        indexes = ((("kind", "one_id", "other_id"), True),)


class LeadTag(UntypedTable):
    lead_id = Ref(Lead, index=False)
    tag_id = Ref(Tag)

    class Meta:
        table_name = "lead_tags"
        indexes = ((("lead_id", "tag_id"), True),)


class Attachment(UntypedTable):
    """A file that belongs to a lead; its content is kept by its hash (:mod:`.blobs`)."""

    lead_id = Ref(Lead)
    name = text_column()
    path = text_column()
    size = BigIntegerField(default=0)
    hash = text_column()  # SHA-256 of the content, in hexadecimal digits
    kind = text_column()  # quotation, sale note, invoice; empty: another file
    amount = BigIntegerField(null=True)
    day = text_column()
    at = BigIntegerField()

    class Meta:
        table_name = "attachments"


class Prospect(Table):
    list_id = Ref(ProspectList, index=False)
    line = IntegerField()  # the line of the file, later ones follow
    state = text_column("new")  # new, retry, callback, done, blocked, lead
    due_at = BigIntegerField(null=True)  # of a callback or a retry
    due_exact = flag()  # a time was agreed; else any moment of that day's calling window
    due_text = text_column()  # the words typed with a callback
    tries = IntegerField(default=0)
    last_at = BigIntegerField(null=True)
    last_outcome_id = Ref(Outcome, null=True, index=False)
    name = text_column()
    first_name = text_column()
    last_name = text_column()
    company = text_column()
    role = text_column()
    city = text_column()
    country = text_column()
    zone = text_column()  # IANA name, or several with blanks between; empty: unknown
    cells = text_column("[]")  # JSON, in the order of the list's columns
    original = text_column()  # JSON of the cells as imported, once edited
    note = text_column()
    problem = text_column()
    lead_id = Ref(Lead, null=True, index=False)
    owner_id = Ref(User, null=True, index=False)  # whose callback it is
    for_id = BigIntegerField(default=0)  # the rep it was handed to; 0: anybody's
    claimed_by = BigIntegerField(null=True)
    claimed_until = BigIntegerField(null=True)

    if TYPE_CHECKING:
        row_type: ProspectColumns

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


class ProspectKey(UntypedTable):
    """The phones and e-mails of a prospect, for dialling, duplicates and do-not-call."""

    prospect_id = Ref(Prospect)
    kind = text_column()  # phone, email
    value = text_column()
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
    kind = text_column()  # call, email, meeting, visit, message, note
    outcome_id = Ref(Outcome, null=True, index=False)
    reason_id = Ref(Reason, null=True, index=False)  # why not interested
    reached = flag()
    follow_up = SmallIntegerField(null=True)  # of a call on an open lead: a next action stood
    seconds = IntegerField(null=True)
    text = TextField(default="")
    number = text_column()  # what was dialled, E.164 when known
    try_no = IntegerField(null=True)
    script_no = IntegerField(null=True)  # the wording of the list's script at this call
    script_path = text_column()  # the answers that were opened, "1 no time > 3 send it"
    pinned = flag()  # kept at the top of the history of its lead

    if TYPE_CHECKING:
        row_type: ActionColumns

    class Meta:
        table_name = "actions"
        indexes = (
            # Reports go through a million of them: what they add up is in the index.
            (("user_id", "kind", "at", "reached", "outcome_id", "seconds"), False),
            (("lead_id", "at", "kind"), False),
            (("prospect_id", "at", "kind"), False),
            (("list_id", "at", "kind", "reached"), False),
            (("list_id", "kind", "prospect_id", "reached", "at", "user_id"), False),
            (("number", "at"), False),
            (("at",), False),
        )


class History(UntypedTable):
    """Every change of step, status, owner, amount, expected close, title: when, whose, from, to."""

    lead_id = Ref(Lead, index=False)
    at = BigIntegerField()
    on_day = text_column()  # the day it counts for: closing dates can be corrected
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


class Blocked(UntypedTable):
    """The do-not-call list: who put a number there, when, and the reason."""

    match = TextField(unique=True)  # E.164 or e-mail; its salted hash once the person is forgotten
    kind = text_column()
    at = BigIntegerField()
    user_id = Ref(User, index=False)
    words = text_column()

    class Meta:
        table_name = "blocked"


# The few entries of erased people: whether there is any is asked with every lead that is shown.
Blocked.add_index(
    Blocked.index(
        Blocked.match,
        where=SQL("substr(match, 1, 7) = 'sha256:'"),
        name="blocked_match_hashed",
    )
)


class Goal(UntypedTable):
    """A target for a user (or, with neither, the workspace): so much of a kind in a period."""

    user_id = Ref(User, null=True)
    team_id = Ref(Team, null=True)
    kind = text_column()  # calls, actions, leads, wins, amount
    period = text_column()  # day, week, month, quarter, year, all
    target = BigIntegerField()

    class Meta:
        table_name = "goals"


class Appointment(UntypedTable):
    """Time of a user's own that is blocked without a lead."""

    user_id = Ref(User, index=False)
    at = BigIntegerField()
    minutes = IntegerField()
    kind = text_column()
    text = text_column()
    rule = text_column()  # RRULE of a recurring one
    skipped = text_column("[]")  # JSON: days of turns of it that were moved or taken off

    class Meta:
        table_name = "appointments"
        indexes = ((("user_id", "rule", "at"), False),)


class Cost(UntypedTable):
    """What a source or a prospect list cost in some days, both ends included."""

    source = text_column()  # a tag of the category of sources, or the text of a lead's source
    list_id = Ref(ProspectList, null=True)
    first_day = text_column()
    last_day = text_column()
    amount = BigIntegerField()
    user_id = Ref(User, index=False)
    at = BigIntegerField()
    retired = flag()

    class Meta:
        table_name = "costs"
        indexes = ((("first_day", "last_day"), False),)


class SavedView(UntypedTable):
    user_id = Ref(User)
    place = text_column()  # leads, calling, stats
    name = text_column()
    query = text_column()
    digit = IntegerField(null=True)
    shared = flag()  # everybody has it; else its user alone

    class Meta:
        table_name = "saved_views"


class Mapping(UntypedTable):
    """How the columns of a file were mapped, remembered by the file's header."""

    header = TextField(unique=True)
    fields = text_column("{}")

    class Meta:
        table_name = "mappings"


class Entry(UntypedTable):
    """The journal: one row for each thing that a user did."""

    at = BigIntegerField(index=True)
    user_id = Ref(User, index=False)
    op = text_column()  # leads.won, undo, redo …
    text = TextField(default="")
    lead_id = BigIntegerField(null=True, index=True)
    prospect_id = BigIntegerField(null=True)
    list_id = BigIntegerField(null=True)
    undoes = BigIntegerField(null=True, index=True)
    undone_by = BigIntegerField(null=True)
    token = TextField(null=True, unique=True)  # of the operation, to find it after a lost line

    class Meta:
        table_name = "entries"
        indexes = ((("user_id", "id"), False),)


class Change(UntypedTable):
    """What an entry did to one row (or to a run of rows), enough to take it back exactly."""

    entry_id = Ref(Entry)
    name = text_column()  # the table
    row = BigIntegerField()
    last = BigIntegerField()  # equals row, or ends a run of inserted rows
    kind = text_column()  # insert, update, delete
    was = TextField(null=True)  # JSON: the changed columns, the whole row, or a run of rows
    became = TextField(null=True)

    class Meta:
        table_name = "changes"
        indexes = ((("name", "row", "last"), False),)


class Draft(UntypedTable):
    """Text typed and not stored yet. Never in the journal: saving it is nobody's act."""

    user_id = Ref(User, index=False)
    place = text_column()  # "prospect:12", "lead:4:call"
    text = TextField(default="")
    data = text_column("{}")
    at = BigIntegerField()
    kept_by = BigIntegerField(null=True)  # the entry that took the words over

    class Meta:
        table_name = "drafts"
        indexes = ((("user_id", "place"), True),)


class Seat(Table):
    """The place of a user at a list: the row on screen, the clocks, the filter."""

    user_id = Ref(User, index=False)
    list_id = Ref(ProspectList, index=False)
    prospect_id = BigIntegerField(null=True)
    since_at = BigIntegerField(null=True)  # when that row came on screen
    query = text_column()
    started_at = BigIntegerField()
    dialled_at = BigIntegerField(null=True)
    dialled = text_column()
    paused_at = BigIntegerField(null=True)
    seen_at = BigIntegerField()
    skipped = text_column("[]")  # JSON: rows stepped over in this session

    if TYPE_CHECKING:
        row_type: SeatColumns

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
    Kind,
    Template,
    TagCategory,
    Tag,
    Client,
    ClientNote,
    CustomField,
    ProspectList,
    Lead,
    Contact,
    ContactPoint,
    LeadPerson,
    LeadTag,
    NotDuplicate,
    Attachment,
    Prospect,
    ProspectKey,
    Action,
    History,
    Blocked,
    Goal,
    Cost,
    Appointment,
    SavedView,
    Mapping,
    Entry,
    Change,
    Draft,
    Seat,
)
BY_NAME: dict[str, Any] = {model._meta.table_name: model for model in TABLES}
