"""Alliance: the command that pools the deliveries of several platforms."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from doorstep.desk import NO_PLAN, STOPPED, WELL, with_planning_options

if TYPE_CHECKING:
    from doorstep.study.pooling import Pooling


@click.command(name="pool", short_help="Platforms apart and together: saving and fair split.")
@click.argument("scenario", metavar="FILE|NAME")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document instead of tables.")
@with_planning_options
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_context
def pool_platforms(context: click.Context, /, scenario: str, as_document: bool, **options: Any) -> None:
    """Plan the platforms of a scenario apart and together: what pooling saves, and what each would fairly pay.

    The scenario names them under `platforms`. Every coalition is planned, so each platform more doubles the time.
    """
    from doorstep.report.document import as_json
    from doorstep.report.poolsheet import pool_document, pool_tables
    from doorstep.report.terminal import plain_terminal

    pooling = _pooled(scenario, **options)
    if pooling.interrupted:
        click.echo("stopped before every coalition was planned, so no split can be told", err=True)
        context.exit(STOPPED)
    document = pool_document(pooling)
    if as_document:
        click.echo(as_json(document))
    else:
        for part in pool_tables(document):
            plain_terminal().print(part)
    context.exit(WELL if any(one["served"] for one in document["configurations"]) else NO_PLAN)


def _pooled(name: str, *, names: tuple[str, ...], quiet: bool, **effort: Any) -> Pooling:
    """Load a scenario and pool its platforms, telling on a terminal which coalition is being planned."""
    from doorstep.report.terminal import plain_terminal
    from doorstep.scenario.overrides import load_with
    from doorstep.study.pooling import pool

    console = plain_terminal(stderr=True)
    live = console.is_terminal and not quiet
    with console.status(f"{name}: reading streets and orders") if live else nullcontext() as status:
        scenario = load_with(name, **effort)

        def tell(some: frozenset[str], step: Any) -> None:
            if status is not None:
                status.update(f"{' + '.join(sorted(some))}, {step.configuration}: {step.phase}")

        return pool(scenario, configurations=names or None, progress=tell)
