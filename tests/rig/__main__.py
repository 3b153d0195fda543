"""`python -m rig` is the rig by hand; see docs/rig.md."""

from __future__ import annotations

import sys

from rig.cli import main

if __name__ == "__main__":
    sys.exit(main())
