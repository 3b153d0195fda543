"""The harness itself: it finds scenarios, reads what a dead guest told, and ends guests that do not end."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from rig import found, hand, kernel, layout, results, runs, session
from rig.boots import Boot, course_of
from rig.found import Scenario
from rig.hand import HandClient, HandError
from rig.kernel import Flavour, KernelError
from rig.machine import Ending, Limits, Machine
from rig.order import Order
from rig.places import CHECKOUT
from rig.results import Outcome

_A = Scenario(module="tests/rig/scenarios/test_x.py", function="test_a", boot="contracts")
_B = Scenario(module="tests/rig/scenarios/test_x.py", function="test_b", boot="contracts")
_COMMAND = (sys.executable, "-m", "rig", "--bays", "", "run")
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(CHECKOUT / "tests")}


def told(machine: Machine, *lines: Mapping[str, str | float], broken_off: str = "") -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (machine.share / results.RESULTS).write_text(text + broken_off)


def ended(scenario: Scenario, outcome: str, case: str = "", text: str = "") -> dict[str, str | float]:
    return {"ended": f"{scenario.id}{case}", "outcome": outcome, "text": text, "seconds": 1.5}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "boot")


@pytest.fixture
def read(machine: Machine) -> Callable[..., list[Outcome]]:
    def read(ending: Ending = Ending.POWERED_OFF, *, cut: bool = False) -> list[Outcome]:
        boot = Boot(name="contracts", cut=cut)
        return [result.outcome for result in results.read(boot, (_A, _B), machine, ending).values()]

    return read


def test_all_cases_of_a_scenario_must_pass(machine: Machine, read: Callable[..., list[Outcome]]) -> None:
    told(machine, ended(_A, "passed", "[1]"), ended(_A, "failed", "[2]"), ended(_B, "passed"))
    assert read() == [Outcome.FAILED, Outcome.PASSED]
    told(machine, ended(_A, "passed", "[1]"), ended(_A, "skipped", "[2]"), ended(_B, "passed"))
    assert read() == [Outcome.SKIPPED, Outcome.PASSED]


def test_the_cases_of_a_scenario_take_their_time_together(machine: Machine) -> None:
    told(machine, ended(_A, "passed", "[1]"), ended(_A, "passed", "[2]"))
    assert results.read(Boot(name="contracts"), (_A,), machine, Ending.POWERED_OFF)[_A.id].seconds == 3.0


def test_a_dead_guest_fails_what_it_was_at_and_what_it_never_reached(
    machine: Machine, read: Callable[..., list[Outcome]]
) -> None:
    assert read(Ending.SILENT) == [Outcome.FAILED, Outcome.FAILED]
    told(machine, {"begun": _A.id}, ended(_A, "passed"), {"begun": _B.id}, broken_off='{"ended": "tes')
    assert read(Ending.SILENT) == [Outcome.PASSED, Outcome.FAILED]
    machine.console.write_text("Kernel panic - not syncing: out of coffee\n")
    why = results.read(Boot(name="contracts"), (_A, _B), machine, Ending.SILENT)[_B.id].text
    assert "out of coffee" in why
    assert str(machine.console) in why


def test_what_a_dead_guest_never_began_is_known(machine: Machine) -> None:
    assert results.never_begun((_A, _B), machine) == [_A, _B]
    told(machine, {"begun": f"{_A.id}[1]"})
    assert results.never_begun((_A, _B), machine) == [_B]
    told(machine, {"broken": _A.module, "text": "SyntaxError"})
    assert results.never_begun((_A, _B), machine) == []


def test_a_case_that_passed_does_not_hide_the_one_that_killed_the_guest(
    machine: Machine, read: Callable[..., list[Outcome]]
) -> None:
    told(machine, ended(_A, "passed", "[1]"), {"begun": f"{_A.id}[2]"})
    assert read() == [Outcome.FAILED, Outcome.FAILED]


def test_who_cuts_the_power_has_passed_only_where_it_was_asked(
    machine: Machine, read: Callable[..., list[Outcome]]
) -> None:
    told(machine, {"begun": _A.id}, ended(_A, "passed"), {"begun": _B.id})
    assert read(Ending.CUT, cut=True) == [Outcome.PASSED, Outcome.PASSED]
    assert read(Ending.CUT, cut=False) == [Outcome.PASSED, Outcome.FAILED]
    assert read(Ending.TOO_LONG, cut=True) == [Outcome.PASSED, Outcome.FAILED]


def test_a_module_that_does_not_load_fails_all_its_scenarios(
    machine: Machine, read: Callable[..., list[Outcome]]
) -> None:
    told(machine, {"broken": _A.module, "text": "SyntaxError"})
    assert read() == [Outcome.FAILED, Outcome.FAILED]


def test_scenarios_are_found_with_their_boots() -> None:
    scenarios = found.scenarios()

    assert len({scenario.name for scenario in scenarios}) == len(scenarios)
    assert {"contracts", "mishaps", "cut", "resume", "again", "newest"} == {scenario.boot for scenario in scenarios}
    assert {scenario.boot for scenario in scenarios if "test_trouble" in scenario.module} == {"mishaps"}
    assert all(course_of(scenario.boot) for scenario in scenarios)
    with pytest.raises(LookupError, match="no boot 'lunch'"):
        course_of("lunch")


def test_without_its_kernel_a_course_says_so_and_boots_nothing(mocker: MockerFixture) -> None:
    mocker.patch("rig.kernel.fetch", side_effect=KernelError("apt knows none"))
    powered = mocker.patch("rig.session._powered")
    course = course_of("newest")
    scenarios = [scenario for scenario in found.scenarios() if scenario.boot == "newest"]
    told = session.run_course(course, scenarios, Flavour.STABLE, layout.standard())
    assert {result.outcome for result in told.values()} == {Outcome.WITHOUT_KERNEL}
    assert set(told) == {scenario.id for scenario in scenarios} != set()
    assert powered.call_count == 0


def test_an_order_is_read_as_it_was_given(tmp_path: Path) -> None:
    order = Order(
        layout=layout.standard(), attach=("ata-1",), scenarios=(_A.id,), cut=True, terminal=("xterm", 40, 120)
    )
    order.save(tmp_path)
    assert Order.load(tmp_path) == order


def test_a_folder_stays_after_a_failure_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_RUNS", tmp_path / "runs")
    with runs.beginning("good") as good:
        assert good.folder.is_dir()
    with runs.beginning("bad") as bad:
        bad.failed = True
    with pytest.raises(OSError, match="bang"), runs.beginning("broken") as broken:
        raise OSError("bang")
    assert [run.folder.exists() for run in (good, bad, broken)] == [False, True, True]


def test_the_hand_tells_what_went_wrong() -> None:
    with hand.serving({"double": lambda number: 2 * number}) as port:
        client = HandClient("127.0.0.1", port)

        assert client.ask("double", number=21) == 42
        with pytest.raises(HandError, match=r"juggle: unknown; known are double"):
            client.ask("juggle")
        with pytest.raises(HandError, match="TypeError"):
            client.ask("double", amount=21)


@pytest.mark.rig
@pytest.mark.slow
@pytest.mark.parametrize(
    ("limits", "ending"), [(Limits(silence=2, boot=60), Ending.SILENT), (Limits(silence=60, boot=2), Ending.TOO_LONG)]
)
def test_a_guest_that_does_not_end_is_ended(machine: Machine, limits: Limits, ending: Ending) -> None:
    Order(layout=layout.Layout(bays=()), command="sleep 600").save(machine.share)

    with machine.powered(kernel.fetch(Flavour.STABLE), (), interactive=False):
        found = machine.wait(limits)

    assert (found, machine.result()) == (ending, None)


@pytest.mark.rig
@pytest.mark.slow
def test_a_guest_that_panics_is_a_failure_with_its_last_words() -> None:
    panic = [*_COMMAND, "sleep 1; echo c >/proc/sysrq-trigger"]
    done = subprocess.run(panic, env=_ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)

    assert done.returncode == 125
    assert "sysrq triggered crash" in done.stderr


@pytest.mark.rig
@pytest.mark.slow
def test_qemu_dies_with_who_started_it() -> None:
    with subprocess.Popen([*_COMMAND, "sleep 600"], env=_ENVIRONMENT) as rig:
        try:
            guest = _first(lambda: _children(rig.pid, "qemu-system-x86"))
        finally:
            rig.send_signal(signal.SIGKILL)
        rig.wait()
    ended = os.pidfd_open(guest) if Path(f"/proc/{guest}").exists() else None
    if ended is not None:
        try:
            assert select.select([ended], [], [], 10)[0], "QEMU lives on"
        finally:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(ended, signal.SIGKILL)
            os.close(ended)


def _children(parent: int, name: str) -> int:
    """The pid of a child of that name, 0 if there is none."""
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        if Path(f"/proc/{pid}/comm").read_text().strip() == name:
            return int(pid)
    return 0


def _first(found: Callable[[], int], within: float = 60.0) -> int:
    """What is found first, looked for again and again."""
    deadline = time.monotonic() + within
    while not (value := found()):
        assert time.monotonic() < deadline, "nothing was found in time"
        time.sleep(0.1)
    return value
