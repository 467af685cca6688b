"""Pipelines and their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_crm.cli import output
from tui_crm.cli.catalogue import RETIRED, Catalogue, Field, Listing, retired_word
from tui_crm.cli.commands import N_, Argument, Named, Option, Whole
from tui_crm.cli.context import Context
from tui_crm.core.text import _, clean, fold, show

if TYPE_CHECKING:
    from tui_crm.core.session import Session


def _steps(_pipelines: Any, session: Session, retired: bool) -> list[Any]:
    from tui_crm.core.leads import views as lead_views

    return list(lead_views.steps(session, retired))


def _needs(step: Any, session: Session) -> list[str]:
    """What a lead must have on a step, in words."""
    from tui_crm.core.leads import step_needs

    return [need.label for need in step_needs.needs(session.store, [step.needs])]


def _days(days: int) -> str:
    return _("{n}d").format(n=days) if days else ""


def _edit_step(
    pipelines: Any,
    session: Session,
    pipeline: str,
    step: str,
    rename: str,
    needs: str | None,
    change: dict[str, Any],
) -> None:
    """Change a step; ``needs`` are names with commas between, a dash for none."""
    if needs is not None:
        from tui_crm.core.leads import step_needs

        names = [one.strip() for one in needs.split(",") if one.strip() not in ("", "-", "–")]
        change["needs"] = step_needs.stored(session.store, names)
    pipelines.edit_step(session, step, new_name=rename, pipeline=pipeline, **change)
    if rename:
        _warn(pipelines, session, rename, pipeline)


def _warn(pipelines: Any, session: Session, step: str, pipeline: str) -> None:
    """Tell what speaks against a step that was added or renamed."""
    for words in pipelines.warnings(session.store, step, pipeline):
        output.tell(show(words))


pipelines = Catalogue(
    "pipelines",
    N_("Pipelines and their steps; bare it lists them."),
    core="tui_crm.core.setup.pipelines",
    list_help=N_("All pipelines with their steps."),
    options=(RETIRED,),
    rows=_steps,
    listing=Listing(
        {
            "pipeline": "pipeline",
            "step": "name",
            "place": lambda step, _session: step.place or None,
            "probability": "probability",
            "target_days": lambda step, _session: step.target_days or None,
            "needs": lambda step, session: _needs(step, session),
            "retired": "retired",
        },
        Field(N_("pipeline"), "pipeline", give=True),
        Field("", lambda step, _session: step.place or "", right=True),
        Field(N_("step"), "name", give=True),
        Field("%", "probability", right=True),
        Field(N_("target"), lambda step, _session: _days(step.target_days), right=True),
        Field(N_("needs"), lambda step, session: ", ".join(_needs(step, session)), give=True),
        Field("", retired_word),
    ),
    title=N_("Pipelines and steps"),
    names={"name": "pipeline", "step": "name", "rename": "name", "add.name": "pipeline"},
    asks={"add": ("steps",), "retire": ("step",), "bring-back": ("step",)},
)


@pipelines.command(
    "add",
    N_("A new pipeline with its first --step; or a new last --step of one there is."),
    Argument("name"),
    Option("--step", "steps", metavar="STEP", multiple=True, help=N_("Repeatable.")),
    Option(
        "--probability",
        kind=Whole(0, 100),
        metavar="PERCENT",
        default=0,
        help=N_("Of the steps added."),
    ),
)
def add(context: Context, name: str, steps: tuple[str, ...], probability: int) -> None:
    session = context.session()
    from tui_crm.core.leads import views as lead_views
    from tui_crm.core.setup import pipelines

    name = clean(name, single_line=True)
    with_steps = {fold(step.pipeline) for step in lead_views.steps(session, retired=True)}
    offered = {fold(known) for known in pipelines.names(session.store)}
    if fold(name) not in with_steps | offered or not steps:
        pipelines.add(session, name)
    for step in steps or ((_("Qualified"),) if fold(name) not in with_steps else ()):
        pipelines.add_step(session, step, probability, name)
        _warn(pipelines, session, step, name)
    output.tell(_("pipeline {name}").format(name=show(name)))


pipelines.operation(
    "edit",
    N_("Change a step of pipeline NAME."),
    Argument("name", Named("pipelines")),
    Option(
        "--step", kind=Named("steps"), metavar="STEP", required=True, help=N_("By name or place.")
    ),
    Option("--rename", metavar="TEXT", default="", help=N_("Its new name.")),
    Option(
        "--probability",
        kind=Whole(0, 100),
        metavar="PERCENT",
        help=N_("Its probability of winning."),
    ),
    Option("--place", kind=Whole(1), metavar="N", help=N_("Its place; 1 is first.")),
    Option(
        "--target-days",
        kind=Whole(0, 3650),
        metavar="N",
        help=N_("Days that a lead is to stand there at most; 0: any time."),
    ),
    Option(
        "--needs",
        metavar="NAMES",
        help=N_("What a lead must have there: amount, close, phone, fields; - for nothing."),
    ),
    edits=True,
    call=lambda pipelines, session, name, step, rename, needs, **change: _edit_step(
        pipelines, session, name, step, rename, needs, change
    ),
    done=lambda step, rename, **_more: _("step {name}").format(name=show(rename or step)),
)


pipelines.operation(
    "rename",
    N_("Give pipeline NAME another name."),
    Argument("name", Named("pipelines")),
    Argument("new_name", metavar="NEW"),
    call=lambda pipelines, session, name, new_name: pipelines.rename(session, name, new_name),
    done=N_("pipeline {new_name}"),
)
pipelines.operation(
    "bring-back",
    N_("Offer a retired pipeline again, or one --step of it."),
    Argument("name", Named("pipelines")),
    Option("--step", metavar="STEP", default="", help=N_("A step of it.")),
    call=lambda pipelines, session, name, step: pipelines.bring_back(session, name, step),
    done=lambda name, step: _("{name} is back").format(name=show(step or name)),
)


@pipelines.command(
    "retire",
    N_("No longer offer a pipeline, or one --step of it; leads keep it."),
    Argument("name", Named("pipelines")),
    Option("--step", kind=Named("steps"), metavar="STEP", help=N_("A step of it.")),
)
def retire(context: Context, name: str, step: str | None) -> None:
    session = context.session()
    from tui_crm.core.setup import pipelines

    if step:
        pipelines.retire_step(session, step, name)
        output.tell(_("step {name} retired").format(name=show(step)))
    else:
        pipelines.retire(session, name)
        output.tell(_("pipeline {name} retired").format(name=show(name)))


COMMANDS = {"pipelines": pipelines}
