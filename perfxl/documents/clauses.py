"""``{% part %}`` … ``{% endpart %}``: a part of a text that is left out whole where something in it was not filled in."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

from perfxl.documents.signs import settled


class KeptParts(Extension):
    """The tag ``part``. Parts may stand in parts: the outer one goes where all inner ones have gone."""

    tags = {"part"}  # noqa: RUF012 - as Jinja2 has it

    def parse(self, parser: Parser) -> nodes.Node:
        """Return the node of a part that begins here."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endpart",), drop_needle=True)
        return nodes.CallBlock(self.call_method("settle"), [], [], body).set_lineno(line)

    def settle(self, caller: Callable[[], str]) -> Markup:
        """Return what is left of a part."""
        return Markup(settled(caller()))  # noqa: S704 - what was typed is escaped already
