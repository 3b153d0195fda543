"""Where things lie: the checkout, and what the rig leaves in it."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = CHECKOUT / "build" / "rig"
"""Kernels, and what failed runs left. Ignored by git, removed by `make clean`."""
RIG = CHECKOUT / "tests" / "rig"
SCENARIOS = RIG / "scenarios"
GUEST_SHARE = Path("/run/share")
"""Where the guest mounts the one folder of the host that it may write to."""
