"""Tests of the command line as it is typed: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from doorstep import __version__, cli
from doorstep.errors import InputError, PlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KARHULA = Path(__file__).parents[1] / "scenarios" / "data" / "karhula.osm.pbf"


class Typed:
    """What a command line left behind."""

    def __init__(self, arguments: Sequence[object], capfd: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as left:
            cli.main([str(argument) for argument in arguments])
        self.code = left.value.code
        self.out, self.err = capfd.readouterr()


@pytest.fixture(autouse=True)
def _no_word_of_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep stderr empty on a machine where the search was never compiled."""
    monkeypatch.setattr("doorstep.planning.sisr.search.NOTICE_S", 3600.0)


def test_version_and_help(capfd: pytest.CaptureFixture[str]) -> None:
    """`-V` tells the version, and `--help` every command and the exit codes."""
    assert Typed(["-V"], capfd).out.strip() == f"doorstep {__version__}"
    told = Typed(["--help"], capfd)
    assert told.code == 0
    for word in ("run", "demo", "check", "new", "schema", "modes", "prices", "scenarios", "show", "Exit codes", "130"):
        assert word in told.out


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["run"], ["run", "x", "--work", "0"], ["new", "x.yaml"], ["run", "x", "--replan"]]
)
def test_wrong_usage_is_exit_code_two(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    """A command line that makes no sense tells how to use it on stderr and leaves with 2."""
    told = Typed(arguments, capfd)
    assert (told.code, told.out) == (2, "")
    assert "Usage" in told.err


def test_run_prints_tables(village_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`run` prints the comparison, the ledger and what it rests on to stdout, and nothing to stderr."""
    told = Typed(["run", village_file, "--configuration", "courier", "--configuration", "locker"], capfd)
    assert (told.code, told.err) == (0, "")
    for word in ("courier", "locker", "Ledger of the day", "What this rests on", "OpenStreetMap"):
        assert word in told.out
    assert "quadcopter" not in told.out


def test_json_is_one_document(village_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`run --json --out` prints one document and writes the same study, which `show` prints again."""
    told = Typed(["run", village_file, "--json", "--configuration", "courier", "--out", tmp_path / "study"], capfd)
    document = json.loads(told.out)
    assert told.code == 0
    assert document["schema"] == "doorstep/study/1"
    assert "files written" in told.err
    assert json.loads(Typed(["show", tmp_path / "study", "--json"], capfd).out) == document
    assert "Ledger of the day" in Typed(["show", tmp_path / "study"], capfd).out


def test_seed_and_work_of_the_command_line_count(village_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`--seed`, `--work` and `--time-limit` replace what the file says, for the orders too."""
    options = ["--json", "--configuration", "courier", "--seed", "11", "--work", "5", "--time-limit", "30"]
    document = json.loads(Typed(["run", village_file, *options], capfd).out)
    assert document["seed"] == 11
    assert document["scenario"] == "karhula"
    assert document["configurations"][0]["solver"]["work"] == 5
    assert any("seed 11" in note for note in document["notes"])


def test_verbose_tells_ends_on_stderr(village_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`--verbose` tells each configuration's end on stderr where there is no terminal, unless `--quiet` is said."""
    line = ["run", village_file, "--configuration", "courier", "-v"]
    assert "courier: done after" in Typed(line, capfd).err
    assert Typed([*line, "-q"], capfd).err == ""


def test_a_bad_scenario_is_told_whole(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`check` and `run` tell every fault of a file on stderr with its line, and leave with 2 and no traceback."""
    path = tmp_path / "bad.yaml"
    path.write_text("network: {extract: nowhere.osm.pbf}\nsneed: 3\ndemand: {sample: {orders: -2}}\n", encoding="utf-8")
    for command in (["check", path], ["run", path], ["run", path, "--seed", "3"]):
        told = Typed(command, capfd)
        assert (told.code, told.out) == (2, "")
        assert "bad.yaml:2:1: error[unknown-key]" in told.err
        assert "nowhere.osm.pbf" in told.err
        assert "Traceback" not in told.err


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_missing_scenario_is_a_bad_scenario(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is told by its name, with 2."""
    told = Typed([command, "no-such-place.yaml"], capfd)
    assert told.code == 2
    assert "no-such-place.yaml" in told.err


def test_an_unknown_configuration_is_told(village_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A configuration that the scenario lacks is told with those it has, with 2."""
    told = Typed(["run", village_file, "--configuration", "balloon"], capfd)
    assert told.code == 2
    assert "balloon" in told.err
    assert "courier" in told.err


def test_a_folder_in_use_is_refused_before_the_work(
    village_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that holds other things is refused with 2 before anything is planned."""
    (tmp_path / "thesis.tex").touch()
    monkeypatch.setattr(cli, "_study", lambda *_, **__: pytest.fail("planned for nothing"))
    told = Typed(["run", village_file, "--out", tmp_path], capfd)
    assert told.code == 2
    assert "thesis.tex" in told.err


def test_a_failed_write_still_prints_the_result(
    village_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails after the work costs the folder but not the result, with 1."""
    from doorstep.report import archive

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "_write_plan", fail)
    told = Typed(["run", village_file, "--configuration", "courier", "--out", tmp_path / "study"], capfd)
    assert told.code == 1
    assert "No space left" in told.err
    assert "Ledger of the day" in told.out


def test_a_run_stopped_by_hand_is_exit_code_four(
    village_file: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is stopped by hand prints the best plans so far and leaves with 4."""
    from doorstep.evaluation import scorecard

    real = scorecard.evaluate

    def stopped_at_the_drone(problem: object, *rest: object) -> object:
        if problem.configuration == "drone":  # type: ignore[attr-defined]
            raise KeyboardInterrupt
        return real(problem, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(scorecard, "evaluate", stopped_at_the_drone)
    told = Typed(["run", village_file], capfd)
    assert told.code == 4
    assert "courier" in told.out
    assert "stopped by hand before these were planned: drone" in told.out


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("half.osm.pbf", lambda raw: raw[: len(raw) // 2], "error[cut-off]"),
        ("half.osm.pbf", lambda raw: raw[:40], "error[cut-off]"),
        ("picture.osm.pbf", lambda _: b"\x89PNG\r\n\x1a\n" + bytes(900), "are those of a PNG picture"),
        ("scratched.osm.pbf", lambda raw: raw[:5000] + bytes(50) + raw[5050:], "error[unreadable]"),
    ],
)
def test_a_broken_extract_is_named(
    tmp_path: Path, name: str, change: Callable[[bytes], bytes], told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """`map` and `run` name what is wrong with a file that is half there, scratched or something else, and leave."""
    (tmp_path / name).write_bytes(change(KARHULA.read_bytes()))
    scenario = tmp_path / "broken.yaml"
    scenario.write_text(f"extends: rural\nnetwork: {{extract: {name}}}\n", encoding="utf-8")
    for command in (["map", tmp_path / name], ["run", scenario]):
        found = Typed(command, capfd)
        assert (found.code, found.out) == (2, "")
        assert told in found.err
        assert "Traceback" not in found.err


def test_map_tells_an_extract(capfd: pytest.CaptureFixture[str]) -> None:
    """`map` tells what an extract holds, as tables or as one document, and what is wrong with a file that is none."""
    extract = Path(__file__).parents[1] / "scenarios" / "data" / "karhula.osm.pbf"
    told = Typed(["map", extract], capfd)
    assert (told.code, told.err) == (0, "")
    assert "walkers" in told.out
    document = json.loads(Typed(["map", extract, "--json"], capfd).out)
    assert document["schema"] == "doorstep/map/1"
    assert [layer["layer"] for layer in document["layers"]] == ["road", "cycle", "path", "foot"]
    assert Typed(["map", __file__], capfd).code == 2


def test_no_plan_is_exit_code_three(
    village_file: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no plan keeps the rules the command line says so and leaves with 3."""

    def fail(*_: object, **__: object) -> None:
        raise PlanError("nothing fits")

    monkeypatch.setattr(cli, "_study", fail)
    told = Typed(["run", village_file], capfd)
    assert told.code == 3
    assert "nothing fits" in told.err


def test_orders_dearer_than_leaving_them_out_are_no_failure(
    village_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where delivering costs more than its price, the command line says so, and that is a result."""
    cheap = tmp_path / "cheap.yaml"
    cheap.write_text(f"extends: {village_file}\nplanner: {{work: 1, unserved_price: 1}}\n", encoding="utf-8")
    told = Typed(["run", cheap], capfd)
    assert told.code == 0
    assert "planner.unserved_price" in told.err


def test_a_fault_of_ours_is_one_line(
    village_file: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unexpected error is one line that says what to report, with 1; the traceback comes with `--debug`."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(cli, "_study", fail)
    told = Typed(["run", village_file], capfd)
    assert told.code == 1
    assert len(told.err.splitlines()) == 1
    assert "ZeroDivisionError: division by zero" in told.err
    assert __version__ in told.err
    with pytest.raises(ZeroDivisionError):
        cli.main(["--debug", "run", str(village_file)])


@pytest.mark.parametrize("there", [True, False])
def test_a_new_folder_that_stays_empty_is_taken_away(
    village_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """A run that is stopped at once leaves no empty folder of its own behind, and one of the user's where it is."""

    def stop(*_: object, **__: object) -> None:
        assert (tmp_path / "out").is_dir()
        raise KeyboardInterrupt

    if there:
        (tmp_path / "out").mkdir()
    monkeypatch.setattr(cli, "_study", stop)
    told = Typed(["run", village_file, "--out", tmp_path / "out"], capfd)
    assert (told.code, told.err.strip()) == (130, "stopped")
    assert (tmp_path / "out").is_dir() is there


def test_every_fault_of_an_input_error_is_printed(
    village_file: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All faults that an InputError carries are printed, markup and all."""
    from doorstep.errors import Fault

    def fail(*_: object, **__: object) -> None:
        raise InputError([Fault("row 7", "[bold]mass[/] is -2 kg"), Fault("row 9", "no id")])

    monkeypatch.setattr(cli, "_study", fail)
    told = Typed(["run", village_file], capfd)
    assert told.code == 2
    assert "row 7: [bold]mass[/] is -2 kg" in told.err
    assert "row 9: no id" in told.err


def test_new_writes_a_scenario_that_is_sound(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`new` writes a scenario that `check` finds no fault in, and does not overwrite it unasked."""
    path = tmp_path / "mine.yaml"
    line = ["new", path, "--extract", KARHULA, "--orders", "9", "--seed", "5"]
    assert Typed(line, capfd).code == 0
    assert "no fault" in Typed(["check", path], capfd).out
    assert Typed(line, capfd).code == 2
    assert Typed([*line, "--overwrite"], capfd).code == 0


def test_new_tells_a_command_that_a_shell_understands(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What comes after `new` can be typed as it is told, whatever the file is called."""
    path = tmp_path / "my 'own' \"town\".yaml"
    told = Typed(["new", path, "--extract", KARHULA, "--orders", "9", "--seed", "5"], capfd)
    assert shlex.split((told.out + told.err).split("next: ")[1]) == ["doorstep", "run", str(path)]


def test_lists_are_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """`schema`, `modes`, `prices` and their entries print what they hold."""
    assert "properties" in json.loads(Typed(["schema"], capfd).out)
    assert "quadcopter" in Typed(["modes"], capfd).out
    assert "estimate" in Typed(["modes", "quadcopter", "--prices", "euro-area-2024"], capfd).out
    assert "GBP" in Typed(["prices"], capfd).out
    assert "EUR" in Typed(["prices", "euro-area-2024"], capfd).out
    assert Typed(["modes", "quadrocopter"], capfd).code == 2


def test_shipped_scenarios_are_listed_with_what_they_ask(capfd: pytest.CaptureFixture[str]) -> None:
    """`scenarios` lists the shipped ones, and each has a description."""
    told = Typed(["scenarios"], capfd)
    ordinary = (
        "rural",
        "peak",
        "peak-ordinary",
        "peak-platforms",
        "peak-by-law",
        "peak-dispatch",
        "peak-tandem",
        "peak-robots",
        "rural-tandem",
        "rural-winter",
        "rural-tether",
        "china-town",
    )
    published = ("goodchild-toy", "figliozzi", "kirschstein", "oakey")
    for name in (*ordinary, *published):
        assert name in told.out


def test_a_closed_pipe_is_no_fault(village_file: Path) -> None:
    """A reader that leaves early ends the command without a traceback and without an error code."""
    line = [sys.executable, "-m", "doorstep", "schema"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0


def test_a_plain_terminal_gets_plain_letters(village_file: Path) -> None:
    """A stdout that knows only ASCII is printed to without an error."""
    line = [sys.executable, "-m", "doorstep", "run", str(village_file), "--configuration", "courier"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(line, capture_output=True, env=environment, check=True)
    assert done.stderr == b""
    assert done.stdout.isascii()
    assert b"courier" in done.stdout


def test_an_edited_study_is_told(village_file: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A study.json whose values are no longer what they were is bad input, in words."""
    folder = tmp_path / "study"
    told = Typed(["run", village_file, "--configuration", "courier", "--out", folder, "--days", "2", "--replan"], capfd)
    assert told.code == 0
    assert "nothing was planned anew" in told.err
    document = json.loads((folder / "study.json").read_text())
    for key, value, words in (("configurations", [7], []), ("seed", float("nan"), ["--json"])):
        (folder / "study.json").write_text(json.dumps({**document, key: value}))
        shown = Typed(["show", folder, *words], capfd)
        assert (shown.code, "is not as it was written" in shown.err) == (2, True)
