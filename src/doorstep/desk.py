"""Desk: the command that plans problems as research writes them down, and the exit codes that all commands share."""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from doorstep import __version__
from doorstep.errors import DoorstepError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorstep.formats.answer import Answer
    from doorstep.planning.planner import Progress

T = TypeVar("T", bound="Callable[..., Any]")
WELL, OUR_FAULT, BAD_INPUT, NO_PLAN, STOPPED = range(5)
TIME_S = 10.0
"""Seconds of a search without work to do."""
OBJECTIVES = {"distance": "distance", "vehicles": "vehicles then distance"}


class Finite(click.FloatRange):
    """Numbers in a range, without those that are none or endless."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number of a word."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value} is no number that can be counted with.", param, ctx)
        return number


PERCENT = Finite(0, 100, min_open=True, max_open=True)
_WORK = click.option(
    "--work", type=click.IntRange(1), metavar="N", help="Search steps; the same work gives the same plan."
)
_PLANNING = (
    click.option("--configuration", "names", metavar="NAME", multiple=True, help="Run only this one; may be repeated."),
    click.option("--seed", type=click.IntRange(0), help="Seed of everything random."),
    click.option("--time-limit", type=Finite(0, min_open=True), metavar="S", help="Seconds a configuration."),
    _WORK,
)


def with_planning_options(command: T) -> T:
    """Return a command that takes which configurations of a scenario are planned, and how hard."""
    for option in reversed(_PLANNING):
        command = option(command)
    return command


def surprise(error: BaseException) -> int:
    """Tell of an error that is no fault of the user's; return its exit code."""
    kind = "" if isinstance(error, DoorstepError) else f"{type(error).__name__}: "
    what = " ".join(str(error).split())
    click.echo(
        f"internal error: {kind}{what} (a fault of Doorstep {__version__}, not yours; "
        "please report it with the scenario and the output of the same command after `doorstep --debug`)",
        err=True,
    )
    return OUR_FAULT


@click.command(name="solve", short_help="Plan a VRPLIB, Solomon, Li-Lim or VROOM file.")
@click.argument("file", metavar="FILE")
@click.option(
    "--time",
    "time_s",
    show_default="10, or none with --work",
    type=Finite(0, min_open=True),
    metavar="S",
    help="Seconds of search.",
)
@_WORK
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Seed of everything random.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document instead of words.")
@click.option("--solution", metavar="OUT", help="Write the routes: .sol, or as VROOM tells them: .json.")
@click.option("--start", metavar="ROUTES", help="Go on from these routes: .sol, or as VROOM tells them: .json.")
@click.option("--now", type=Finite(0), metavar="T", help="Keep what the start has begun by this time.")
@click.option("--format", "kind", type=click.Choice(["vrplib", "solomon", "lilim", "vroom"]), help="Else by content.")
@click.option(
    "--rounding",
    type=click.Choice(["none", "nearest", "ceil", "trunc1", "x1000"]),
    help="Else as the format's sets do.",
)
@click.option("--objective", type=click.Choice(list(OBJECTIVES)), help="Else as the format's sets do.")
@click.option(
    "--planner",
    default="doorstep",
    show_default=True,
    type=click.Choice(["doorstep", "ortools"]),
    help="The compiled search, or OR-Tools' routing model.",
)
@click.option("--best-known", type=Finite(0, min_open=True), metavar="COST", help="Tell the gap to it.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Show progress without a terminal too.")
@click.pass_context
def plan_file(context: click.Context, /, file: str, time_s: float | None, seed: int, **options: Any) -> None:
    """Plan a problem as research writes them down, and tell the plan as the file counts.

    Customers are numbered as in the file. Files of routes count a VRPLIB file's nodes from 0, as they always do. Where
    vehicles differ, the first route is that of the file's first vehicle, and so on. Times are in the units of the file.
    """
    from doorstep.formats.answer import BOUNDLESS, answered, incumbent, solution_document, solution_lines
    from doorstep.formats.beginning import begun_from
    from doorstep.formats.reading import read_instance
    from doorstep.scenario.scenario import Effort

    objective = OBJECTIVES.get(options["objective"])
    instance = read_instance(file, kind=options["kind"], rounding=options["rounding"], objective=objective)
    start = begun_from(instance, options["start"], options["now"])
    if options["solution"] is not None:
        _check_target(options["solution"], file)
    told = options["verbose"] or (sys.stderr is not None and sys.stderr.isatty() and not options["quiet"])
    work, seconds = options["work"] or BOUNDLESS, time_s or (BOUNDLESS if options["work"] else TIME_S)
    effort = Effort(min(work, BOUNDLESS), min(seconds, BOUNDLESS))
    with _kept() as found:

        def watch(step: Progress) -> None:
            found.set()
            if told:
                with suppress(OSError):  # whoever read it has gone, which is no reason to stop
                    click.echo(incumbent(instance, step), err=True)

        answer = answered(instance, effort, seed, watch, start=start, planner=options["planner"])
        found.set()
        try:
            if options["as_document"]:
                click.echo(json.dumps(solution_document(answer)))
                with suppress(OSError):
                    for note in instance.notes:
                        click.echo(f"note: {note}", err=True)
            else:
                for line in solution_lines(answer, options["best_known"]):
                    click.echo(line)
        finally:  # either is kept where the other cannot be written
            if options["solution"] is not None:
                _write_routes(options["solution"], answer)
        context.exit(_judged(answer))


@contextmanager
def _kept() -> Iterator[threading.Event]:
    """Have Ctrl-C do nothing any more once a plan is found, which is told by the flag; the planner ends by itself."""
    from doorstep.planning.planner import listening

    found, before = threading.Event(), signal.getsignal(signal.SIGINT)

    def heard(number: int, frame: Any) -> None:
        if not found.is_set() and callable(before):
            before(number, frame)

    with listening(heard):
        yield found


def _check_target(out: str, file: str) -> None:
    """Refuse a file of routes that cannot be written before anything is planned."""
    try:
        fault = _fault_of(out, file)
    except (OSError, RuntimeError) as error:  # the latter of links that go in circles
        fault = getattr(error, "strerror", None) or str(error), "name another place"
    if fault:
        raise InputError.of(out or "--solution", f"cannot be written: {fault[0]}", fault[1], "unwritable")


def _fault_of(out: str, file: str) -> tuple[str, str] | None:
    """Return why a file cannot be written, and what would mend it; None if it can."""
    path = Path(out).resolve()
    if not out or out.endswith(os.sep) or path.is_dir():
        return "it is no name of a file", "name a file that ends in .sol or .json"
    if path.exists() and Path(file).exists() and path.samefile(file):
        return "it is the problem itself", "name another file for the routes"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}", "make it, or name another"
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return "that is not allowed", "name a place that may be written to"
    return None


def _write_routes(out: str, answer: Answer) -> None:
    """Write a plan where it was asked for, in the form that the name asks for."""
    from doorstep.formats.solution import write_solution
    from doorstep.formats.vroomout import write_vroom

    if out.lower().endswith(".json"):
        write_vroom(out, answer.instance, answer.bill)
    else:
        write_solution(out, answer.instance, answer.bill.plan, answer.bill.cost)


def _judged(answer: Answer) -> int:
    """Return the exit code that a plan deserves."""
    if answer.bill.violations:
        click.echo("the plan breaks rules", err=True)
        return OUR_FAULT
    if answer.instance.problem.order_ids and not answer.bill.plan.routes and answer.bill.missing:
        click.echo("no feasible plan: no order can be served", err=True)
        return NO_PLAN
    return STOPPED if answer.stopped else WELL
