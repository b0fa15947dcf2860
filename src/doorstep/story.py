"""Story: the command that tells what became of one order, and why."""

from __future__ import annotations

import click


@click.command(short_help="Tell one order's story in a saved study.")
@click.argument("study", metavar="DIR")
@click.argument("order", metavar="ORDER")
@click.option("--days", type=click.IntRange(1, 100_000), metavar="N", help="Tell how it fares on N days of chance.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document instead of tables.")
def explain(study: str, order: str, days: int | None, *, as_document: bool) -> None:
    """Tell what became of one order in every configuration of a study that `run --out DIR` has written.

    Who brings it, how and when; what it adds to the plan; what every other way would add, or which rule forbids it and
    by how much.
    """
    from doorstep.report.archive import load_study
    from doorstep.report.document import as_json
    from doorstep.report.storysheet import story_document, story_tables
    from doorstep.report.terminal import plain_terminal
    from doorstep.study.living import live_through

    found = load_study(study)
    document = story_document(live_through(found, days) if days else found, order)
    if as_document:
        click.echo(as_json(document))
        return
    for part in story_tables(document):
        plain_terminal().print(part)
