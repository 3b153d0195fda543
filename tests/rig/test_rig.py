"""The scenarios that run in the guest, one item each. TABLERASE_RIG_KERNEL chooses another of Debian's kernels.

The scenarios of one course share its boots; courses run side by side. Whoever asks first runs all that were selected,
and leaves the results where pytest's other workers find them; those wait for it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rig import found, layout, session
from rig.boots import COURSES, Course, course_of
from rig.found import Scenario
from rig.kernel import Flavour
from rig.machine import SIDE_BY_SIDE
from rig.results import SECONDS, Outcome, Result

_SCENARIOS = found.scenarios()
_KERNEL = "TABLERASE_RIG_KERNEL"

pytestmark = [pytest.mark.rig, pytest.mark.slow]


@pytest.fixture(scope="session")
def result(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Scenario], Result]]:
    """What became of a scenario. All courses are begun when the first one is asked for."""
    base = tmp_path_factory.getbasetemp()
    # Workers of pytest-xdist have folders of their own beside each other.
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    selected = [scenario for item in request.session.items if (scenario := _scenario(item)) is not None]
    wanted = {course_of(scenario.boot).name for scenario in selected}
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        begun = {
            course.name: pool.submit(_of_course, course, selected, common)
            for course in COURSES
            if course.name in wanted
        }
        yield lambda scenario: begun[course_of(scenario.boot).name].result()[scenario.id]


def _scenario(item: pytest.Item) -> Scenario | None:
    """What an item of this module stands for."""
    if not isinstance(item, pytest.Function) or item.path != Path(__file__):
        return None
    found = item.callspec.params.get("scenario")
    return found if isinstance(found, Scenario) else None


def _of_course(course: Course, selected: Sequence[Scenario], common: Path) -> dict[str, Result]:
    """The results of a course, run by the first who comes."""
    with (common / f"rig-{course.name}.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if not (text := file.read()):
            text = json.dumps(_run(course, selected))
            file.write(text)
        return {
            name: Result(outcome=Outcome(outcome), text=why, seconds=seconds)
            for name, (outcome, why, seconds) in json.loads(text).items()
        }


def _run(course: Course, selected: Sequence[Scenario]) -> dict[str, tuple[str, str, float]]:
    """Outcome, reason and seconds by scenario. What a later boot builds on is run with it."""
    chosen = [scenario for scenario in selected if course_of(scenario.boot) is course]
    last = max(course.boots.index(course.boot(scenario.boot)) for scenario in chosen)
    before = {boot.name for boot in course.boots[:last]}
    needed = [scenario for scenario in _SCENARIOS if scenario in chosen or scenario.boot in before]
    flavour = Flavour(os.environ.get(_KERNEL) or Flavour.STABLE)
    results = session.run_course(course, needed, flavour, layout.standard())
    return {name: (result.outcome.value, result.text, result.seconds) for name, result in results.items()}


@pytest.mark.parametrize("scenario", _SCENARIOS, ids=[scenario.name for scenario in _SCENARIOS])
def test_scenario(
    scenario: Scenario, result: Callable[[Scenario], Result], record_property: Callable[[str, object], None]
) -> None:
    told = result(scenario)
    record_property(SECONDS, told.seconds)
    if told.outcome is Outcome.SKIPPED:
        pytest.skip(told.text)
    if told.outcome is Outcome.WITHOUT_KERNEL:
        pytest.xfail(told.text)
    if told.outcome is Outcome.FAILED:
        pytest.fail(told.text, pytrace=False)
