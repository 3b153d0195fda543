"""`tablerase drives` over all bays, as a person reads it: the real command, in French and in English."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench.drive import Medium
from rig.devices import NVME_MODEL
from rig.guest.bays import Bay
from rig.layout import CARD_SIZE, DRIVE_SIZE, HUGE_SIZE, BaySpec, Front, Layout

Plug = Callable[[str], Bay]
Words = Mapping[str | int, str]
PATIENCE_S = 150
HIDDEN = "usb-4"
"""Its bridge passes no ATA command: nobody knows what drive that is."""
FRENCH: Words = {
    "second column": "Peut-il être effacé",
    "number": "n°",
    DRIVE_SIZE: "16,8 Mo",
    CARD_SIZE: "67,1 Mo",
    HUGE_SIZE: "4,4 To",
    Medium.ROTATING: "disque à plateaux",
    Medium.FLASH: "mémoire flash",
    "may": "Peut être effacé",
    "may not": "Ne peut pas être effacé",
}
ENGLISH: Words = {
    "second column": "May it be erased",
    "number": "no.",
    DRIVE_SIZE: "16.8 MB",
    CARD_SIZE: "67.1 MB",
    HUGE_SIZE: "4.4 TB",
    Medium.ROTATING: "rotating disk",
    Medium.FLASH: "flash memory",
    "may": "May be erased",
    "may not": "May not be erased",
}


def tablerase(*arguments: str) -> str:
    """What the command prints on a terminal of 100 columns; it must succeed."""
    command = [str(Path(sys.executable).with_name("tablerase")), *arguments]
    environment = {**os.environ, "COLUMNS": "100", "TABLERASE_STATE": "/run/tmp/no-state"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=environment, encoding="utf-8"
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def rows(printed: str, second_column: str) -> Iterator[tuple[list[str], str]]:
    """The table's rows: the lines of the first column, and the second as one text."""
    lines = printed.splitlines()
    header = next(line for line in lines if second_column in line)
    middle = header.index(second_column)
    left: list[str] = []
    right: list[str] = []
    for line in lines[lines.index(header) + 2 :]:
        if line.strip(" ─"):
            left.append(line[:middle].strip())
            right.append(line[middle:].strip())
        elif left:
            yield [part for part in left if part], " ".join(right).strip()
            left, right = [], []
        elif not line:
            return  # what stands behind the table is of another kind


def kind(spec: BaySpec) -> str:
    """How the kernel has it attached. A SAS disk shows no expander or phy here, so that it is called SCSI."""
    match spec.front:
        case Front.USB:
            return "USB"
        case Front.NVME_TCP | Front.PCIE:
            return "NVMe"
        case Front.TCMU if spec.name.startswith("sas"):
            return "SCSI"
        case _:
            return "SATA"


def expected(node: str, spec: BaySpec, words: Words) -> list[str]:
    """The first column for a drive."""
    flash = spec.drive.medium is Medium.FLASH or spec.front is Front.PCIE
    return [
        node,
        f"{words['number']} {spec.drive.serial}",
        NVME_MODEL if spec.front is Front.PCIE else spec.drive.model,
        words[spec.drive.size],
        f"{kind(spec)}, {words[Medium.FLASH if flash else Medium.ROTATING]}",
    ]


def compare(printed: str, nodes: Mapping[str, str], layout: Layout, words: Words) -> None:
    """All bays stand in the table, each with what is printed on its drive, and whether it may be erased."""
    found = {left[0]: (left, right) for left, right in rows(printed, words["second column"])}
    for name, node in nodes.items():
        left, right = found.pop(node)
        if name == HIDDEN:
            assert right.startswith(words["may not"]), right
        else:
            assert left == expected(node, layout.bay(name), words)
            assert right.startswith(words["may"]), right
    assert found == {}


def plugged(bay: Plug, layout: Layout) -> dict[str, str]:
    """The nodes of all bays."""
    return {spec.name: f"{bay(spec.name).node()}" for spec in layout.bays}


def test_all_drives_are_there(bay: Plug, layout: Layout) -> None:
    nodes = plugged(bay, layout)
    assert len(set(nodes.values())) == len(layout.bays)


def test_drives_are_listed_as_what_they_are(bay: Plug, layout: Layout) -> None:
    nodes = {name: f"{bay(name).node()}" for name in ("ata-1", "sas-3", "usb-1", HIDDEN, "nvme-2", "huge-1")}
    compare(tablerase("drives", *nodes.values(), "--lang", "fr"), nodes, layout, FRENCH)


def test_all_drives_say_what_they_can_do(bay: Plug, layout: Layout) -> None:
    nodes = plugged(bay, layout)
    asked = tablerase("drives", "-v", "--lang", "en")
    compare(asked, nodes, layout, ENGLISH)
    parts = {text.partition(" ")[0]: text for text in asked.split("\n\n")[1:]}
    assert set(parts) == set(nodes.values())
    for name, lines in {
        "ata-3": (
            "Commands ATA",
            "Medium flash memory",
            "ATA SANITIZE DEVICE, block erase",
            "ATA security no password",
        ),
        "ata-5": ("revolutions per minute", "not locked, frozen", "Hidden area HPA: not in use"),
        "sas-3": ("Commands SCSI", "SCSI SANITIZE, block erase", "SCSI FORMAT UNIT"),
        "usb-1": ("Commands ATA", "(174c:55aa)", "ATA SECURITY ERASE UNIT, enhanced"),
        "nvme-1": ("Commands NVMe", "NVMe Sanitize, block erase", "Namespaces no. 1 (16.8 MB)"),
        "pcie-1": ("Commands NVMe", "NVMe Format NVM, user data erase"),
        HIDDEN: ("Not asked",),
    }.items():
        text = " ".join(parts[nodes[name]].split())
        missing = [line for line in lines if line not in text]
        assert not missing, f"{name}: {missing} in {text}"
    assert not [name for name in ("sas-3", "nvme-1") if "ATA security" in parts[nodes[name]]]
