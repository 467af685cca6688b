"""The first tables, frozen: what the schema was then, whatever `tables.py` says today.

A table is its name at the margin, then its columns (a ``?`` may be null, ``->`` is a foreign key,
``index`` and ``unique`` are over that column alone) and its other indexes, ``where`` one over the
rows in which that column is set.
"""

from __future__ import annotations

import re
from typing import Any

import peewee

from tui_crm.core.store import fulltext
from tui_crm.core.store.tables import Key, Ref

SCHEMA = """
workspace
    name text, currency text, zone text, region text, language text, call_from text,
    call_until text, call_days text, salt text, created_at big
teams
    name text unique
users
    name text unique, full_name text, email text, role text, team_id ->teams? index, zone text,
    active small
pipelines
    name text unique, position int, retired small
steps
    pipeline_id ->pipelines index, name text, position int, probability int, retired small
reasons
    kind text, digit int?, label text, position int, retired small
outcomes
    kind text, digit int?, label text, lead_label text, reached small, ends_row small,
    blocks small, bad_number small, retry text, most_tries int, asks text, next_kind text,
    on_lead small, on_prospect small, position int, retired small
tag_categories
    name text unique, mandatory small, position int, retired small
tags
    name text, match text unique, category_id ->tag_categories? index, retired small
clients
    name text, match text index, description text, created_at big
lists
    name text, match text unique, source text, columns text, script text, new_first small,
    call_from text, call_until text, call_days text, most_tries int, zone text,
    owner_id ->users? index, archived small, created_at big
leads
    title text, description text, client_id ->clients? index, pipeline_id ->pipelines,
    step_id ->steps index, amount big?, probability int?, status text, owner_id ->users?,
    starred small, expected_close text?, created_on text, created_at big, created_by_id ->users,
    closed_on text?, closed_at big?, closed_owner_id ->users?, reason_id ->reasons?,
    source text, list_id ->lists? index, prospect_id big? index, next_day text?, next_at big?,
    next_minutes int?, next_kind text, next_text text, next_rule text, touched_at big index
    index owner_id status next_day next_at amount probability step_id
    index status owner_id
    index status closed_on closed_owner_id amount
    index created_on
    index expected_close
    index status next_at
contacts
    lead_id ->leads? index, client_id ->clients? index, name text, role text, position int
contact_points
    contact_id ->contacts index, kind text, value text, match text index, bad small
lead_tags
    lead_id ->leads, tag_id ->tags index
    unique lead_id tag_id
attachments
    lead_id ->leads index, name text, path text, size big, at big
prospects
    list_id ->lists, line int, state text, due_at big?, due_exact small, due_text text,
    tries int, last_at big?, last_outcome_id ->outcomes?, name text, first_name text,
    last_name text, company text, role text, city text, country text, zone text, cells text,
    original text, note text, problem text, lead_id ->leads?, owner_id ->users?,
    claimed_by big?, claimed_until big?
    index list_id state zone line
    index list_id line
    index list_id state zone due_at line where due_at \
named prospects_list_id_state_zone_due_at_line_set
    index state due_at where due_at named prospects_state_due_at_set
    index claimed_by claimed_until where claimed_by named prospects_claimed_by_claimed_until_set
    index lead_id where lead_id named prospects_lead_id_set
prospect_keys
    prospect_id ->prospects index, kind text, value text, match text index, bad small,
    position int
actions
    lead_id ->leads?, prospect_id ->prospects?, list_id ->lists?, user_id ->users, at big,
    kind text, outcome_id ->outcomes?, reason_id ->reasons?, reached small, seconds int?,
    text text, number text, try_no int?
    index user_id kind at reached outcome_id seconds
    index lead_id at kind
    index prospect_id at kind
    index list_id at kind reached
    index list_id kind prospect_id reached at user_id
    index number at
    index at
history
    lead_id ->leads, at big, on_day text, user_id ->users, field text, was text?, became text?
    index lead_id at
    index field became at
blocked
    match text unique, kind text, at big, user_id ->users, words text
goals
    user_id ->users? index, team_id ->teams? index, kind text, period text, target big
saved_views
    user_id ->users index, place text, name text, query text, digit int?
mappings
    header text unique, fields text
entries
    at big index, user_id ->users, op text, text text, lead_id big? index, prospect_id big?,
    list_id big?, undoes big? index, undone_by big?
    index user_id id
changes
    entry_id ->entries index, name text, row big, last big, kind text, was text?, became text?
    index name row last
drafts
    user_id ->users, place text, text text, data text, at big, kept_by big?
    unique user_id place
seats
    user_id ->users, list_id ->lists, prospect_id big?, since_at big?, query text,
    started_at big, dialled_at big?, dialled text, paused_at big?, seen_at big, skipped text
    unique user_id list_id
"""
TYPES = {
    "text": peewee.TextField,
    "int": peewee.IntegerField,
    "small": peewee.SmallIntegerField,
    "big": peewee.BigIntegerField,
}


def up(migrator: Any, db: Any) -> None:
    """Make the tables and the full-text index."""
    models: dict[str, Any] = {}
    for name, body in re.findall(r"^(\w+)\n((?:    .*\n)+)", SCHEMA, re.M):
        models[name] = _model(db, name, body.splitlines(), models)
    db.create_tables(models.values(), safe=False)
    fulltext.create(db)


def _model(db: Any, name: str, lines: list[str], models: dict[str, Any]) -> Any:
    indexes = [line.split() for line in lines if line.split()[0] in ("index", "unique")]
    columns = " ".join(line for line in lines if line.split()[0] not in ("index", "unique"))
    fields: dict[str, Any] = {"id": Key()}
    for words in (column.split() for column in columns.split(",") if column.strip()):
        kind, null = words[1].rstrip("?"), words[1].endswith("?")
        if kind.startswith("->"):
            fields[words[0]] = Ref(models[kind[2:]], null=null, index="index" in words)
        else:
            fields[words[0]] = TYPES[kind](
                null=null, index="index" in words, unique="unique" in words
            )
    plain = tuple((tuple(i[1:]), i[0] == "unique") for i in indexes if "where" not in i)
    meta = type(
        "Meta",
        (),
        {"database": db, "table_name": name, "indexes": plain, "legacy_table_names": False},
    )
    model: Any = type(name.title(), (peewee.Model,), {**fields, "Meta": meta})
    for index in indexes:
        if "where" in index:
            at = index.index("where")
            model.add_index(
                model.index(
                    *(fields[column] for column in index[1:at]),
                    where=fields[index[at + 1]].is_null(False),
                    name=index[at + 3],
                )
            )
    return model
