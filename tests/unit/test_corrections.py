"""A document is never edited: another takes its place, once, with the same evidence, and the ledger tells of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from bench import event_codec
from bench.correction import Change
from bench.journal import book, log
from bench.journal.journal import Journal, read
from bench.messages import BenchError
from bench.onlooker import Onlooker
from bench.parties import Donor, Organisation
from bench.record.base import Absent
from bench.record.model import Record, Supersession
from bench.record.schema import canonical
from bench.standing import Place, standings
from bench.state import StateFolder
from bench.verdict import Verdict, judge
from bench.verification import Overall, verify
from drivers.machine import MachineDrives
from support import evidence_samples as sample
from support import ledgers

DONOR = sample.HANDOVER.donor
LOT = Change(reason="Mauvais lot.", lot="BR-2026-018", corrector="OP-01")


async def corrected(journal: Journal, number: str, change: Change = LOT) -> Record:
    return (await journal.correct(number, change)).entry.record


def looking(state: Path) -> Onlooker:
    return Onlooker(StateFolder(state), MachineDrives(state))


async def refusal(journal: Journal, number: str, change: Change = LOT) -> tuple[str, dict[str, Any]]:
    before = await journal.do(book.size)
    with pytest.raises(BenchError) as refused:
        await journal.correct(number, change)
    assert await journal.do(book.size) == before
    (message,) = refused.value.messages
    return message.id, dict(message.params)


@pytest.mark.parametrize(("events", "verdict"), [(ledgers.ERASED, Verdict.ERASED), (ledgers.FAILED, Verdict.FAILED)])
async def test_a_correction_changes_who_is_named_and_nothing_else(
    tmp_path: Path, events: Any, verdict: Verdict
) -> None:
    change = Change(
        reason="Donateur mal saisi.",
        operator="OP-09",
        donor=DONOR,
        reference="2026-115",
        refurbisher=Organisation(name="Atelier"),
        lot="BR-1",
    )
    with ledgers.journal(tmp_path) as journal:
        (number,) = await ledgers.add(journal, 1, events)
        first = (await journal.do(book.entries))[0].record
        second = await corrected(journal, number, change)
    assert first.document.version == 1
    assert isinstance(first.document.supersedes, Absent)
    assert second.document.version == 2
    assert second.document.supersedes == Supersession(number=number, reason="Donateur mal saisi.")
    assert second.document.number != number
    assert second.document.seal == first.document.seal == ledgers.SEAL
    assert second.parties.operator == "OP-09"
    assert not isinstance(second.parties.donor, Absent)
    assert not isinstance(second.parties.refurbisher, Absent)
    assert (second.parties.donor.name, second.parties.donor.reference) == (DONOR.name, "2026-115")
    assert (second.parties.refurbisher.name, second.custody.lot) == ("Atelier", "BR-1")
    assert second.result.verdict is verdict
    assert second.document.issued > first.document.issued == second.process.concluded
    same = ("kind", "simulated", "drive", "process", "result", "evidence")
    assert [getattr(second, name) for name in same] == [getattr(first, name) for name in same]


async def test_the_ledger_and_every_certificate_stay_sound(tmp_path: Path) -> None:
    with ledgers.journal(tmp_path) as journal:
        first, second = await ledgers.add(journal, 2)
        before = await journal.certificate(first)
        third = (await corrected(journal, first)).document.number
        await ledgers.add(journal, 1, first=2)
        fourth = (await corrected(journal, third, replace(LOT, lot="BR-2026-019"))).document.number
        assert await journal.certificate(first) == before
        evidence = await journal.evidence("job-0")
    report = looking(tmp_path).audit()
    assert (report.records, report.superseded, report.findings) == (5, 2, ())
    for number in (first, second, third, fourth):
        assert verify(looking(tmp_path).certificate(number), ledgers.PUBLIC).overall is Overall.INTACT
    assert evidence.anomalies == ()
    assert [item.number for item in evidence.corrections] == [third, fourth]
    assert [item.corrector for item in evidence.corrections] == ["OP-01", "OP-01"]


async def test_only_the_latest_is_corrected(tmp_path: Path) -> None:
    with ledgers.journal(tmp_path) as journal:
        (first,) = await ledgers.add(journal)
        second = (await corrected(journal, first)).document.number
        again = replace(LOT, lot="BR-2026-019")
        assert await refusal(journal, first, again) == ("correction-not-latest", {"number": first, "latest": second})
        third = await corrected(journal, second, again)
        assert third.document.version == 3
        assert third.document.supersedes == Supersession(number=second, reason=LOT.reason)


async def test_what_stays_is_what_was_corrected_last(tmp_path: Path) -> None:
    with ledgers.journal(tmp_path) as journal:
        (first,) = await ledgers.add(journal)
        second = (await corrected(journal, first, replace(LOT, donor=DONOR))).document.number
        third = await corrected(journal, second, Change(reason="Sans lot.", lot=""))
    assert isinstance(third.custody.lot, Absent)
    assert not isinstance(third.parties.donor, Absent)
    assert third.parties.donor.name == DONOR.name
    assert third.parties.operator == "OP7"


async def test_what_cannot_be_corrected_is_refused_and_nothing_is_issued(tmp_path: Path) -> None:
    with ledgers.journal(tmp_path) as journal:
        (number,) = await ledgers.add(journal)
        assert (await refusal(journal, "TR-000000-000009"))[0] == "record-unknown"
        for change in (Change(reason="Rien."), Change(reason="Le même.", operator="OP7", lot="", donor=Donor())):
            assert (await refusal(journal, number, change))[0] == "correction-changes-nothing"
        reference = Change(reason="Référence.", reference="2026-115")
        assert (await refusal(journal, number, reference))[0] == "party-reference-without-donor"


async def test_another_result_from_the_same_evidence_is_not_issued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a later version of the program may judge: the old document then stands, and is not contradicted."""
    with ledgers.journal(tmp_path) as journal:
        (number,) = await ledgers.add(journal)
        other = judge(sample.unproven())
        monkeypatch.setattr("bench.journal.journal.judge", lambda _: other)
        assert (await refusal(journal, number))[0] == "correction-other-verdict"


async def test_a_group_of_corrections_is_settled_one_after_the_other(tmp_path: Path) -> None:
    """Two at once, in one transaction: the second sees the first, and is refused."""
    with ledgers.journal(tmp_path) as journal:
        (number,) = await ledgers.add(journal)

        def both(database: Any) -> list[str]:
            found = []
            for lot in ("A", "B"):
                try:
                    found.append(journal._correct(database, number, replace(LOT, lot=lot)).entry.number)
                except BenchError as error:
                    found.append(error.messages[0].id)
            return found

        assert (await journal.do(both))[1] == "correction-not-latest"
    assert looking(tmp_path).audit().findings == ()


async def test_a_correction_that_breaks_off_leaves_nothing_behind(tmp_path: Path, mocker: MockerFixture) -> None:
    with ledgers.journal(tmp_path) as journal:
        (number,) = await ledgers.add(journal)
        before = await journal.do(everything)
        broken = mocker.patch("bench.journal.log.append", side_effect=OSError(28, "No space left on device"))
        with pytest.raises(OSError, match="No space"):
            await journal.correct(number, LOT)
        assert await journal.do(everything) == before
        mocker.stop(broken)
        assert (await corrected(journal, number)).document.version == 2
    assert looking(tmp_path).audit().findings == ()


def everything(database: Any) -> list[Any]:
    """All rows of all tables."""
    return [tuple(row.values()) for name in database.table_names() for row in database.table(name).rows]


async def test_the_old_one_says_what_took_its_place_where_the_ledger_is_at_hand(tmp_path: Path) -> None:
    with ledgers.journal(tmp_path) as journal:
        first, other = await ledgers.add(journal, 2)
        second = (await corrected(journal, first)).document.number
        third = (await corrected(journal, second, Change(reason="Encore.", lot="X"))).document.number
    entries = {entry.number: entry for entry in read(StateFolder(tmp_path), book.entries)}
    onlooker = looking(tmp_path)
    found = {number: onlooker.standing(number, entry.canonical) for number, entry in entries.items()}
    assert found == standings(entry.record for entry in entries.values())
    old = found[first]
    assert (old.place, old.by, old.reason, old.latest) == (Place.SUPERSEDED, second, LOT.reason, third)
    assert (found[second].place, found[second].by, found[second].latest) == (Place.SUPERSEDED, third, third)
    assert [found[number].place for number in (third, other)] == [Place.CURRENT] * 2
    assert onlooker.standing("TR-000000-000001", b"").place is Place.ABSENT
    assert onlooker.standing(first, entries[other].canonical).place is Place.DIFFERENT


def as_first_stored() -> dict[str, Any]:
    """The fields of a plan in the first version of its event."""
    fields: dict[str, Any] = json.loads(log.canonical_fields(ledgers.ERASED[0]))
    del fields["plan"]["handover"]
    return fields


def test_a_plan_journalled_before_anybody_asked_for_a_donor_is_read() -> None:
    planned, fields = ledgers.ERASED[0], as_first_stored()
    assert event_codec.from_fields("job-planned", 1, fields) == planned
    with pytest.raises(event_codec.MalformedEventError):
        event_codec.from_fields("job-planned", 1, {"plan": 3})


async def test_the_digest_is_over_the_events_as_they_were_stored(tmp_path: Path) -> None:
    """A record made when its plan was an older event still follows from it."""

    def older(database: Any) -> None:
        text = json.dumps(as_first_stored(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        database.execute(
            "INSERT INTO events (job, at, type, version, fields) VALUES ('job-0', ?, 'job-planned', 1, ?)",
            [sample.ISSUED, text],
        )
        log.append(database, "job-0", sample.ISSUED, ledgers.ERASED[1:])

    with ledgers.journal(tmp_path) as journal:
        await journal.do(older)
        await journal.conclude("job-0")
    assert looking(tmp_path).audit().findings == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields["document"] | {"version": 2},
        lambda fields: fields["document"] | {"supersedes": {"number": "1", "reason": "x"}},
        lambda fields: fields["document"] | {"version": 2, "supersedes": {"number": "1", "reason": ""}},
    ],
)
def test_a_version_and_what_it_supersedes_go_together(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    fields = json.loads(canonical(sample.record(sample.erased())))
    with pytest.raises(ValueError, match=r"supersedes|reason"):
        Record.model_validate_json(json.dumps(fields | {"document": change(fields)}))
    made = sample.record(sample.erased(), correction=sample.corrected(), number="TR-ABCDEF-000002")
    assert Record.model_validate_json(canonical(made)) == made
