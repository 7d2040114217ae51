"""XML of any origin, one element at a time: no document types, so no entities to expand, and bounds on everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK_BYTES = 1 << 16
_DEEPEST = 24
_MOST_CHARACTERS = 1 << 20


class UnsafeXmlError(ValueError):
    """Raised where a file has a document type, or an element that is deeper or longer than any official one."""


@dataclass(slots=True)
class XmlElement:
    """An element with the text directly inside it, without namespaces."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list[XmlElement] = field(default_factory=list)

    def all(self, name: str) -> list[XmlElement]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def value(self, name: str) -> str:
        """The text of the first child of that name, on one line; empty where there is none."""
        return next((" ".join(child.text.split()) for child in self.children if child.name == name), "")


def read_xml_elements(stream: BinaryIO, root: str, names: frozenset[str]) -> Iterator[XmlElement]:
    """The root element without children, then every element of ``names`` below it, each whole.

    ValueError where the text is not XML or its root has another name; ``UnsafeXmlError`` where it is not safe to read.
    """
    builder = _Builder(root, names)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.refuse_doctype
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    try:
        while chunk := stream.read(_CHUNK_BYTES):
            parser.Parse(chunk, False)  # noqa: FBT003 - the parser's own argument
            yield from builder.take()
        parser.Parse(b"", True)  # noqa: FBT003 - the parser's own argument
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    yield from builder.take()


class _Builder:
    def __init__(self, root: str, names: frozenset[str]) -> None:
        self._root, self._names = root, names
        self._depth = self._characters = 0
        self._open: list[XmlElement] = []
        self._ready: list[XmlElement] = []

    def take(self) -> list[XmlElement]:
        """What is whole since the last time."""
        ready, self._ready = self._ready, []
        return ready

    def refuse_doctype(self, *_: Any) -> None:
        """A document type is where entities are declared."""
        msg = "the file has a document type"
        raise UnsafeXmlError(msg)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        self._depth += 1
        if self._depth > _DEEPEST:
            msg = f"elements lie {_DEEPEST} deep"
            raise UnsafeXmlError(msg)
        if self._depth == 1:
            if name != self._root:
                msg = f"the root is {name[:40]}, not {self._root}"
                raise ValueError(msg)
            self._ready.append(XmlElement(name, attributes))
        if self._open or name in self._names:
            element = XmlElement(name, attributes)
            if self._open:
                self._count(len(name) + sum(len(text) for text in attributes.values()))
                self._open[-1].children.append(element)
            else:
                self._characters = 0
            self._open.append(element)

    def end(self, name: str) -> None:
        """An element ends."""
        del name
        self._depth -= 1
        if self._open:
            done = self._open.pop()
            if not self._open:
                self._ready.append(done)

    def characters(self, text: str) -> None:
        """Text inside an element."""
        if self._open:
            self._count(len(text))
            self._open[-1].text += text

    def _count(self, more: int) -> None:
        self._characters += more
        if self._characters > _MOST_CHARACTERS:
            msg = f"an element has more than {_MOST_CHARACTERS} characters"
            raise UnsafeXmlError(msg)
