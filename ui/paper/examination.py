"""The process in which `ui.paper.examiner` has PDFs examined: bounded in memory, without privileges to lose."""

from __future__ import annotations

import json
import resource
import sys

from cryptography import x509

from ui.paper.check import check_seal
from ui.paper.seal_report import PdfState, SealReport

_MEMORY = 2 * 1024**3


def main() -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    while header := sys.stdin.buffer.readline():
        asked = json.loads(header)
        authorities = [x509.load_pem_x509_certificate(item.encode()) for item in asked["authorities"]]
        pdf = sys.stdin.buffer.read(asked["size"])
        try:
            report = check_seal(pdf, authorities)
        except MemoryError:
            report = SealReport(pdf=PdfState.TIMED_OUT)
        sys.stdout.write(report.model_dump_json() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
