"""The record as a whole, version 1."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, model_validator

from bench.context import ClockTrust
from bench.drive import Interface
from bench.parties import MAX_REASON
from bench.plan import Level
from bench.record.base import Absent, Format, Instant, NonEmpty, Ordinal, Published, Sha256, Stated
from bench.record.drive import Drive
from bench.record.parties import Custody, Parties
from bench.record.process import Process
from bench.record.result import Result
from bench.verdict import Verdict

SimulationNotice: TypeAlias = Literal["SIMULATION: NO REAL DRIVE WAS ERASED"]
SIMULATION_NOTICE: SimulationNotice = "SIMULATION: NO REAL DRIVE WAS ERASED"


class Kind(StrEnum):
    """What the record may be called; the verdict alone decides."""

    CERTIFICATE = "erasure-certificate"
    FAILURE_REPORT = "failure-report"

    @classmethod
    def of(cls, verdict: Verdict) -> Kind:
        """The kind that a verdict allows."""
        return cls.CERTIFICATE if verdict.proves_erasure else cls.FAILURE_REPORT


class Supersession(Published):
    """The document that this one takes the place of, and why."""

    number: NonEmpty
    reason: Annotated[str, Field(min_length=1, max_length=MAX_REASON)]
    """In the words of the workshop."""


class Document(Published):
    """Number, version and time of issue."""

    number: NonEmpty
    version: Ordinal
    """Counts the documents of one erasure: each takes the place of the one before."""
    supersedes: Stated[Supersession]
    issued: Instant
    clock: ClockTrust
    """Whether the machine's time was known to be right when this was issued."""
    clock_source: Stated[str]
    seal: Stated[Sha256]
    """SHA-256 of the X.509 certificate (DER) whose key seals this record's pages."""


class EvidenceDigest(Published):
    """Ties the record to the job's event log."""

    job: NonEmpty
    events: Ordinal
    sha256: Sha256
    """Over the canonical events, in order."""


class Record(Published):
    """What the evidence of one job says. Signed and entered in the ledger; made by `bench.record.build` only."""

    model_config = ConfigDict(title="Table Rase record, version 1")

    format: Format
    kind: Kind
    simulated: bool
    simulation: Stated[SimulationNotice]
    document: Document
    parties: Parties
    custody: Custody
    drive: Drive
    process: Process
    result: Result
    evidence: EvidenceDigest

    @model_validator(mode="after")
    def _claims_no_more_than_its_verdict(self) -> Self:
        verdict = self.result.verdict
        if self.kind is not Kind.of(verdict):
            raise ValueError(f"the verdict {verdict.value!r} does not make a {self.kind.value!r}")
        if (self.process.level_achieved is not Level.NONE) is not verdict.proves_erasure:
            raise ValueError("a level is achieved if, and only if, the erasure is proven")
        if self.process.level_achieved is Level.PURGE and not self.process.erased_by_firmware:
            raise ValueError("the host's overwriting is no Purge: a drive's own erasure must be there, and done")
        if bool(self.result.reasons) is verdict.proves_erasure:
            raise ValueError("there are reasons if, and only if, the erasure is not proven")
        if bool(self.result.remarks) is not (verdict is Verdict.ERASED_WITH_REMARKS):
            raise ValueError("there are remarks if, and only if, the verdict says so")
        return self

    @model_validator(mode="after")
    def _shows_that_it_is_simulated(self) -> Self:
        if self.simulated is isinstance(self.simulation, Absent):
            raise ValueError("a simulated record, and no other, carries the simulation notice")
        if self.drive.interface is Interface.SIMULATED and not self.simulated:
            raise ValueError("a simulated drive makes a simulated record")
        return self

    @model_validator(mode="after")
    def _says_what_it_supersedes(self) -> Self:
        if (self.document.version == 1) is not isinstance(self.document.supersedes, Absent):
            raise ValueError("a later version, and no other, supersedes another document")
        return self
