"""Real SIGKILLs and power cuts, placed by the virtual drives' request counters. Counted, so that none is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.havoc import assert_honest, night

KILL_NIGHTS = 5
CUT_NIGHTS = 6
LYING_NIGHTS = 12
SOAK_NIGHTS = 2000


@pytest.mark.slow
def test_a_hundred_kills(tmp_path: Path) -> None:
    stations = workers = 0
    for seed in range(KILL_NIGHTS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        drives = 1 + seed % 2
        result = night(folder, seed, drives=drives, power=False)
        assert_honest(result, drives)
        stations += result.station_kills
        workers += result.worker_kills
    print(f"{stations} stations and {workers} workers killed")  # noqa: T201 - shown when it fails
    assert stations + workers >= 100
    assert stations >= 40
    assert workers >= 20


@pytest.mark.slow
def test_thirty_power_cuts(tmp_path: Path) -> None:
    cuts = 0
    for seed in range(CUT_NIGHTS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        drives = 1 + seed % 2
        result = night(folder, 1000 + seed, drives=drives, power=True)
        assert_honest(result, drives)
        cuts += result.power_cuts
    assert cuts >= 30


@pytest.mark.slow
def test_a_missing_sync_would_be_seen(tmp_path: Path) -> None:
    """The proof of the two above: drives that only pretend to sync are caught, or give their secrets back."""
    caught = returned = 0
    for seed in range(LYING_NIGHTS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        result = night(folder, 2000 + seed, drives=1, power=True, lying=True, method="random")
        returned += result.survivors
        caught += sum(item.restarts for job in result.jobs for item in job.passes)
        if returned and caught:
            break
    assert returned >= 1
    assert caught >= 1


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SOAK_NIGHTS))
def test_a_long_run_of_nights(tmp_path: Path, seed: int) -> None:
    drives = 1 + seed % 4
    assert_honest(night(tmp_path, 10_000 + seed, drives=drives, power=seed % 3 == 0), drives)
