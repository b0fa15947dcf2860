"""Outlook: the commands that look ahead, to a day foretold from past orders and to a surge of several days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from doorstep.desk import NO_PLAN, STOPPED, WELL, Finite, with_planning_options
from doorstep.errors import InputError, OrderError

if TYPE_CHECKING:
    from doorstep.demand.history import History
    from doorstep.demand.skill import Score
    from doorstep.demand.tomorrow import DrawnDay
    from doorstep.study.surging import Surging

DRAWS = ("expected", "p10", "p50", "p90", "p95", "sampled")


@click.command(short_help="Foretell a day's orders from past ones.")
@click.argument("file", metavar="FILE")
@click.option("--day", metavar="DATE", help="Which day, as 2024-05-01.  [default: the one after the last]")
@click.option("--zone", metavar="ZONE", help="Whose clock the hours are, as Europe/Helsinki.  [default: as written]")
@click.option("--year", type=click.IntRange(1970, 2200), metavar="Y", help="Year of the last times, if they name none.")
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="Which column holds what; repeatable.")
@click.option("--out", metavar="CSV", help="Write orders of that day as a table for a scenario.")
@click.option("--draw", default="expected", show_default=True, type=click.Choice(DRAWS), help="How many orders it has.")
@click.option("--mass", "mass_kg", type=Finite(0, min_open=True), metavar="KG", help="Of orders without one.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0), help="Seed of everything random.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document instead of tables.")
def forecast(file: str, **asked: Any) -> None:
    """Foretell the orders of one day from a table of past ones, hour by hour, and tell how such forecasts have fared.

    FILE has columns placed (date and time), lon, lat, and perhaps date, id, mass_kg; LaDe's files are read as they are.
    """
    from doorstep.demand.forecast import forecast_day
    from doorstep.demand.history import read_history
    from doorstep.report.document import as_json
    from doorstep.report.forecastsheet import forecast_document, forecast_tables, write_orders
    from doorstep.report.terminal import plain_terminal
    from doorstep.scenario.foreseen import a_day

    if asked["out"] and Path(asked["out"]).exists() and Path(file).exists() and Path(asked["out"]).samefile(file):
        raise InputError.of(
            "--out", f"'{asked['out']}' is the history itself", "write to another file", "out-is-history"
        )
    if asked["out"] and Path(asked["out"]).suffix.lower() != ".csv":
        raise InputError.of("--out", f"'{asked['out']}' is no name of a CSV table", "let it end in .csv", "out-kind")
    history = read_history(file, _columns(asked["columns"]), asked["zone"], asked["year"])
    found = forecast_day(history, a_day(asked["day"]), asked["seed"], asked["zone"])
    if asked["out"]:
        known = history.before(min((found.day - history.first).days, history.days))
        write_orders(asked["out"], _drawn(known, found, asked), found.day)
        click.echo(f"{asked['out']} written", err=True)
    document = forecast_document(Path(file).name, history, found, _score(history, asked["seed"]))
    if asked["as_document"]:
        click.echo(as_json(document))
        return
    for part in forecast_tables(document, found.day):
        plain_terminal().print(part)


def _score(history: History, seed: int) -> Score | None:
    """Return the score of a history that is long enough for one."""
    from doorstep.demand.skill import score_history

    try:
        return score_history(history, seed)
    except OrderError:
        return None


def _drawn(history: History, found: Any, asked: Any) -> DrawnDay:
    """Return orders of the day foretold; InputError where some have no mass."""
    from dataclasses import replace

    import numpy as np

    from doorstep.demand.spread import fit_spread
    from doorstep.demand.tomorrow import draw_day

    rng = np.random.default_rng(asked["seed"])
    drawn = draw_day(found, fit_spread(history), history, asked["draw"], rng)
    without = np.isnan(drawn.mass_kg)
    if without.any() and asked["mass_kg"] is None:
        what = f"{int(without.sum())} of {len(without)} orders have no mass, as the history tells none"
        fix = "say what they weigh by --mass KG, or let a scenario draw it: `demand: {history: {file: …}}`"
        raise InputError.of("--out", what, fix, "no-mass")
    return replace(drawn, mass_kg=np.where(without, asked["mass_kg"] or 0.0, drawn.mass_kg))


def _columns(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        ours, mark, theirs = pair.partition("=")
        if not (ours and mark and theirs):
            raise InputError.of("--column", f"'{pair}' is no pair", "write OURS=THEIRS, as placed=ordered_at", "column")
        found[ours.strip()] = theirs.strip()
    return found


@click.command(short_help="Carry on what days of high demand leave over.")
@click.argument("scenario", metavar="FILE|NAME")
@click.option("--profile", metavar="NAME|F,F,…", help="A surge such as double-11-2024, or a factor a day.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document instead of tables.")
@with_planning_options
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def surge(context: click.Context, /, scenario: str, profile: str | None, as_document: bool, **options: Any) -> None:
    """Tell how the configurations of a scenario stand several days of high demand: what is carried on, until when.

    What a day can serve is what the plan of the highest day serves. The surge is that of the scenario
    (`demand: {surge: …}`) unless --profile names another.
    """
    from doorstep.report.document import as_json
    from doorstep.report.surgesheet import surge_document, surge_tables
    from doorstep.report.terminal import plain_terminal

    found = _stood(scenario, profile, **options)
    document = surge_document(found)
    if as_document:
        click.echo(as_json(document))
    else:
        console = plain_terminal()
        for part in surge_tables(document, console.width):
            console.print(part)
    if found.interrupted:
        context.exit(STOPPED)
    context.exit(WELL if any(one.served for one in found.strains) else NO_PLAN)


def _stood(name: str, profile: str | None, *, names: tuple[str, ...], quiet: bool, **effort: Any) -> Surging:
    """Plan the highest day of a surge, telling on a terminal which configuration is being planned."""
    from contextlib import nullcontext

    from doorstep.demand.profiles import surge_of
    from doorstep.report.terminal import plain_terminal
    from doorstep.scenario.overrides import load_with, named_surge
    from doorstep.study.surging import stand

    said = named_surge(name) if profile is None else _factors(profile)
    if said is None:
        what = "the scenario names no surge"
        raise InputError.of("demand.surge", what, "add `surge: double-11-2024`, or say `--profile NAME`", "no-surge")
    asked = surge_of(said)
    console = plain_terminal(stderr=True)
    live = console.is_terminal and not quiet
    with console.status(f"{name}: reading streets and orders") if live else nullcontext() as status:
        usual = load_with(name, **effort, factor=1.0)

        def tell(step: Any) -> None:
            if status is not None:
                status.update(f"{step.configuration}: {step.phase}")

        return stand(asked, lambda f: load_with(name, **effort, factor=f), len(usual.orders), names, tell)


def _factors(text: str) -> str | tuple[float, ...]:
    """Return the factors between commas, or the name that it is."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        return text
