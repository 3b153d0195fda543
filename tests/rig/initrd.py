"""The first file system of the guest: a shell, a few modules, and a script that finds the real root.

The format is the kernel's "newc" (Documentation/driver-api/early-userspace/buffer-format.rst). It is written here
because the cpio program wants a folder with device nodes first, and would be one more package.
"""

from __future__ import annotations

import lzma
import stat
from dataclasses import dataclass
from pathlib import Path

from rig.kernel import Kernel, KernelError

_MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay")
_INIT = """#!/bin/busybox sh
b=/bin/busybox
for module in {modules}; do $b insmod /modules/$module || $b echo "rig: insmod $module failed"; done
# The host's root is the lower layer and cannot be written to; what the guest writes stays in its own memory.
# Both layers keep their paths beneath the new root, so that what asks where the root's files lie finds out.
$b mount -t tmpfs -o mode=755 memory /.rig-memory
$b mkdir -p /.rig-memory/upper/.rig-host /.rig-memory/upper/.rig-memory /.rig-memory/work
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,ro,cache=loose host /.rig-host
$b mount -t overlay -o lowerdir=/.rig-host,upperdir=/.rig-memory/upper,workdir=/.rig-memory/work root /root
$b mount --move /.rig-host /root/.rig-host
$b mount --move /.rig-memory /root/.rig-memory
exec $b switch_root /root /bin/bash '{init}'
"""


def build(kernel: Kernel, init: Path) -> bytes:
    """The archive; `init` is the host's path of the script that takes over. Not compressed: emulated CPUs are slow."""
    archive = _Archive()
    for folder in (".rig-host", ".rig-memory", "bin", "dev", "modules", "root"):
        archive.add(folder, stat.S_IFDIR | 0o755)
    archive.add("dev/console", stat.S_IFCHR | 0o600, device=(5, 1))
    archive.add("bin/busybox", stat.S_IFREG | 0o755, kernel.busybox.read_bytes())
    modules = _closure(kernel)
    for module in modules:
        archive.add(f"modules/{_plain(module)}", stat.S_IFREG | 0o644, _read(kernel.modules / module))
    script = _INIT.format(modules=" ".join(map(_plain, modules)), init=init)
    archive.add("init", stat.S_IFREG | 0o755, script.encode())
    return archive.closed()


@dataclass(slots=True)
class _Archive:
    _data: bytearray
    _inode: int

    def __init__(self) -> None:
        self._data = bytearray()
        self._inode = 0

    def add(self, name: str, mode: int, content: bytes = b"", device: tuple[int, int] = (0, 0)) -> None:
        """One entry; all belong to root, and their time is the epoch."""
        self._inode += 1
        path = name.encode() + b"\0"
        # inode, mode, uid, gid, links, mtime, size, device of the file, device it stands for, length of name, checksum
        fields = (self._inode, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(path), 0)
        self._data += b"070701" + b"".join(b"%08x" % field for field in fields) + path
        self._pad()
        self._data += content
        self._pad()

    def closed(self) -> bytes:
        """The whole archive."""
        self.add("TRAILER!!!", 0)
        return bytes(self._data)

    def _pad(self) -> None:
        self._data += bytes(-len(self._data) % 4)


def _closure(kernel: Kernel) -> tuple[str, ...]:
    """Paths of the modules and of all they need, in the order in which they must be loaded."""
    needs = {}
    for line in (kernel.modules / "modules.dep").read_text().splitlines():
        path, _, others = line.partition(":")
        needs[path] = others.split()
    paths = {_name(path): path for path in needs}
    built_in = {_name(path) for path in (kernel.modules / "modules.builtin").read_text().splitlines()}
    ordered: dict[str, None] = {}
    for name in _MODULES:
        if name in paths:
            ordered |= dict.fromkeys((*reversed(needs[paths[name]]), paths[name]))
        elif name not in built_in:
            raise KernelError(f"kernel {kernel.version} has no module {name}")
    return tuple(ordered)


def _name(path: str) -> str:
    return Path(path).name.partition(".ko")[0].replace("-", "_")


def _plain(path: str) -> str:
    return f"{_name(path)}.ko"


def _read(path: Path) -> bytes:
    """A module as insmod takes it. Debian's newer kernels compress theirs."""
    if path.suffix == ".xz":
        return lzma.decompress(path.read_bytes())
    if path.suffix != ".ko":
        raise KernelError(f"{path}: neither a plain module nor compressed with xz")
    return path.read_bytes()
