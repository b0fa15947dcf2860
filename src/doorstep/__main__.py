"""`python -m doorstep` is the same as `doorstep`."""

from __future__ import annotations

import sys

STOPPED_BY_SIGNAL = 130


def main() -> None:
    """Run the command line; Ctrl-C is answered in a word even while it is still being loaded."""
    try:
        from doorstep.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        sys.exit(STOPPED_BY_SIGNAL)


if __name__ == "__main__":
    main()
