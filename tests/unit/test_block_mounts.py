"""Reading the mount table and the swap areas."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.block.mounts import (
    Mount,
    MountTableError,
    Swap,
    mount_of,
    parse_mountinfo,
    parse_swaps,
    unescape,
)

PLAIN = "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"


def escape(text: str) -> str:
    """As the kernel's mangle() does."""
    return "".join(f"\\{ord(c):03o}" if c in " \t\n\\#" else c for c in text)


def test_a_line_with_optional_fields() -> None:
    assert parse_mountinfo(PLAIN + "\n") == (
        Mount(
            id=36,
            parent=35,
            number=(98, 0),
            point="/mnt2",
            kind="ext3",
            source="/dev/root",
            super_options="rw,errors=continue",
        ),
    )


def test_a_line_without_optional_fields_and_with_an_empty_source() -> None:
    (mount,) = parse_mountinfo("1 0 0:5 / /x rw - tmpfs  rw,size=4k")
    assert (mount.source, mount.options("size")) == ("", ("4k",))


@pytest.mark.parametrize("line", ["36 35 98:0", "a b c", PLAIN.replace(" - ", " "), PLAIN.replace("98:0", "98")])
def test_a_line_that_cannot_be_read_is_an_error(line: str) -> None:
    with pytest.raises(MountTableError, match="not a line"):
        parse_mountinfo(line)


def test_an_escaped_comma_belongs_to_the_value() -> None:
    (mount,) = parse_mountinfo(r"1 0 0:5 / / rw - overlay o rw,lowerdir=/a\054b:/c,upperdir=/d\040e")
    assert mount.options("lowerdir", "upperdir") == ("/a,b:/c", "/d e")


# Any character but NUL may stand in a path.
names = st.text(st.characters(min_codepoint=1, codec="utf-8"), min_size=1, max_size=20)


@given(point=names, source=names, optional=st.lists(st.sampled_from(["shared:1", "master:2", "unbindable"])))
def test_every_path_survives_the_kernels_escaping(point: str, source: str, optional: list[str]) -> None:
    extra = "".join(f" {field}" for field in optional)
    line = f"5 4 8:1 / /{escape(point)} rw{extra} - ext4 {escape(source)} rw\n"
    (mount,) = parse_mountinfo(line)
    assert (mount.point, mount.source) == (f"/{point}", source)


@given(st.text())
def test_unescaping_undoes_escaping(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.lists(names, min_size=1, max_size=5))
def test_every_swap_file_survives(paths: list[str]) -> None:
    lines = [f"{escape('/' + path):<39} file\t\t8188\t0\t-2" for path in paths]
    swaps = parse_swaps("\n".join(["Filename\t\tType\tSize", *lines, ""]))
    assert [swap.path + " (deleted)" * swap.deleted for swap in swaps] == [f"/{path}" for path in paths]


def test_a_deleted_swap_file() -> None:
    assert parse_swaps("Filename Type\n/swap\\040file\\040(deleted)  file 1 0 -2\n") == (
        Swap(path="/swap file", deleted=True),
    )


@pytest.mark.parametrize("text", ["nonsense", "Filename\nno path", "Filename\n/only"])
def test_swaps_that_cannot_be_read_are_an_error(text: str) -> None:
    with pytest.raises(MountTableError):
        parse_swaps(text)


def table(*entries: tuple[int, int, str]) -> tuple[Mount, ...]:
    return parse_mountinfo("\n".join(f"{i} {parent} 8:{i} / {point} rw - ext4 s rw" for i, parent, point in entries))


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/", 2), ("/etc/passwd", 2), ("/home/x", 4), ("/homes", 2), ("/var/lib", 3), ("/var/lib/a/b", 5), ("/home", 4)],
)
def test_the_deepest_mount_on_the_way_is_taken(path: str, expected: int) -> None:
    mounts = table((1, 1, "/"), (2, 1, "/"), (3, 2, "/var"), (4, 2, "/home"), (5, 3, "/var/lib/a"))
    found = mount_of(mounts, path)
    assert found is not None
    assert found.id == expected


def test_a_mount_hidden_by_a_later_one_is_not_taken() -> None:
    mounts = table((1, 0, "/"), (2, 1, "/var/lib"), (3, 1, "/var"))
    found = mount_of(mounts, "/var/lib/x")
    assert found is not None
    assert found.id == 3


def test_stacked_mounts_give_the_topmost() -> None:
    found = mount_of(table((1, 0, "/"), (2, 1, "/m"), (3, 2, "/m")), "/m/file")
    assert found is not None
    assert found.id == 3


def test_a_table_without_a_root_reaches_nothing() -> None:
    assert mount_of(table((7, 3, "/proc")), "/etc") is None


def test_this_machines_own_tables_are_understood() -> None:
    mounts = parse_mountinfo(Path("/proc/self/mountinfo").read_text(errors="surrogateescape"))
    assert mount_of(mounts, "/proc/self") in [mount for mount in mounts if mount.kind == "proc"]
    parse_swaps(Path("/proc/swaps").read_text(errors="surrogateescape"))
