"""Time stamps of RFC 3161: what an authority is asked, what it answers, and what its token shows.

A token shows that a digest existed at a time, on the word of the authority that signed it. Whether that authority is to
be believed is the reader's to say, by naming the certificates they trust.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from bench.messages import BenchError, say

MAX_TOKEN = 64 * 1024
"""Largest answer of an authority that is read, in bytes; real ones have two to seven kilobytes."""
_HASH = "sha256"

# Everything that matters comes back as a value; the library's log lines would stand between our own.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


class StampError(BenchError):
    """An authority that did not answer, refused or answered something else; or a token that does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStamp:
    """What a token shows: the time (UTC), who says so, and whether one of the reader's authorities vouches for that."""

    at: datetime
    authority: str
    trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StampRequest:
    """A question to an authority: `der` is what is sent, `nonce` what the answer must repeat."""

    imprint: bytes
    nonce: int
    der: bytes


def request_for(imprint: bytes) -> StampRequest:
    """The question for a SHA-256 digest of 32 bytes. Nothing but the digest leaves the workshop."""
    nonce = secrets.randbits(63) | 1 << 62
    query = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": _HASH}),
                "hashed_message": imprint,
            },
            "cert_req": True,
            "nonce": nonce,
        }
    )
    return StampRequest(imprint=imprint, nonce=nonce, der=query.dump())


def token_in(answer: bytes, request: StampRequest, authorities: Sequence[x509.Certificate]) -> bytes:
    """The token (CMS, DER) in an authority's answer, checked as `read_token` does.

    `StampError` if it was refused, answers another question, or comes from none of `authorities` where there are any.
    """
    try:
        # Not as `tsp.TimeStampResp`, which expects a token even in a refusal.
        response = core.Sequence.load(answer, strict=True)
        status = tsp.PKIStatusInfo.load(response[0].dump())["status"].native
        if status not in {"granted", "granted_with_mods"}:
            raise StampError(say("stamp-refused", status=str(status)))
        token = response[1].dump()
        nonce = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed["nonce"].native
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        raise StampError(say("stamp-unreadable")) from None
    if nonce != request.nonce:
        raise StampError(say("stamp-other-question"))
    stamp = read_token(token, request.imprint, authorities)
    if authorities and not stamp.trusted:
        raise StampError(say("stamp-other-authority", authority=stamp.authority))
    return bytes(token)


def read_token(token: bytes, imprint: bytes, authorities: Sequence[x509.Certificate] = ()) -> TimeStamp:
    """What a token (CMS, DER) shows about a SHA-256 digest. Not to be called within an event loop's thread.

    Its authority is trusted if its certificate leads to one of `authorities`, was good at the stamp's time and serves
    for time stamps. Certificates are not looked up as revoked or not: that would need the network. `StampError` if it
    is no token, is over another digest, or its signature does not hold.
    """
    try:
        data = cms.ContentInfo.load(token, strict=True)["content"]
        info = data["encap_content_info"]["content"].parsed
        at: datetime = info["gen_time"].native
        if info["message_imprint"]["hash_algorithm"]["algorithm"].native != _HASH:
            raise StampError(say("stamp-other-digest"))
        roots = [asn1_x509.Certificate.load(item.public_bytes(Encoding.DER)) for item in authorities]
        # The authority's certificate must have been good at the stamp's time: it may have ended since.
        context = ValidationContext(trust_roots=roots, moment=at, best_signature_time=at, allow_fetching=False)
        found = asyncio.run(validate_tst_signed_data(data, context, lambda _: imprint))
    except SignatureValidationError:
        raise StampError(say("stamp-altered")) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise StampError(say("stamp-unreadable")) from None
    if not found["valid"]:
        raise StampError(say("stamp-altered"))
    if not found["intact"]:
        raise StampError(say("stamp-other-digest"))
    return TimeStamp(at=at, authority=_owner(found["signing_cert"]), trusted=found["trust_problem_indic"] is None)


def _owner(certificate: asn1_x509.Certificate) -> str:
    names: dict[str, str] = certificate.subject.native
    return str(names.get("common_name") or names.get("organization_name") or certificate.subject.human_friendly)
