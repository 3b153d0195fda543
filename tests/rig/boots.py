"""Which boots there are, and in which order they see one and the same bench outside."""

from __future__ import annotations

from dataclasses import dataclass, field

from rig.kernel import Flavour
from rig.machine import Limits

DEFAULT = "contracts"
"""The boot of a scenario that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """A boot. With `cut` it ends by QEMU being killed: when a scenario asks for it, or after the last of them.

    What scenarios left running then, they left running on purpose.
    """

    name: str
    cut: bool = False
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Boots one after another over the same drives outside; `kernel` is the one it needs, whichever was asked for."""

    name: str
    boots: tuple[Boot, ...]
    kernel: Flavour | None = None

    def boot(self, name: str) -> Boot:
        """The boot of that name. Raises `LookupError`."""
        for boot in self.boots:
            if boot.name == name:
                return boot
        raise LookupError(f"no boot {name!r} in the course {self.name}")


COURSES = (
    Course(name="contracts", boots=(Boot(name=DEFAULT, limits=Limits(boot=1500)),)),
    Course(name="mishaps", boots=(Boot(name="mishaps", limits=Limits(boot=1500)),)),
    Course(
        name="power-cut",
        boots=(
            Boot(name="cut", cut=True),
            Boot(name="resume", cut=True),
            Boot(name="again", limits=Limits(boot=480)),
        ),
    ),
    Course(name="newest", boots=(Boot(name="newest"),), kernel=Flavour.BACKPORTS),
)


def course_of(boot: str) -> Course:
    """The course that has the boot. Raises `LookupError`."""
    for course in COURSES:
        if any(boot == one.name for one in course.boots):
            return course
    known = ", ".join(boot.name for course in COURSES for boot in course.boots)
    raise LookupError(f"no boot {boot!r}; there are {known}")
