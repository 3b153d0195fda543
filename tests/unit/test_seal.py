"""Seals on PDFs: the same every time, read alike by pdfsig, qpdf and openssl, and no harm to archive or reader."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader

from bench.messages import BenchError
from support import evidence_samples as sample
from support import pdf_checks
from support import sealed_samples as samples
from ui.formats import Language
from ui.paper import seal
from ui.paper.publisher import DocumentPublisher
from ui.paper.seal import StationSealer

SEAL_AGAIN = """
import sys
from pathlib import Path
from bench.seal_key import load_seal
from support import sealed_samples as samples
from ui.paper.publisher import DocumentPublisher
from ui.paper.seal import StationSealer
document, keys, out = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
publisher = DocumentPublisher(sealer=StationSealer(key=load_seal(keys)))
samples.files(publisher.draft(samples.NUMBER, document.read_bytes(), {}), out)
"""


def needs(tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"needs {tool}; packages.debian says which package has it")


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return samples.sealed(samples.page())


def test_two_processes_make_the_same_bytes(tmp_path: Path) -> None:
    made = samples.draft()
    (tmp_path / "document").write_bytes(made.document)
    (tmp_path / "keys").mkdir()
    samples.write_key(tmp_path / "keys")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        line = [sys.executable, "-c", SEAL_AGAIN, *(str(tmp_path / part) for part in ("document", "keys", name))]
        subprocess.run(line, check=True, cwd=Path(__file__).parent.parent, timeout=60)
    here = samples.files(made, tmp_path / "here")
    for name in ("one", "two"):
        assert {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} == here
    assert sorted(here) == [f"{samples.NUMBER}.{kind}" for kind in ("en.pdf", "fr.pdf", "json")]


def test_the_first_revision_stays_as_it_is(sealed: bytes) -> None:
    page = samples.page()
    assert sealed.startswith(page)
    before, after = PdfFileReader(BytesIO(page)), PdfFileReader(BytesIO(sealed))
    assert after.root["/Metadata"].data == before.root["/Metadata"].data
    assert after.trailer["/ID"][0] == before.trailer["/ID"][0]
    assert after.trailer["/ID"][1] != before.trailer["/ID"][1]


@pytest.mark.parametrize("language", list(Language))
def test_archive_and_screen_readers_find_no_fault(language: Language, tmp_path: Path) -> None:
    made = samples.files(samples.draft(), tmp_path)
    assert pdf_checks.all_faults(made[f"{samples.NUMBER}.{language.value}.pdf"]) == []


def test_the_field_is_invisible_printed_named_and_tagged(sealed: bytes) -> None:
    reader = PdfFileReader(BytesIO(sealed))
    field = reader.root["/AcroForm"]["/Fields"][0]
    assert [int(item) for item in field["/Rect"]] == [0, 0, 0, 0]
    assert field["/F"] & 4
    assert not field["/F"] & (1 | 2 | 32)
    assert (field["/TU"], field["/Contents"]) == (samples.WORDS.field, samples.WORDS.field)
    tree = reader.root["/StructTreeRoot"]
    numbers = tree["/ParentTree"]["/Nums"]
    place = [int(numbers[index]) for index in range(0, len(numbers), 2)].index(int(field["/StructParent"]))
    element = numbers[2 * place + 1]
    assert element["/S"] == "/Form"
    assert element["/K"]["/Obj"].container_ref.idnum == field.container_ref.idnum
    assert tree["/ParentTreeNextKey"] == field["/StructParent"] + 1
    assert reader.root["/Pages"]["/Kids"][0]["/Tabs"] == "/S"


@pytest.mark.parametrize("language", list(Language))
def test_viewers_show_the_words_of_the_documents_language(language: Language, tmp_path: Path) -> None:
    made = samples.files(samples.draft(), tmp_path)
    signature = PdfFileReader(BytesIO(made[f"{samples.NUMBER}.{language.value}.pdf"])).root["/AcroForm"]["/Fields"][0]
    expected = {Language.FR: "Scellement de l’attestation", Language.EN: "Sealing of erasure certificate"}
    assert expected[language] in signature["/V"]["/Reason"]
    assert signature["/V"]["/Location"] == "Station atelier-1"
    assert signature["/V"]["/M"] == "D:20260504182030Z"


def test_pdfsig_agrees(sealed: bytes, tmp_path: Path) -> None:
    needs("pdfsig")
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    told = pdfsig(tmp_path / "sealed.pdf")
    for part in (
        "Signature Field Name: Seal",
        "Signer Certificate Common Name: atelier-1",
        "Signing Hash Algorithm: SHA-256",
        "Signature Type: ETSI.CAdES.detached",
        "Total document signed",
        "Signature Validation: Signature is Valid.",
    ):
        assert part in told, told
    altered = bytearray(sealed)
    altered[1000] ^= 1
    (tmp_path / "altered.pdf").write_bytes(altered)
    assert "Signature is Valid" not in pdfsig(tmp_path / "altered.pdf")
    (tmp_path / "appended.pdf").write_bytes(samples.updated(sealed))
    assert "Total document signed" not in pdfsig(tmp_path / "appended.pdf")


def pdfsig(path: Path) -> str:
    done = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False, timeout=30)
    return done.stdout + done.stderr


def test_openssl_verifies_the_signature_over_the_rest_of_the_file(sealed: bytes, tmp_path: Path) -> None:
    needs("openssl")
    start, end = samples.hole_of(sealed)
    (tmp_path / "seal.der").write_bytes(samples.seal_in(sealed))
    (tmp_path / "content").write_bytes(sealed[:start] + sealed[end:])
    _, certificate = samples.write_key(tmp_path)
    assert openssl_cms(tmp_path, certificate) == 0
    (tmp_path / "content").write_bytes(sealed[:start] + sealed[end:-1])
    assert openssl_cms(tmp_path, certificate) != 0
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "content").write_bytes(sealed[:start] + sealed[end:])
    assert openssl_cms(tmp_path, samples.write_key(other, samples.OTHER_KEY)[1]) != 0


def openssl_cms(folder: Path, certificate: Path) -> int:
    parts = ["-inform", "DER", "-in", f"{folder}/seal.der", "-content", f"{folder}/content", "-cades", "-binary"]
    trust = ["-CAfile", str(certificate), "-partial_chain", "-purpose", "any"]
    line = ["openssl", "cms", "-verify", *parts, *trust, "-out", "/dev/null"]
    return subprocess.run(line, capture_output=True, check=False, timeout=30).returncode


def test_the_signature_is_that_of_rfc_6979() -> None:
    digest = hashlib.sha256(b"the same").digest()
    assert seal.sign(samples.KEY, digest) == seal.sign(samples.KEY, digest)
    attributes = seal.signer_of(seal.sign(samples.KEY, digest))
    public = samples.KEY.certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    signed = attributes["signed_attrs"].untag().dump()
    public.verify(attributes["signature"].native, signed, ec.ECDSA(hashes.SHA256()))


def test_a_kept_seal_is_known_by_what_it_is_over(sealed: bytes) -> None:
    kept = samples.seal_in(sealed)
    assert seal.bears(sealed, kept)
    assert not seal.bears(sealed + b"\n", kept)
    assert not seal.bears(sealed.replace(b"%%EOF", b"%%EOf", 1), kept)
    assert not seal.bears(sealed, b"")
    assert not seal.bears(samples.sealed(samples.page(), samples.OTHER_KEY), kept)


def test_kept_seals_are_used_again_without_the_key(tmp_path: Path) -> None:
    made = samples.draft()
    seals = made.seal({})
    stranger = DocumentPublisher(sealer=StationSealer(key=samples.OTHER_KEY))
    again = stranger.draft(samples.NUMBER, made.document, seals)
    assert again.imprints == {}
    assert again.seal({}) == seals
    assert samples.files(again, tmp_path / "again") == samples.files(made, tmp_path / "made")


def test_pages_are_sealed_by_the_seal_that_the_record_names_or_not_at_all() -> None:
    with pytest.raises(BenchError) as refused:
        samples.draft(named=samples.OTHER_KEY.digest)
    assert refused.value.messages[0].id == "seal-gone"
    assert len(samples.draft(named="").new) == 2


def test_a_failure_report_is_sealed_as_one() -> None:
    made = samples.draft(sample.failed())
    assert sorted(made.pages) == sorted(made.seal({}))
    assert b"Sealing of failure report" in made.pages[f"{samples.NUMBER}.en.pdf"].content


def test_a_seal_that_has_no_room_is_refused() -> None:
    made = samples.draft()
    page = next(iter(made.pages.values()))
    with pytest.raises(BenchError) as refused:
        page.filled(bytes(seal.ROOM + 1))
    assert refused.value.messages[0].params == {"size": seal.ROOM + 1, "limit": seal.ROOM}
    assert page.filled(bytes(seal.ROOM))[page.start : page.end] == b"<" + b"0" * 2 * seal.ROOM + b">"


def test_a_record_becomes_sealed_documents_in_little_time(tmp_path: Path) -> None:
    document = samples.certificate()
    publisher = DocumentPublisher(sealer=StationSealer(key=samples.KEY))
    samples.files(publisher.draft(samples.NUMBER, document, {}), tmp_path)  # loads what is loaded once
    begun = time.process_time()
    for _ in range(3):
        made = publisher.draft(samples.NUMBER, document, {})
        made.write(tmp_path, made.seal({}))
    assert (time.process_time() - begun) / 3 < 0.4, "CPU seconds for a record, both languages"
    assert max(path.stat().st_size for path in tmp_path.iterdir()) < 150_000
