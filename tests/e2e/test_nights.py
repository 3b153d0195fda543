"""Real SIGKILLs and power cuts, placed by the virtual drives' request counters. Counted, so that none is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.havoc import Night, Weather, assert_honest, night

LYING_NIGHTS = 12
SOAK_NIGHTS = 2500


def nights(folder: Path, first_seed: int, weathers: list[Weather]) -> list[Night]:
    """One night after the other, each with drives of its own, all of them honest."""
    results = []
    for number, weather in enumerate(weathers):
        place = folder / str(number)
        place.mkdir()
        results.append(night(place, first_seed + number, weather))
        assert_honest(results[-1], weather)
    return results


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_three_hundred_kills(tmp_path: Path, half: int) -> None:
    weathers = [Weather(drives=1 + number % 3, sick=number % 3 == 2) for number in range(7)]
    results = nights(tmp_path, 100 * half, weathers)
    stations = sum(result.station_kills for result in results)
    workers = sum(result.worker_kills for result in results)
    assert stations + workers >= 150, f"{stations} stations and {workers} workers killed"
    assert min(stations, workers) >= 30, f"{stations} stations and {workers} workers killed"


@pytest.mark.slow
def test_a_hundred_power_cuts(tmp_path: Path) -> None:
    weathers = [Weather(drives=4, power=True, sick=number % 2 == 1) for number in range(6)]
    cuts = sum(result.power_cuts for result in nights(tmp_path, 1000, weathers))
    assert cuts >= 100, f"{cuts} power cuts"


@pytest.mark.slow
def test_a_missing_sync_would_be_seen(tmp_path: Path) -> None:
    """The proof of the two above: drives that only pretend to sync are caught, or give their secrets back."""
    caught = returned = 0
    for seed in range(LYING_NIGHTS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        result = night(folder, 2000 + seed, Weather(drives=1, power=True, lying=True, method="random"))
        returned += result.survivors
        caught += sum(item.restarts for job in result.jobs for item in job.passes)
        if returned and caught:
            break
    assert returned >= 1
    assert caught >= 1


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(SOAK_NIGHTS))
def test_ten_thousand_disturbances(tmp_path: Path, seed: int) -> None:
    weather = Weather(drives=1 + seed % 4, power=seed % 3 == 0, sick=seed % 5 == 4)
    assert_honest(night(tmp_path, 10_000 + seed, weather), weather)
