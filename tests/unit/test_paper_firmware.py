"""What paper says of a drive's own erasure: its commands with their proof, hidden areas, power cuts."""

from __future__ import annotations

from bench import stage_events as se
from bench.capabilities import Answer, HiddenArea, HiddenKind
from bench.messages import say
from support import evidence_samples as sample
from support.evidence_samples import MIB
from support.stage_samples import StageLog, ata
from ui.formats import Language
from ui.paper import firmware
from ui.texts import texts

FR = texts(Language.FR)


def text_of(log: StageLog) -> str:
    rows = firmware.firmware_rows(sample.record(log.evidence).process, FR)
    return "\n".join(f"{row['label']} = {row['value']}" for row in rows)


def test_a_proven_erasure_is_told_with_its_proof() -> None:
    shown = text_of(StageLog.of(ata()).all())
    for part in ("Étape 2", "ATA SANITIZE DEVICE, overwrite", "menée à son terme", "vu au travail", "survivants"):
        assert part in shown, part
    assert "coupure d’alimentation" in shown
    assert "vue logique" in shown


def test_a_refusal_and_what_was_not_looked_for_are_told() -> None:
    log = StageLog.of(ata())
    log.until(1).begin(1).add(se.CommandRefused(index=1, reason=say("stage-passed-frozen")))
    shown = text_of(log)
    assert "refusée par le disque" in shown
    assert "non recherchés" in shown
    assert "demandée, non constatée" in shown


def test_hidden_areas_say_before_and_after() -> None:
    hidden = (HiddenArea(kind=HiddenKind.HPA, in_use=Answer.YES, size=80 * MIB),)
    shown = text_of(StageLog.of(ata(hidden=hidden)).all())
    assert "Zone cachée HPA = avant" in shown
    assert "rouverte" in shown


def test_a_job_of_passes_alone_has_no_such_rows() -> None:
    log = sample.JobLog(sample.plan(passes=[sample.STREAM])).all_passes().confirm()
    assert firmware.firmware_rows(sample.record(log.evidence).process, FR) == []
