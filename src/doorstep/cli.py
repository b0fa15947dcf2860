"""The command line: words in, calls out. Results go to stdout, everything else to stderr."""

from __future__ import annotations

import errno
import json
import os
import shlex
import signal
import sys
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

import click

from doorstep import __version__, desk
from doorstep.alliance import pool_platforms
from doorstep.atlas import reach
from doorstep.desk import BAD_INPUT, NO_PLAN, OUR_FAULT, PERCENT, STOPPED, WELL, plan_file, with_planning_options
from doorstep.errors import InputError, PlanError, StudyError
from doorstep.outlook import forecast, surge
from doorstep.story import explain, quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from rich.console import Console

    from doorstep.scenario.scenario import Scenario
    from doorstep.study import Step, Study

BY_SIGNAL = 130
DEMO = ("rural", "peak")
BOOK = "euro-area-2024"
DEMO_WORK = 200
"""Less than the scenarios ask for, so that the demo is over in less than two minutes."""
EPILOG = (
    "Exit codes: 0 well, 1 a fault of Doorstep, 2 usage or a bad scenario, 3 no feasible plan, "
    "4 stopped early with the best plan kept, 130 stopped (Ctrl-C) before there was one."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG)
@click.version_option(__version__, "-V", "--version", prog_name="doorstep", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, envvar="DOORSTEP_DEBUG", help="Show the traceback of an unexpected error.")
def words(*, debug: bool) -> None:
    """Plan last-mile delivery by couriers, drones, robots and parcel lockers on real streets, and compare them.

    Start with `doorstep demo`, then `doorstep scenarios`, `doorstep run rural` and `doorstep new`.
    """


@words.command(short_help="Plan a scenario and compare its configurations.")
@click.argument("scenario", metavar="FILE|NAME")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document instead of tables.")
@click.option("--out", metavar="DIR", help="Write the study to a folder: ledger, maps of the plans, provenance.")
@with_planning_options
@click.option("--days", type=click.IntRange(1, 100_000), metavar="N", help="Live the plans through N days of chance.")
@click.option("--until-sure", is_flag=True, help="Add days until the cheapest is surely the cheapest, up to 10,000.")
@click.option("--within", type=PERCENT, metavar="PERCENT", help="Add days until every cost is known that closely.")
@click.option("--replan", is_flag=True, help="On those days, plan anew what is dispatched in waves or on demand.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.option("-v", "--verbose", is_flag=True, help="Without a terminal, tell each configuration's end on stderr.")
@click.pass_context
def run(
    context: click.Context,
    /,
    scenario: str,
    as_document: bool,
    out: str | None,
    days: int | None,
    until_sure: bool,
    within: float | None,
    replan: bool,
    **options: Any,
) -> None:
    """Plan every configuration of a scenario and compare what it costs and how long people wait."""
    from doorstep.report.document import as_json, study_document
    from doorstep.study.living import AT_ONCE, live_through

    lives = bool(days or until_sure or within)
    if replan and not lives:
        raise click.UsageError("--replan is for days of chance: say on how many, as in --days 20")
    with _claimed(out) as replaces:
        study = _study(scenario, **options)
        if lives and study.outcomes:
            share = within and within / 100
            study = live_through(study, days or AT_ONCE, until_sure=until_sure, within=share, replan=replan)
        kept, document = _keep(study, out, replaces), study_document(study)
    if replan and study.lived and not study.lived.replanned:
        click.echo("--replan: no configuration decides in the course of the day, so nothing was planned anew", err=True)
    if as_document:
        click.echo(as_json(document))
    else:
        _show(document)
    context.exit(max(kept, _verdict(study)))


@words.command(short_help="Run the two shipped scenarios.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def demo(context: click.Context, *, quiet: bool) -> None:
    """Run the two shipped scenarios, a village and a city centre, and say what came out."""
    from doorstep.report.demo import closing, opening, telling
    from doorstep.report.document import study_document

    console, codes = _console(), []
    console.print(opening())
    for name in DEMO:
        study = _study(name, names=(), quiet=quiet, verbose=False, seed=None, work=DEMO_WORK, time_limit=None)
        for part in telling(study_document(study), console.width):
            console.print(part)
        codes.append(_verdict(study))
        if study.interrupted:
            break
    console.print(closing())
    context.exit(max(codes))


@words.command(short_help="Show a saved study again.")
@click.argument("folder", metavar="DIR")
@click.option("--json", "as_document", is_flag=True, help="Print the JSON document instead of tables.")
def show(folder: str, *, as_document: bool) -> None:
    """Show a study that `run --out DIR` has written, without planning it again."""
    from doorstep.report.archive import read_study
    from doorstep.report.document import as_json

    document = read_study(folder)
    try:
        if as_document:
            click.echo(as_json(document))
        else:
            _show(document)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        what = f"study.json is not as it was written ({type(error).__name__}: {error})"
        raise StudyError(f"{folder}: {what}; run the scenario again with --out") from error


@words.command(short_help="Tell every fault of a scenario file.")
@click.argument("file", metavar="FILE|NAME")
def check(file: str) -> None:
    """Tell every fault of a scenario file at once, with its line and a mend; plan nothing."""
    from doorstep.scenario.file import check_file

    faults = check_file(file)
    if faults:
        raise InputError(faults)
    click.echo(f"{file}: no fault found")


@words.command(short_help="Write a scenario for any street extract.")
@click.argument("file", metavar="FILE")
@click.option("--extract", required=True, metavar="PATH", help="Streets: .osm.pbf, .osm, .osm.gz or .graphml.")
@click.option("--orders", required=True, type=click.IntRange(1), metavar="N", help="Orders to draw at real doors.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Seed of everything random.")
@click.option("--prices", default=BOOK, show_default=True, metavar="BOOK", help="A name of `doorstep prices`.")
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there already.")
def new(file: str, extract: str, orders: int, seed: int, prices: str, *, overwrite: bool) -> None:
    """Write a scenario for any street extract that runs as it is, each choice said in a comment."""
    from pathlib import Path

    from doorstep.scenario.starter import write_draft

    write_draft(Path(file), Path(extract), orders, seed, prices=prices, overwrite=overwrite)
    click.echo(f"{file} written; next: doorstep run {shlex.quote(str(file))}")


@words.command(name="map", short_help="Tell what a street extract holds.")
@click.argument("file", metavar="FILE")
@click.option("--json", "as_document", is_flag=True, help="Print the JSON document instead of tables.")
def sheet(file: str, *, as_document: bool) -> None:
    """Tell what a street extract holds: layers, lengths, parts, doors, lockers, and all that reading it repaired."""
    from pathlib import Path

    from doorstep.network.extract import read_extract
    from doorstep.report.mapsheet import map_document, map_tables

    document = map_document(Path(file).name, read_extract(Path(file)))
    if as_document:
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        _console().print(map_tables(document))


@words.command(short_help="Print the JSON Schema of scenario files.")
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors and checkers."""
    from doorstep.scenario.file import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@words.command(short_help="List the shipped scenarios.")
def scenarios() -> None:
    """List the scenarios that come with Doorstep."""
    from doorstep.report.shelf import scenario_table

    _console().print(scenario_table())


@words.command(short_help="List the modes, or one with its sources.")
@click.argument("name", required=False)
@click.option("--prices", metavar="BOOK", help="Price book to show costs in.")
def modes(name: str | None, prices: str | None) -> None:
    """List the modes of delivery, or show every number of one with its source."""
    from doorstep.report.catalog import mode_table, modes_table

    _console().print(mode_table(name, prices) if name else modes_table(prices))


@words.command(short_help="List the price books, or one with sources.")
@click.argument("book", required=False)
def prices(book: str | None) -> None:
    """List the price books, or show every number of one with its source."""
    from doorstep.report.catalog import prices_table
    from doorstep.report.shelf import book_table

    _console().print(prices_table(book) if book else book_table())


@words.command(short_help="List the books of law, or one with sources.")
@click.argument("book", required=False)
def laws(book: str | None) -> None:
    """List the books of law, or show every rule of one with its source."""
    from doorstep.report.catalog import laws_table
    from doorstep.report.shelf import law_table

    _console().print(laws_table(book) if book else law_table())


words.add_command(plan_file)
words.add_command(pool_platforms)
words.add_command(reach)
words.add_command(explain)
words.add_command(quote)
words.add_command(forecast)
words.add_command(surge)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code; whatever goes wrong is told in words."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    code = _guarded(arguments)
    if arguments is None:  # the process is about to end, by its own code
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError as error:
        code = code if isinstance(error, BrokenPipeError) else _told(error, debug=False)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _guarded(arguments: list[str] | None) -> int:
    """Return the exit code of a command line."""
    debug = bool(os.environ.get("DOORSTEP_DEBUG")) or "--debug" in (arguments or sys.argv[1:])
    try:
        return int(words.main(arguments, prog_name="doorstep", standalone_mode=False) or WELL)
    except (SystemExit, BrokenPipeError):  # so click leaves when whoever read stdout has gone
        return WELL
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - nobody is shown a traceback
        return _told(error, debug)


def _told(error: BaseException, debug: bool) -> int:
    """Tell an error in words and return its exit code."""
    if isinstance(error, click.Abort | KeyboardInterrupt):
        click.echo("stopped", err=True)
        return BY_SIGNAL
    if isinstance(error, click.ClickException):
        error.show()
        return BAD_INPUT
    if isinstance(error, InputError):
        return _faults(error)
    if isinstance(error, PlanError | StudyError):
        click.echo(f"error: {error}", err=True)
        return NO_PLAN if isinstance(error, PlanError) else BAD_INPUT
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        click.echo("error: no space is left to write to (make room, or name another place)", err=True)
        return BAD_INPUT
    if debug:
        raise error
    return desk.surprise(error)


def _faults(error: InputError) -> int:
    from doorstep.report.faults import faults_text

    _console(stderr=True).print(faults_text(error.faults), soft_wrap=True)
    return BAD_INPUT


def _study(name: str, *, names: tuple[str, ...], quiet: bool, verbose: bool, **effort: Any) -> Study:
    """Load a scenario and run it, with a table of the search where stderr is a terminal."""
    from doorstep.scenario.overrides import load_with
    from doorstep.study import run as run_study

    console = _console(stderr=True)
    live = console.is_terminal and not quiet
    with console.status(f"{name}: reading streets and orders") if live else nullcontext():
        scenario = load_with(name, **effort)
    with _watch(console, scenario, names, live=live, verbose=verbose and not quiet) as watch:
        return run_study(scenario, configurations=names or None, progress=watch)


def _watch(
    console: Console, scenario: Scenario, names: tuple[str, ...], *, live: bool, verbose: bool
) -> AbstractContextManager[Callable[[Step], None] | None]:
    from doorstep.report.live import SearchTable, told

    if live:
        title = f"{scenario.name} · {len(scenario.orders)} orders · seed {scenario.seed}"
        queue = [c.name for c in scenario.configurations if not names or c.name in names]
        return SearchTable(console, title, scenario.prices.currency, queue)
    if verbose:
        return nullcontext(lambda step: told(step, scenario.prices.currency, console))
    return nullcontext(None)


def _show(document: dict[str, Any]) -> None:
    from doorstep.report.tables import study_tables

    console = _console()
    for part in study_tables(document, console.width):
        console.print(part)


@contextmanager
def _claimed(out: str | None) -> Iterator[bool]:
    """Hold the folder of a study and tell whether it replaces one; a new folder that stays empty is taken away."""
    from pathlib import Path

    from doorstep.report.archive import claim

    new = bool(out) and not Path(str(out)).exists()
    try:
        yield claim(out) if out else False
    finally:
        if new:
            with suppress(OSError):
                Path(str(out)).rmdir()


def _keep(study: Study, out: str | None, replaces: bool) -> int:
    """Write the study where it was asked for; a result on the screen is not lost by a disk that fails."""
    if not out:
        return WELL
    from doorstep.report.archive import save

    try:
        files = save(study, out)
    except StudyError as error:
        click.echo(f"error: {error}", err=True)
        return OUR_FAULT
    was = ", in place of the study that was there" if replaces else ""
    click.echo(f"{out}: {len(files)} files written{was}", err=True)
    return WELL


def _verdict(study: Study) -> int:
    """Return the exit code that a study deserves."""
    if any(outcome.scorecard.violations for outcome in study.outcomes):
        return OUR_FAULT
    if study.scenario.orders and not any(outcome.scorecard.served for outcome in study.outcomes):
        if not _too_dear(study):
            click.echo("no feasible plan: no configuration delivers any order", err=True)
            return NO_PLAN
        price = f"{study.scenario.prices.unserved_price:g} {study.scenario.prices.currency}"
        what = f"any delivery costs more than leaving the order out, which is priced at {price}"
        click.echo(f"nothing is delivered: {what}; raise planner.unserved_price if it must be", err=True)
    return STOPPED if study.interrupted else WELL


def _too_dear(study: Study) -> bool:
    """Tell whether some order could be delivered and is left out for its cost alone."""
    reasons = (r for o in study.outcomes for left in o.plan.unserved for r in left.reasons)
    return any(reason.rule == "price" for reason in reasons)


def _console(*, stderr: bool = False) -> Console:
    """Return a console whose words stay as they are written."""
    from doorstep.report.terminal import plain_terminal

    return plain_terminal(stderr=stderr)


if __name__ == "__main__":
    main()
