"""Pipelines and their steps: the team's own, independent of status."""

from __future__ import annotations

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.store.database import Store
from tui_crm.core.store.journal import Write, operation
from tui_crm.core.store.tables import Pipeline, Step
from tui_crm.core.text import _, clean, fold


@operation("pipelines.add")
def add(w: Write, name: str) -> int:
    """A new pipeline; its row number. Raises CrmError for a name that is taken."""
    return new_pipeline(w, name)


def new_pipeline(w: Write, name: str) -> int:
    """The part of :func:`add` that an import needs too."""
    name = " ".join(clean(name, single_line=True).split())
    names = [other for (other,) in w.store.rows("SELECT name FROM pipelines")]
    if not name or any(fold(other) == fold(name) for other in names):
        raise CrmError(
            _("There is a pipeline {name} already.").format(name=name)
            if name
            else _("A pipeline needs a name.")
        )
    w.describe(_("pipeline {name}").format(name=name))
    return w.insert(Pipeline, name=name, position=len(names) + 1)


@operation("pipelines.rename")
def rename(w: Write, name: str, new_name: str) -> None:
    """Rename a pipeline. Raises CrmError for a name that is taken."""
    number = find(w.store, name)
    new_name = " ".join(clean(new_name, single_line=True).split())
    taken = [
        other
        for other, of in w.store.rows("SELECT name, id FROM pipelines")
        if of != number and fold(other) == fold(new_name)
    ]
    if not new_name or taken:
        raise CrmError(
            _("There is a pipeline {name} already.").format(name=new_name)
            if new_name
            else _("A pipeline needs a name.")
        )
    w.update(Pipeline, number, name=new_name)
    w.describe(_("pipeline {name}").format(name=new_name))


@operation("pipelines.add_step")
def add_step(w: Write, name: str, probability: int = 0, pipeline: str = "") -> int:
    """A new last step of a pipeline (default: the first); its row number."""
    return new_step(w, name, find(w.store, pipeline), probability)


def new_step(w: Write, name: str, pipeline_id: int, probability: int = 0) -> int:
    """The part of :func:`add_step` that an import needs too."""
    name = " ".join(clean(name, single_line=True).split())
    if not 0 <= probability <= 100:
        raise CrmError(_("A probability goes from 0 to 100 %."))
    rows = w.store.rows("SELECT name, position FROM steps WHERE pipeline_id = ?", (pipeline_id,))
    if not name or any(fold(other) == fold(name) for other, _position in rows):
        raise CrmError(
            _("There is a step {name} already.").format(name=name)
            if name
            else _("A step needs a name.")
        )
    w.describe(_("step {name}").format(name=name))
    return w.insert(
        Step,
        pipeline_id=pipeline_id,
        name=name,
        probability=probability,
        position=max((position for _name, position in rows), default=0) + 1,
    )


@operation("pipelines.edit_step")
def edit_step(
    w: Write,
    name: str,
    *,
    new_name: str = "",
    probability: int | None = None,
    place: int | None = None,
    target_days: int | None = None,
    needs: str | None = None,
    pipeline: str = "",
) -> None:
    """Rename a step, change its probability (percent), say how many days a lead is to stand there
    at most (0: any time) and what it must have there (as JSON, see `leads.step_needs`), or move it
    to a place (1 is first)."""
    pipeline_id = find(w.store, pipeline)
    number = step_named(w.store, name, pipeline_id)
    if probability is not None and not 0 <= probability <= 100:
        raise CrmError(_("A probability goes from 0 to 100 %."))
    values: dict[str, object] = {}
    if new_name:
        new_name = " ".join(clean(new_name, single_line=True).split())
        if any(
            fold(other) == fold(new_name)
            for other, of in w.store.rows(
                "SELECT name, id FROM steps WHERE pipeline_id = ?", (pipeline_id,)
            )
            if of != number
        ):
            raise CrmError(_("There is a step {name} already.").format(name=new_name))
        values["name"] = new_name
    if probability is not None:
        values["probability"] = probability
    if target_days is not None:
        if not 0 <= target_days <= 3650:
            raise CrmError(_("A target time goes from 0 (none) to 3,650 days."), _("Try 14."))
        values["target_days"] = target_days
    if needs is not None:
        values["needs"] = needs
    if values:
        w.update(Step, number, **values)
    if place is not None:
        rows = w.store.rows(
            "SELECT id FROM steps WHERE pipeline_id = ? ORDER BY position, id", (pipeline_id,)
        )
        order = [step for (step,) in rows if step != number]
        order.insert(max(0, place - 1), number)
        for position, step in enumerate(order, 1):
            w.update(Step, step, position=position)
    w.describe(_("step {name}").format(name=new_name or name))


@operation("pipelines.retire_step")
def retire_step(w: Write, name: str, pipeline: str = "") -> None:
    """No longer offer a step; leads and history keep it. The last one stays."""
    pipeline_id = find(w.store, pipeline)
    number = step_named(w.store, name, pipeline_id)
    left = w.store.value(
        "SELECT COUNT(*) FROM steps WHERE pipeline_id = ? AND retired = 0 AND id <> ?",
        (pipeline_id, number),
    )
    if not left:
        raise CrmError(_("A pipeline needs a step."), _("Add another first."))
    w.update(Step, number, retired=1)
    w.describe(_("step {name} retired").format(name=name))


@operation("pipelines.bring_back")
def bring_back(w: Write, name: str, step: str = "") -> None:
    """Offer a retired pipeline again, or a retired step of one."""
    wanted = fold(step or name)
    if step:
        rows = w.store.rows(
            "SELECT id, name FROM steps WHERE retired = 1 AND pipeline_id = ?",
            (find(w.store, name),),
        )
    else:
        rows = w.store.rows("SELECT id, name FROM pipelines WHERE retired = 1")
    found = [(number, known) for number, known in rows if fold(known) == wanted]
    if not found:
        shown = clean(step or name, single_line=True)
        raise NotFound(
            _("No retired step is called {name}.").format(name=shown)
            if step
            else _("No retired pipeline is called {name}.").format(name=shown),
            _("There are: {names}.").format(names=", ".join(known for _n, known in rows) or "–"),
        )
    number, known = found[0]
    w.update(Step if step else Pipeline, number, retired=0)
    w.describe(
        _("step {name} is back").format(name=known)
        if step
        else _("pipeline {name} is back").format(name=known)
    )


@operation("pipelines.retire")
def retire(w: Write, name: str) -> None:
    """No longer offer a pipeline; the last one stays."""
    number = find(w.store, name)
    if not w.store.value("SELECT COUNT(*) FROM pipelines WHERE retired = 0 AND id <> ?", (number,)):
        raise CrmError(_("There must be a pipeline."), _("Add another first."))
    w.update(Pipeline, number, retired=1)
    w.describe(_("pipeline {name} retired").format(name=name))


def names(store: Store) -> list[str]:
    """The names of the pipelines that are not retired."""
    return [row[0] for row in store.rows("SELECT name FROM pipelines WHERE retired = 0")]


def find(store: Store, name: str = "") -> int:
    """The pipeline of that name or beginning; the first one for an empty name."""
    rows = store.rows("SELECT id, name FROM pipelines WHERE retired = 0 ORDER BY position, id")
    wanted = fold(name)
    found = [number for number, known in rows if fold(known) == wanted] or [
        number for number, known in rows if fold(known).startswith(wanted)
    ]
    if not found:
        raise NotFound(
            _("There is no pipeline {name}.").format(name=clean(name, single_line=True)),
            _("There are: {names}.").format(names=", ".join(known for _number, known in rows)),
        )
    return int(found[0])


def step_named(store: Store, name: str, pipeline_id: int | None = None) -> int:
    """The step of that name, place (a digit) or beginning, in a pipeline or the first that has
    it."""
    rows = store.rows(
        "SELECT steps.id, steps.name, pipeline_id FROM steps"
        " JOIN pipelines ON pipelines.id = pipeline_id WHERE steps.retired = 0"
        " ORDER BY pipelines.position, pipelines.id, steps.position, steps.id"
    )
    steps = [(number, known) for number, known, of in rows if pipeline_id in (None, of)]
    wanted = fold(name)
    found = [number for number, known in steps if fold(known) == wanted]
    if not found and wanted.isdigit() and 0 < int(wanted) <= len(steps):
        found = [steps[int(wanted) - 1][0]]
    if not found and wanted:
        found = [number for number, known in steps if fold(known).startswith(wanted)]
    if not found:
        raise NotFound(
            _("There is no step {name}.").format(name=clean(name, single_line=True)),
            _("Steps: {names}.").format(names=", ".join(known for _number, known in steps)),
        )
    return int(found[0])


STATUS_WORDS = (
    "open won lost cancelled canceled standby todo closed"
    " ganado perdido cancelado abierto cerrado gagne perdu annule ouvert ferme"
    " gewonnen verloren abgebrochen storniert offen geschlossen"
)
"""What a lead can be, in the languages there are: a step that is called so is a status."""


def warnings(store: Store, name: str, pipeline: str = "") -> list[str]:
    """What speaks against a step that there is now: it is the ninth or a later one of its pipeline,
    or its name is a status."""
    pipeline_id = find(store, pipeline)
    count = store.value(
        "SELECT COUNT(*) FROM steps WHERE pipeline_id = ? AND retired = 0", (pipeline_id,)
    )
    said = []
    if count > 8:
        said.append(
            _("That makes {n} steps: more than eight are hard to tell apart.").format(n=count)
        )
    words = "".join(c for c in fold(name) if c.isalnum() or c == " ").split()
    if "".join(words) in STATUS_WORDS.split() or {"won", "lost"} & set(words):
        said.append(
            _(
                "{name} is a status, not a step: a lead is won, lost or cancelled on any step."
            ).format(name=clean(name, single_line=True))
        )
    return said
