"""Fenced ``adtrace`` blocks in MkDocs, by the superfences of pymdown-extensions; see the README.

    markdown_extensions:
      - pymdownx.arithmatex: {generic: true}
      - pymdownx.superfences:
          custom_fences:
            - name: adtrace
              class: adtrace
              format: !!python/name:adtrace.mkdocs.fence
              validator: !!python/name:adtrace.mkdocs.validator

The formulas come out as arithmatex writes them, for the MathJax or KaTeX that the site has.
"""

from __future__ import annotations

from html import escape
from typing import Any

from adtrace.errors import AdtraceError
from adtrace.request import Request, block


def validator(_language: str, inputs: dict[str, str], options: dict[str, Any], *_: object) -> bool:
    """Take every setting of the block's first line; `fence` says which there are."""
    options.update(inputs)
    return True


def fence(source: str, _language: str, css_class: str, options: dict[str, Any], md: Any, **_: object) -> str:
    """The block as HTML.  An error in it stops the build, as superfences wants it: with its own exception."""
    from markdown import Markdown  # noqa: PLC0415 - it is there where MkDocs is
    from pymdownx.superfences import SuperFencesException  # noqa: PLC0415

    try:
        asked = block(source)
        given = {name: str(value) for name, value in options.items()}
        made, chosen = Request(asked.expression, given | dict(asked.settings)).trace()
        table = made.table(**chosen)
    except AdtraceError as error:
        raise SuperFencesException(f"adtrace: {error}") from error
    own = Markdown(
        extensions=["tables", "pymdownx.arithmatex"], extension_configs={"pymdownx.arithmatex": {"generic": True}}
    )
    return f'<div class="{escape(css_class or "adtrace")}">{own.convert(table)}</div>'
