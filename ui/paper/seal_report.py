"""What a PDF shows by itself, as values: found by `ui.paper.check`, worded by `ui.paper.verify`."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict

MAX_PDF = 64 * 1024 * 1024
"""Largest PDF read, in bytes: real ones have a hundred kilobytes, those of the sickest drives a few megabytes."""


class PdfState(StrEnum):
    """Whether there is a PDF with a certificate file to look at."""

    READABLE = "readable"
    NOT_A_PDF = "not-a-pdf"
    TOO_LARGE = "too-large"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_ATTACHMENT = "no-attachment"
    SEVERAL_ATTACHMENTS = "several-attachments"
    TIMED_OUT = "timed-out"


class SealState(StrEnum):
    """What the seal is worth by itself."""

    INTACT = "intact"
    NONE = "none"
    SEVERAL = "several"
    ALTERED = "altered"
    """The file is not the one that was sealed."""
    FORGED = "forged"
    """The signature is not one by the certificate that comes with it."""
    MALFORMED = "malformed"
    """It is not written as seals of this program are, or leaves out more than itself."""


class StampState(StrEnum):
    """What the time stamp is worth."""

    NONE = "none"
    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    """It holds, but no authority that the reader named vouches for it."""
    ALTERED = "altered"


class SealReport(BaseModel):
    """What a PDF shows. Fields are empty where there is nothing to tell.

    `attachment` is the attached file with its `name`. `certificate` is the SHA-256 (hex) of the seal's certificate,
    `owner` its common name. `appended` counts the bytes behind what the seal covers; what is before is then what
    `seal` is about. `stamped_at` and `authority` belong to the time stamp.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    pdf: PdfState
    name: str = ""
    attachment: bytes = b""
    seal: SealState = SealState.NONE
    certificate: str = ""
    owner: str = ""
    appended: int = 0
    stamp: StampState = StampState.NONE
    stamped_at: AwareDatetime | None = None
    authority: str = ""


def is_pdf(document: bytes) -> bool:
    """Whether a document is to be taken as a PDF; anything else is taken as a certificate file."""
    return document.startswith(b"%PDF-")
