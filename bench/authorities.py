"""The time-stamping authorities that somebody trusts, from a file."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509

from bench.messages import BenchError, say

_MAX_PEM = 1024 * 1024


def load_authorities(path: Path) -> tuple[x509.Certificate, ...]:
    """The certificates (PEM) of the authorities that a reader trusts. `BenchError` if there are none in the file."""
    try:
        with path.open("rb") as file:
            return tuple(x509.load_pem_x509_certificates(file.read(_MAX_PEM)))
    except OSError as error:
        raise BenchError(say("stamp-ca-unreadable", file=str(path), why=error.strerror or str(error))) from error
    except ValueError:
        raise BenchError(say("stamp-ca-not-pem", file=str(path))) from None
