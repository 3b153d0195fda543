"""The guest's kernel: Debian's own package, fetched and checked by apt, unpacked under build/ and kept there.

`python -m rig.kernel [stable|backports]` fetches one and prints where it lies.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rig.places import BUILD

_META = "linux-image-amd64"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_FETCH_WITHIN_S = 600


class Flavour(StrEnum):
    """Which of Debian's kernels for this machine's release."""

    STABLE = "stable"
    BACKPORTS = "backports"


class KernelError(Exception):
    """No kernel could be had; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """An unpacked kernel: `root` holds boot/ and lib/modules/`version`; `busybox` is a program without libraries."""

    root: Path
    version: str
    busybox: Path

    @property
    def image(self) -> Path:
        """What QEMU boots."""
        return self.root / "boot" / f"vmlinuz-{self.version}"

    @property
    def modules(self) -> Path:
        """The folder that the guest sees as /lib/modules/VERSION."""
        return self.root / "lib" / "modules" / self.version


def fetch(flavour: Flavour) -> Kernel:
    """The kernel, downloaded unless it lies here already. Raises `KernelError`; `make clean` has it fetched anew."""
    where = BUILD / "kernel" / flavour
    where.parent.mkdir(parents=True, exist_ok=True)
    with (where.parent / f"{flavour}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (where / "complete").is_file():
            shutil.rmtree(where, ignore_errors=True)
            _unpack(flavour, where)
            (where / "complete").touch()
    (modules,) = (where / "lib" / "modules").iterdir()
    return Kernel(root=where, version=modules.name, busybox=where / "bin" / "busybox")


def _unpack(flavour: Flavour, where: Path) -> None:
    packages = where / "packages"
    packages.mkdir(parents=True)
    apt = _Apt(packages, _options(flavour, where))
    apt.download(apt.image_package(), "busybox-static")
    for package in packages.glob("*.deb"):
        _run("dpkg-deb", "-x", str(package), str(where))
    for folder in (packages, where / "lists", where / "cache"):
        shutil.rmtree(folder, ignore_errors=True)
    _index_modules(where)


class _Apt:
    """apt with options of ours. Its own signatures vouch for what it downloads."""

    def __init__(self, into: Path, options: tuple[str, ...]) -> None:
        self._into = into
        self._options = options
        self._updated = False

    def image_package(self) -> str:
        """The package that the newest kernel's name stands for."""
        while True:
            found = subprocess.run(
                ["apt-cache", *self._options, "depends", _META], capture_output=True, text=True, check=False
            )
            match = re.search(r"Depends: (linux-image-\S+)", found.stdout)
            if match:
                return match[1]
            if self._updated:
                raise KernelError(f"apt knows no {_META}: {found.stderr.strip() or found.stdout.strip()}")
            self._update()

    def download(self, *packages: str) -> None:
        """Into the folder. An index that names what has moved on is fetched anew, once."""
        try:
            self._download(packages)
        except KernelError:
            if self._updated:
                raise
            self._update()
            self._download(packages)

    def _download(self, packages: tuple[str, ...]) -> None:
        _run("apt-get", *self._options, "--quiet", "--quiet", "download", *packages, into=self._into)

    def _update(self) -> None:
        _run("apt-get", *self._options, "--quiet", "--quiet", "update")
        self._updated = True


def _options(flavour: Flavour, where: Path) -> tuple[str, ...]:
    """What apt is told: nothing, or lists of its own beside the machine's, where backports stand in place of them."""
    if flavour is Flavour.STABLE:
        return ()
    archives = _archives()
    sources, lists, cache = where / "backports.sources", where / "lists", where / "cache"
    (lists / "partial").mkdir(parents=True)
    (cache / "archives" / "partial").mkdir(parents=True)
    signed = f"Signed-By: {_KEYRING}\n" if _KEYRING.exists() else ""
    suites = {(address, suite) for address, release in archives for suite in (release, f"{release}-backports")}
    sources.write_text(
        "\n".join(
            f"Types: deb\nURIs: {address}\nSuites: {suite}\nComponents: main\n{signed}"
            for address, suite in sorted(suites)
        )
    )
    preferences = where / "preferences"
    preferences.write_text("Package: *\nPin: release a=*-backports\nPin-Priority: 990\n")
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": preferences,
        "Dir::State::Lists": lists,
        "Dir::Cache": cache,
    }
    return tuple(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))


def _archives() -> set[tuple[str, str]]:
    """Address and release of the Debian archive that this machine uses. Raises `KernelError` where it uses none."""
    template = "$(CREATED_BY)|$(REPO_URI)|$(CODENAME)|$(LABEL)"
    rows = _run("apt-get", "indextargets", "--format", template).splitlines()
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    wanted = release.get("VERSION_CODENAME", "").strip('"')
    found = {(row.split("|")[1], wanted) for row in rows if row.startswith("Packages|") and f"|{wanted}|Debian" in row}
    if not found:
        raise KernelError(f"apt's sources name no Debian archive for {wanted or 'this release'}")
    return found


def _index_modules(where: Path) -> None:
    """Name the modules' dependencies, as installing the package would have."""
    if not (where / "lib" / "modules").is_dir() and (where / "usr" / "lib" / "modules").is_dir():
        (where / "lib").mkdir(exist_ok=True)
        (where / "lib" / "modules").symlink_to(Path("..") / "usr" / "lib" / "modules")
    if not (where / "bin" / "busybox").exists():
        (where / "bin").symlink_to(Path("usr") / "bin")
    versions = [folder.name for folder in (where / "lib" / "modules").iterdir()]
    if len(versions) != 1:
        raise KernelError(f"{where}: one kernel is expected, not {versions}")
    _run("depmod", "--basedir", str(where), versions[0])


def _run(*command: str, into: Path | None = None) -> str:
    environment = {**os.environ, "LC_ALL": "C", "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    try:
        done = subprocess.run(
            command, cwd=into, env=environment, capture_output=True, text=True, timeout=_FETCH_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KernelError(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise KernelError(f"{' '.join(command[:1])} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.stdout.write(f"{fetch(Flavour(sys.argv[1] if len(sys.argv) > 1 else Flavour.STABLE)).image}\n")
