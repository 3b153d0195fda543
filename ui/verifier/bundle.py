"""JavaScript modules as one script: each in a function of its own, in the order in which they need each other.

Our modules use a small part of the language's module syntax: `import { a, b } from "./name.js";` at the beginning of
a line, and `export` before a function, class or constant. Anything else is refused, not guessed. Indentation, empty
lines and comments that have lines to themselves stay in the sources: the page has a size to keep to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z0-9_]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) ([A-Za-z0-9_]+))", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/) *\n", re.MULTILINE)
_SPACE = re.compile(r"^[ \n]+", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9_]+")


class BundleError(ValueError):
    """Modules that cannot be joined; says which and why."""


def bundled(modules: Mapping[str, str], entry: str) -> str:
    """The script that runs module `entry` with all it needs; `modules` maps a module's name to its text.

    `BundleError` for a module or an exported name that does not exist, for modules that need each other in a circle,
    and for module syntax that is not of our small part.
    """
    order: list[str] = []
    _visit(modules, entry, order, ())
    exported = {name: _EXPORT.findall(modules[name]) for name in order}
    return "".join(_wrapped(name, modules[name], exported, entry) for name in order)


def _visit(modules: Mapping[str, str], name: str, order: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise BundleError(f"modules need each other in a circle: {' -> '.join((*above, name))}")
    if name not in modules:
        raise BundleError(f"{above[-1] if above else 'the page'} needs {name}.js, which does not exist")
    if name in order:
        return
    for _, needed in _IMPORT.findall(modules[name]):
        _visit(modules, needed, order, (*above, name))
    order.append(name)


def _wrapped(name: str, text: str, exported: Mapping[str, list[str]], entry: str) -> str:
    body = _IMPORT.sub(lambda found: _taken(name, found[1], found[2], exported), text)
    body = _SPACE.sub("", _COMMENT.sub("", _EXPORT.sub("", body)))
    if any(line.count("`") % 2 for line in body.splitlines()):
        raise BundleError(f"{name}.js has a text of several lines, whose spaces would be lost")
    if _LEFT.search(body):
        raise BundleError(f"{name}.js uses module syntax that the page's builder does not know")
    # Nothing needs the entry, so that it alone may wait for something.
    waits = "async " if name == entry else ""
    return f"const ${name} = ({waits}() => {{\n{body}return {{ {', '.join(exported[name])} }};\n}})();\n"


def _taken(name: str, names: str, needed: str, exported: Mapping[str, list[str]]) -> str:
    wanted = [part.strip() for part in names.split(",") if part.strip()]
    for item in wanted:
        if not _NAME.fullmatch(item) or item not in exported[needed]:
            raise BundleError(f"{name}.js takes {item!r} from {needed}.js, which does not give it")
    return f"const {{ {', '.join(wanted)} }} = ${needed};\n"
