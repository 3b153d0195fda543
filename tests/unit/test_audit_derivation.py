"""What an audit notices although every signature holds: somebody has the key, and makes records the journal denies."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from sqlite_utils import Database

from bench import events as ev
from bench.audit import AuditReport
from bench.context import ClockTrust
from bench.correction import Change
from bench.journal import book, log
from bench.onlooker import Onlooker
from bench.record.model import Record
from bench.state import StateFolder
from drivers.machine import MachineDrives
from support import evidence_samples as sample
from support import ledgers

LOT = Change(reason="Mauvais lot.", lot="BR-2026-018")


async def ledger(state: Path, *, corrections: int = 0) -> list[str]:
    """Three failures; the first corrected so many times."""
    with ledgers.journal(state) as journal:
        numbers = await ledgers.add(journal, 3, ledgers.FAILED)
        for count in range(corrections):
            change = replace(LOT, lot=f"BR-{count}")
            numbers.append((await journal.correct([numbers[0], *numbers[3:]][-1], change)).entry.number)
    return numbers


def audit(state: Path) -> AuditReport:
    return Onlooker(StateFolder(state), MachineDrives(state)).audit()


def codes(state: Path) -> list[str]:
    return [item.id for item in audit(state).findings]


def forge(database: Database, number: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Append a record like another, changed and signed, with all that belongs to it but its event."""
    like = book.entry(database, number)
    fields = json.loads(like.canonical)
    change(fields)
    record = Record.model_validate_json(rfc8785.dumps(fields))
    ledger = book.LedgerBook(ledgers.KEY, sample.CONTEXT.station)
    ledger.append(database, job=like.job, record=record, at=record.document.issued)


def superseding(number: str, by: str, version: int = 2) -> Callable[[dict[str, Any]], None]:
    def change(fields: dict[str, Any]) -> None:
        supersedes = {"number": number, "reason": "Verdict revu."}
        fields["document"] |= {"number": by, "version": version, "supersedes": supersedes}

    return change


def as_erased(fields: dict[str, Any]) -> None:
    fields["kind"] = "erasure-certificate"
    fields["process"]["level_achieved"] = "clear"
    fields["result"] |= {"verdict": "erased", "reasons": [], "remarks": []}


async def test_an_honest_ledger_has_nothing_to_find(tmp_path: Path) -> None:
    await ledger(tmp_path, corrections=3)
    report = audit(tmp_path)
    assert (report.records, report.superseded, report.findings) == (6, 3, ())


async def test_a_supersession_that_the_journal_does_not_tell_of_is_noticed(tmp_path: Path) -> None:
    numbers = await ledger(tmp_path)
    ledgers.tamper(tmp_path, lambda database: forge(database, numbers[0], superseding(numbers[0], "TR-FORGED-000004")))
    # The forged one, and the one it claims to supersede: the job's documents are not those of its log.
    assert codes(tmp_path) == ["audit-record-unlogged", "audit-record-unlogged"]


async def test_a_correction_of_the_verdict_is_noticed(tmp_path: Path) -> None:
    """Even with its event: what the events prove is another verdict."""
    numbers = await ledger(tmp_path)
    by = "TR-FORGED-000004"

    def change(fields: dict[str, Any]) -> None:
        superseding(numbers[0], by)(fields)
        as_erased(fields)

    def tell(database: Database) -> None:
        forge(database, numbers[0], change)
        event = ev.Corrected(
            number=by,
            supersedes=numbers[0],
            version=2,
            reason="Verdict revu.",
            operator="OP7",
            handover=sample.plan().handover,
            corrector="",
        )
        log.append(database, "job-0", sample.ISSUED, [event])

    ledgers.tamper(tmp_path, tell)
    assert codes(tmp_path) == ["audit-record-not-derived"]


async def test_a_failure_told_as_an_erasure_from_the_start_is_noticed(tmp_path: Path) -> None:
    numbers = await ledger(tmp_path)

    def swap(database: Database) -> None:
        """The last record, with its event, head and tree, made anew by somebody who has the key."""
        last = book.entry(database, numbers[2])
        fields = json.loads(last.canonical)
        as_erased(fields)
        for table, where in (("records", "position = 2"), ("heads", "size = 3"), ("hashes", "level = 0 AND place = 2")):
            database.table(table).delete_where(where)
        record = Record.model_validate_json(rfc8785.dumps(fields))
        ledger = book.LedgerBook(ledgers.KEY, sample.CONTEXT.station)
        ledger.append(database, job=last.job, record=record, at=sample.ISSUED)
        told = "UPDATE events SET fields = ? WHERE job = 'job-2' AND type = 'concluded'"
        concluded = ev.Concluded(verdict="erased", reasons=(), number=numbers[2])
        database.execute(told, [log.canonical_fields(concluded)])

    ledgers.tamper(tmp_path, swap)
    assert codes(tmp_path) == ["audit-record-not-derived"]


async def test_two_that_supersede_the_same_are_noticed(tmp_path: Path) -> None:
    numbers = await ledger(tmp_path, corrections=1)

    def fork(database: Database) -> None:
        forge(database, numbers[3], superseding(numbers[0], "TR-FORGED-000005"))
        told = log.of_job(database, "job-0")[-1].event
        assert isinstance(told, ev.Corrected)
        log.append(database, "job-0", sample.ISSUED, [replace(told, number="TR-FORGED-000005")])

    ledgers.tamper(tmp_path, fork)
    assert codes(tmp_path) == ["audit-events-altered"] * 3


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE events SET fields = replace(fields, 'BR-0', 'BR-9') WHERE type = 'corrected'", "not-derived"),
        ("UPDATE events SET fields = replace(fields, 'Mauvais', 'Autre') WHERE type = 'corrected'", "not-derived"),
        ("DELETE FROM events WHERE type = 'corrected'", "unlogged"),
        ("DELETE FROM events WHERE type = 'concluded'", "altered"),
        ("UPDATE events SET fields = replace(fields, 'failed', 'erased') WHERE type = 'concluded'", "unlogged"),
        ("UPDATE events SET fields = 'no' WHERE type = 'corrected'", "altered"),
        ("UPDATE events SET fields = '[]' WHERE type = 'job-planned'", "altered"),
        ("UPDATE events SET at = '2026-05-04T00:00:00.000+00:00' WHERE type = 'job-planned'", "altered"),
        ("UPDATE events SET job = 'job-1' WHERE job = 'job-0' AND type = 'corrected'", "unlogged"),
        ("UPDATE records SET job = 'job-1' WHERE position = 3", "altered"),
    ],
)
async def test_whatever_is_changed_around_a_correction_is_noticed(tmp_path: Path, change: str, expected: str) -> None:
    await ledger(tmp_path, corrections=1)
    ledgers.tamper(tmp_path, lambda database: database.execute(change))
    assert any(code.endswith(expected) for code in codes(tmp_path)), codes(tmp_path)


async def test_a_correction_taken_out_again_is_noticed(tmp_path: Path) -> None:
    await ledger(tmp_path, corrections=1)
    kept = Onlooker(StateFolder(tmp_path), MachineDrives(tmp_path)).head()

    def take_out(database: Database) -> None:
        for table, where in (("records", "position = 3"), ("heads", "size = 4"), ("events", "type = 'corrected'")):
            database.table(table).delete_where(where)
        database.execute("DELETE FROM hashes WHERE (place + 1) << level > 3")

    ledgers.tamper(tmp_path, take_out)
    # Without a head kept elsewhere, nothing is left to show it: this is what donors keep heads for.
    assert codes(tmp_path) == []
    report = Onlooker(StateFolder(tmp_path), MachineDrives(tmp_path)).audit(known_head=kept)
    assert [item.id for item in report.findings] == ["audit-records-removed"]


async def test_a_record_issued_by_another_run_of_the_program_is_derived_too(tmp_path: Path) -> None:
    later = replace(sample.CONTEXT, version="0.1.1", commit="", clock_source="chrony")
    numbers = await ledger(tmp_path)
    with ledgers.journal(tmp_path, context=later) as journal:
        record = (await journal.correct(numbers[0], LOT)).entry.record
        (number,) = await ledgers.add(journal, 1, ledgers.ERASED, first=3)
        issued = await journal.do(lambda database: book.entry(database, number).record)
    assert [tool.version for tool in record.process.tools] == ["0.1.0", "0.1.1"]
    assert [tool.version for tool in issued.process.tools] == ["0.1.0", "0.1.1"]
    assert codes(tmp_path) == []


async def test_a_record_issued_by_the_first_of_two_runs_is_derived_too(tmp_path: Path) -> None:
    """A run that went on with the work ended; the one that began it drew the verdict."""
    job = sample.JobLog(sample.plan()).start(0).checkpoint(0, sample.MIB)
    later = replace(sample.CONTEXT, version="0.1.1", clock=ClockTrust.NOT_SYNCHRONISED)
    job.add(ev.Resumed(cause=ev.Cause.PROGRAM_ENDED, context=later))
    job.window(0, sample.MIB).start(0, sample.MIB).written(0, sample.MIB).verify(0).confirm()
    with ledgers.journal(tmp_path) as journal:
        (number,) = await ledgers.add(journal, 1, [item.event for item in job.logged])
        issued = await journal.do(lambda database: book.entry(database, number).record)
    assert [tool.version for tool in issued.process.tools] == ["0.1.0", "0.1.1"]
    assert codes(tmp_path) == []
