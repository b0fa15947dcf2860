"""The bibliography of the catalogue."""

from __future__ import annotations

import pytest

from doorstep.demand.profiles import arrival_profiles, demand_factors
from doorstep.modes.sources import FOLDER, Source, load_sources


def test_every_entry_is_read() -> None:
    """Every entry of the file is read, with authors, title and place."""
    text = (FOLDER / "sources.bib").read_text(encoding="utf-8")
    assert len(load_sources()) == text.count("\n@")
    assert all(source.authors and source.title and source.where for source in load_sources().values())


@pytest.mark.parametrize(
    ("authors", "cite"),
    [
        ("D'Andrea, Raffaello", "D'Andrea 2014"),
        ("Murray, Chase C. and Raj, Ritwik", "Murray and Raj 2014"),
        ("Rodrigues, Thiago A. and others", "Rodrigues et al. 2014"),
        ("A, B and C, D and E, F", "A et al. 2014"),
        ("{Energy Saving Trust}", "Energy Saving Trust 2014"),
    ],
)
def test_cite(authors: str, cite: str) -> None:
    """One author, two, many and an institution are cited each in its way."""
    assert Source("k", authors, "t", 2014, "w").cite == cite


def test_no_date() -> None:
    """A source whose year was not noted says so."""
    assert load_sources()["herewin"].cite == "Herewin Power n.d."


def test_weak_sources_are_marked() -> None:
    """Press, vendors and third hand are marked weak; journals are not."""
    sources = load_sources()
    assert sources["milytech2023"].weak
    assert sources["bezos2013"].weak
    assert not sources["rodrigues2022"].weak


def test_profiles_name_known_sources() -> None:
    """Every arrival profile and demand factor names a known source or says why it is estimated."""
    for one in (*arrival_profiles().values(), *demand_factors().values()):
        assert bool(one.source) != bool(one.estimate), one
        assert not one.source or one.source in load_sources()
