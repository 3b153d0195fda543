"""A time-stamping authority on this machine: `openssl ts -reply` behind HTTP on 127.0.0.1, with a CA of its own."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bench.timestamp import request_for, token_in

_CONFIG = """
[tsa]
dir = {folder}
serial = $dir/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
signer_cert = $dir/tsa.crt
certs = $dir/ca.crt
signer_key = $dir/tsa.key
[ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[ca_ext]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
"""


@dataclass
class Authority:
    """A running authority. `answer` is what it does with the next questions: stamp, refuse, garble, hang, or fail."""

    folder: Path
    url: str
    answer: str = "stamp"
    asked: int = 0
    closing: threading.Event = field(default_factory=threading.Event)
    turn: threading.Lock = field(default_factory=threading.Lock)
    """Stamps are numbered in a file of openssl's."""

    @property
    def ca(self) -> Path:
        """The certificate that vouches for it (PEM)."""
        return self.folder / "ca.crt"

    def reply(self, query: bytes) -> tuple[int, bytes]:
        """HTTP status and body for a question."""
        self.asked += 1
        match self.answer:
            case "stamp":
                return 200, self._stamp(query)
            case "refuse":
                # TimeStampResp with PKIStatus rejection (2) and nothing else.
                return 200, bytes.fromhex("30053003020102")
            case "garble":
                return 200, b"not a time stamp"
            case "other":
                mine = self.folder / "other.tsq"
                _openssl("ts", "-query", "-digest", "00" * 32, "-sha256", "-cert", "-out", str(mine))
                return 200, self._stamp(mine.read_bytes())
            case "huge":
                return 200, bytes(10 * 1024 * 1024)
            case "hang":
                self.closing.wait(20)
                return 503, b""
            case _:
                return 503, b""

    def _stamp(self, query: bytes) -> bytes:
        place = self.folder / f"{threading.get_ident()}-{time.monotonic_ns()}"
        question, answer = place.with_suffix(".tsq"), place.with_suffix(".tsr")
        question.write_bytes(query)
        config = str(self.folder / "tsa.cnf")
        files = ["-queryfile", str(question), "-out", str(answer)]
        with self.turn:
            _openssl("ts", "-reply", "-config", config, "-section", "tsa", *files)
        return answer.read_bytes()


def make_authority(folder: Path) -> None:
    """A CA and, signed by it, a certificate that may stamp times and nothing else."""
    folder.mkdir(parents=True)
    config = folder / "tsa.cnf"
    config.write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="utf-8")
    at = {name: str(folder / name) for name in ("ca.key", "ca.crt", "tsa.key", "tsa.csr", "tsa.crt")}
    extensions = ["-extfile", str(config)]
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
    for name, subject in (("ca", "/CN=Essai CA"), ("tsa", "/CN=Essai TSA")):
        csr = str(folder / f"{name}.csr")
        _openssl("req", *new, "-keyout", at[f"{name}.key"], "-subj", subject, "-out", csr)
    days = ["-days", "3650"]
    self_signed = ["-key", at["ca.key"], "-extensions", "ca_ext"]
    _openssl("x509", "-req", "-in", str(folder / "ca.csr"), *self_signed, *extensions, *days, "-out", at["ca.crt"])
    issued = ["-CA", at["ca.crt"], "-CAkey", at["ca.key"], "-CAcreateserial", "-extensions", "ext"]
    _openssl("x509", "-req", "-in", at["tsa.csr"], *issued, *extensions, *days, "-out", at["tsa.crt"])


@contextmanager
def time_authority(folder: Path) -> Iterator[Authority]:
    """An authority that answers while a `with` lasts."""
    make_authority(folder)
    with serving(folder) as authority:
        yield authority


@contextmanager
def serving(folder: Path) -> Iterator[Authority]:
    """The authority of a folder that `make_authority` filled, on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = authority.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True  # Who asked has given up.

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's protocol
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    authority = Authority(folder=folder, url=f"http://127.0.0.1:{server.server_address[1]}/tsa")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        authority.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _openssl(*arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, f"openssl {' '.join(arguments)}: {done.stderr}"


def stamp_of(authority: Authority, imprint: bytes) -> bytes:
    """A token for a digest, without the network."""
    request = request_for(imprint)
    return token_in(authority.reply(request.der)[1], request, ())
