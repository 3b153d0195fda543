"""Examines PDFs from strangers in a process of its own, which may hang, burst or be slow without harm.

The process is `ui.paper.examination`. For each PDF it is sent a line of JSON (`size` of the PDF in bytes, PEM
`authorities` to trust), then the PDF, and answers with a line of JSON, a `SealReport`. It ends with its input.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ui.paper.seal_report import PdfState, SealReport

PATIENCE = 20.0
"""Seconds for one PDF; a real one takes a hundredth of one."""


class Examiner:
    """The process, started with the first PDF and again after one that it did not survive; ends with the `with`."""

    def __init__(self, authorities: Sequence[x509.Certificate] = (), *, patience: float = PATIENCE) -> None:
        self._authorities = [item.public_bytes(Encoding.PEM).decode() for item in authorities]
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def examine(self, pdf: bytes) -> SealReport:
        """`check_seal`, within `patience` seconds; where that does not do, the report says so."""
        process = self._process = self._process or _start()
        timer = threading.Timer(self._patience, process.kill)
        timer.start()
        try:
            answer = self._ask(process, pdf)
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):
            self._end()
            return SealReport(pdf=PdfState.TIMED_OUT)
        return SealReport.model_validate_json(answer)

    def _ask(self, process: subprocess.Popen[bytes], pdf: bytes) -> bytes:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the process was started without its pipes")
        header = json.dumps({"size": len(pdf), "authorities": self._authorities})
        with contextlib.suppress(BrokenPipeError):  # It has ended; its empty answer says so.
            process.stdin.write(header.encode() + b"\n" + pdf)
            process.stdin.flush()
        return process.stdout.readline()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        process.wait()


def _start() -> subprocess.Popen[bytes]:
    line = [sys.executable, "-I", "-m", "ui.paper.examination"]
    return subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
