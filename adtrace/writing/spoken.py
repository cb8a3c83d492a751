"""A dialect in the language of its reader: its words, decimal commas, thin spaces between thousands.

In LaTeX and Markdown 1.5 is 1{,}5, in Typst 1","5, in HTML one ``<mn>1,5</mn>``, in a terminal 1,5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial

from adtrace.settings import ENGLISH
from adtrace.wording import has_comma, wording
from adtrace.writing.arrays import form
from adtrace.writing.notation import Dialect

_COMMAS = {"latex": "{,}", "markdown": "{,}", "typst": '","'}
_SEMICOLONS = {"typst": r" \; "}
"""What stands between operands: in Typst a bare semicolon begins a row."""
_DECIMAL = re.compile(r"([0-9]*)\.([0-9]*\??)", re.ASCII)


@lru_cache(maxsize=64)
def spoken(dialect: Dialect, language: str, decimal: str | None = None) -> Dialect:
    """The dialect in a language, with its decimals or those that are asked for (see `settings.DECIMALS`)."""
    comma = has_comma(language, decimal)
    if language == ENGLISH and not comma:
        return dialect
    dialect = replace(dialect, language=language, thin=comma or wording(language).thin)
    return _with_commas(dialect) if comma else dialect


def _with_commas(dialect: Dialect) -> Dialect:
    """The dialect with decimal commas, and semicolons between what may be a number."""
    between = _SEMICOLONS.get(dialect.name, "; ")
    brackets = dialect.brackets
    variant = replace(dialect, comma=True, between=between, number=_number(dialect), call=_call(dialect, between))
    if brackets is None or not isinstance(dialect.form, partial):
        return variant
    vector, named = brackets.vector, dialect.form.args[0].named
    brackets = replace(brackets, vector=lambda entries: vector([between.join(entries)]))
    signs = replace(
        dialect.form.args[0], brackets=brackets, named=lambda name, arguments: named(name, [between.join(arguments)])
    )
    return replace(variant, brackets=brackets, form=partial(form, signs))


def _number(dialect: Dialect) -> Callable[[str], str]:
    number, comma = dialect.number, _COMMAS.get(dialect.name, ",")
    mark = r"<mn>\1,\2</mn>" if dialect.name == "html" else rf"\1{comma}\2"
    return lambda text: _DECIMAL.sub(mark, number(text))


def _call(dialect: Dialect, between: str) -> Callable[[str, int], str]:
    call = dialect.call
    return lambda name, arity: call(name, arity).replace(">, <", f">{between}<")
