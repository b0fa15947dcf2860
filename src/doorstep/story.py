"""Story: the command that tells what became of one order, and why."""

from __future__ import annotations

import click


@click.command(short_help="Tell one order's story in a saved study.")
@click.argument("study", metavar="DIR")
@click.argument("order", metavar="ORDER")
@click.option("--days", type=click.IntRange(1, 100_000), metavar="N", help="Tell how it fares on N days of chance.")
@click.option("--replan", is_flag=True, help="On those days, plan anew what is dispatched in waves or on demand.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document instead of tables.")
def explain(study: str, order: str, days: int | None, *, replan: bool, as_document: bool) -> None:
    """Tell what became of one order in every configuration of a study that `run --out DIR` has written.

    Who brings it, how and when; what it adds to the plan; what every other way would add, or which rule forbids it and
    by how much. With --days also what goes wrong, on how many of them, and what becomes of it then.
    """
    from doorstep.report.archive import load_study
    from doorstep.report.document import as_json
    from doorstep.report.storysheet import ask_known, story_document, story_tables
    from doorstep.report.terminal import plain_terminal
    from doorstep.study.living import live_through

    if replan and not days:
        raise click.UsageError("--replan is for days of chance: say on how many, as in --days 20")
    found = load_study(study)
    ask_known(found, order)
    document = story_document(live_through(found, days, replan=replan) if days else found, order)
    if as_document:
        click.echo(as_json(document))
        return
    for part in story_tables(document):
        plain_terminal().print(part)


@click.command(short_help="Price one more order in a saved study.")
@click.argument("study", metavar="DIR")
@click.option("--place", required=True, metavar="LON,LAT", help="Where it goes, in degrees.")
@click.option(
    "--at", metavar="HH:MM", help="When it is placed; what is under way by then stays.  [default: before all]"
)
@click.option("--parcel", default="1", show_default=True, metavar="KG[,L]", help="Mass, and volume if it is known.")
@click.option("--dwelling", default="house", show_default=True, type=click.Choice(["house", "flat"]), help="Its home.")
@click.option("--accepts", metavar="KINDS", help="As door,kerb,yard,locker.  [default: all of these]")
@click.option("--walk", "walk_limit_m", metavar="METRES", help="How far the customer walks to a locker.")
@click.option("--window", metavar="FROM-TO", help="When it can be served, as 10:00-14:00.  [default: working hours]")
@click.option("--promise", metavar="HH:MM", help="By when it is promised.  [default: the window's end]")
@click.option("--ready-in", "preparation", metavar="MIN", help="Minutes until it can be loaded.")
@click.option("--days", type=click.IntRange(1, 100_000), metavar="N", help="Tell how it fares on N days of chance.")
@click.option("--json", "as_document", is_flag=True, help="Print one JSON document instead of tables.")
def quote(study: str, *, days: int | None, as_document: bool, **asked: str | None) -> None:
    """Tell what one more order would add to every plan of a study that `run --out DIR` has written, and when it comes.

    By every way that there is, with the one to show to the customer; of every other the rule that forbids it.
    """
    from doorstep.report.archive import load_study
    from doorstep.report.document import as_json
    from doorstep.report.quotesheet import quote_document, quote_tables
    from doorstep.report.terminal import plain_terminal
    from doorstep.study.asking import asked_order
    from doorstep.study.quoting import quote as quoted

    found = load_study(study)
    order, place, now_s, notes = asked_order(found.scenario, asked)
    document = quote_document(found, order, place, now_s, quoted(found, order, now_s, days=days or 0))
    if as_document:
        click.echo(as_json({**document, "notes": list(notes)}))
        return
    for part in quote_tables(document, notes):
        plain_terminal().print(part)
