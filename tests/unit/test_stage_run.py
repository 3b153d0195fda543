"""What follows from the evidence of stages without any drive: when nothing can be mended, and what is known beside."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bench import events as ev
from bench import stage_events as se
from bench.job import is_settled
from bench.levels import Level
from bench.messages import BenchError, say
from bench.plan import EraseRequest
from bench.policy_file import shipped
from bench.progress import StageProgress
from bench.stage_planning import circumstances, policy_of
from bench.stages import StageKind
from bench.state import StateFolder, read_security_password, security_password
from bench.techniques import ErasureState, Technique
from bench.verdict import Verdict, judge
from support.stage_samples import StageLog, ata

WORD = "tablerase-abc"
REQUEST = EraseRequest(addresses=("sim:x",), method="random")


def erased(state: ErasureState, starts: int = 1) -> StageLog:
    log = StageLog.of(ata())
    log.until(1)
    for _ in range(starts):
        log.begin(1).accept(1).seen(1).finish(1, state)
    return log


def test_a_failed_sanitize_is_given_twice_before_its_verdict() -> None:
    assert not is_settled(erased(ErasureState.FAILED).evidence)
    assert is_settled(erased(ErasureState.FAILED, starts=2).evidence)


def test_a_failed_sanitize_with_an_erasure_behind_it_is_opened_before_the_verdict() -> None:
    log = StageLog.of(ata(Technique.ATA_SANITIZE_CRYPTO, Technique.ATA_SANITIZE_BLOCK, rotation=0))
    log.until(1)
    for _ in range(2):
        log.begin(1).accept(1).seen(1).finish(1, ErasureState.FAILED)
    assert not is_settled(log.evidence), "there is another erasure: the medium is to be opened for it"
    log.add(se.FailureModeLeft(index=1))
    assert not is_settled(log.evidence)
    for index in range(2, len(log.stages)):
        log.do(index)
    log.confirm()
    assert not log.evidence.anomalies
    judgement = judge(log.evidence)
    assert (judgement.verdict, judgement.level_achieved) == (Verdict.FAILED, Level.NONE)
    assert judgement.reasons[0].id == "reason-stage-failed-left"


def test_a_drive_that_stays_closed_settles_the_job() -> None:
    log = StageLog.of(ata(Technique.ATA_SANITIZE_CRYPTO, Technique.ATA_SANITIZE_BLOCK, rotation=0))
    log.until(1)
    for _ in range(2):
        log.begin(1).accept(1).seen(1).finish(1, ErasureState.FAILED)
    log.add(ev.JobStopped(cancelled=False, reason=say("erase-failure-mode-stays")))
    assert is_settled(log.evidence)
    assert judge(log.evidence).verdict is Verdict.FAILED


def test_what_does_not_resume_is_given_once() -> None:
    log = StageLog.of(ata(Technique.ATA_SECURE_ERASE_ENHANCED))
    log.until(1).begin(1).accept(1).finish(1, ErasureState.FAILED)
    assert is_settled(log.evidence)


def test_a_refused_command_settles_the_job() -> None:
    log = StageLog.of(ata())
    log.until(1).begin(1).add(se.CommandRefused(index=1, reason=say("stage-passed-frozen")))
    assert is_settled(log.evidence)


def test_an_interrupted_stage_settles_nothing() -> None:
    log = StageLog.of(ata())
    log.until(1).begin(1).accept(1).add(ev.Interrupted(cause=ev.Cause.DRIVE_GONE))
    assert not is_settled(log.evidence)


def test_the_policy_that_a_request_comes_to() -> None:
    assert policy_of(REQUEST) is None
    assert policy_of(replace(REQUEST, level=Level.PURGE)) == (Level.PURGE, shipped(Level.PURGE))
    own = replace(shipped(Level.CLEAR), name="own")
    assert policy_of(replace(REQUEST, policy=own)) == (Level.CLEAR, own)
    assert policy_of(replace(REQUEST, policy=own, level=Level.PURGE)) == (Level.PURGE, own)


def test_what_the_journal_knows_of_a_drive_whatever_its_size() -> None:
    log = StageLog.of(ata(Technique.ATA_SECURE_ERASE_ENHANCED))
    log.until(1).begin(1).add(se.SecurityPasswordChosen(index=1, password=WORD))
    facts = log.plan.facts
    grown = replace(facts, identity=replace(facts.identity, size=2 * facts.identity.size))
    known = circumstances(grown, {facts.identity.serial: "PSID"}, [log.evidence])
    assert (known.own_password, known.psid, known.own_job) == (True, True, "")
    other = replace(facts, identity=replace(facts.identity, serial="another"))
    assert not circumstances(other, {}, [log.evidence]).own_password


def test_a_sanitize_of_ours_that_runs_is_named() -> None:
    log = StageLog.of(ata())
    log.until(1).begin(1).accept(1)
    assert circumstances(log.plan.facts, {}, [log.evidence]).own_job == log.job


@pytest.mark.parametrize(
    ("permille", "estimate", "elapsed", "eta"),
    [
        (500, None, 60.0, 60.0),
        (5, None, 60.0, None),
        (None, 120, 60.0, 60.0),
        (None, 30, 60.0, None),
        (None, None, 9.0, None),
    ],
)
def test_a_time_to_go_is_the_drives_or_none(
    permille: int | None, estimate: int | None, elapsed: float, eta: float | None
) -> None:
    progress = StageProgress(
        job="j",
        number=1,
        stages=1,
        kind=StageKind.ERASE,
        technique=None,
        elapsed=elapsed,
        permille=permille,
        estimate=estimate,
    )
    assert progress.eta == eta


def test_the_station_has_one_password_for_its_owner_only(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    folder.create()
    assert read_security_password(folder) == ""
    password = security_password(folder)
    assert password == security_password(folder) == read_security_password(folder)
    assert password.isascii()
    assert 0 < len(password) <= 32
    assert stat.S_IMODE(folder.security.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "with spaces in it", "x" * 33, "mot-de-passé"])
def test_what_is_no_password_is_never_set_on_a_drive(tmp_path: Path, content: str) -> None:
    folder = StateFolder(tmp_path)
    folder.create()
    folder.security.write_text(content, encoding="utf-8")
    with pytest.raises(BenchError, match="state-password-unusable"):
        security_password(folder)
