"""`python -m doorstep`, from its first moment."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

ASK = """
import signal, sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
sys.argv[1:] = ["schema"]
from doorstep.__main__ import main
main()
"""


@pytest.mark.parametrize("module", ["doorstep.cli", "click", "doorstep.scenario.schema"])
def test_stopped_while_it_is_being_loaded(module: str) -> None:
    """Ctrl-C during an import ends with a word, without a traceback, and with the exit code of Ctrl-C."""
    line = [sys.executable, "-c", ASK.format(module=module)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "stopped")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
