"""Text in sympy's own syntax, on request: read by sympy's parser, behind a token reader of ours.

sympy's parser turns text into Python and evaluates that.  So it is given tokens, not text: numbers within the bounds,
names that are declared, functions of a list, operators, brackets, commas and comparisons, and nothing else.  No
attribute, no quote, no keyword and no other name passes, so nothing in it can run; and nothing is computed while it is
read, for all that it makes is unevaluated.
"""

from __future__ import annotations

import keyword
import re
import warnings
from collections.abc import Container
from typing import Any, NoReturn

from adtrace.elementals import FUNCTIONS, TABLE
from adtrace.errors import BoundError, ParseError, nearest, printable
from adtrace.limits import Limits
from adtrace.numbers.primitives import PRIMITIVES

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|[<>=!]=|[-+*/^!(),<>]))",
    re.ASCII,
)
_LITERAL = r"\s*[-+]?\s*[0-9.]+(?:[eE][+-]?[0-9]+)?\s*"
_LITERALS = re.compile(rf"\s*\({_LITERAL}(?:,{_LITERAL})?\)", re.ASCII)
"""The operands of ``Integer`` and ``Rational``: sympy computes them at once, whatever they are."""
_MOST, _DEEPEST = 2_000, 50
"""Tokens of one text (letters, of a word that may be split), and brackets inside each other: the parsers recurse."""
_BUILDING = ("Symbol", "Function", "Integer", "Float", "Rational", "Add", "Mul", "Pow", "And", "Or", "Not", "Eq", "Ne",
             "Lt", "Le", "Gt", "Ge", "factorial", "factorial2")  # fmt: skip
"""What sympy's parser itself writes, so that no variable can have such a name."""
_FORMS = ("Piecewise", "Max", "Min", "Abs", "Heaviside", "Mod", "LambertW", "root", "Add", "Mul", "Pow", "Rational",
          "Integer", "factorial", "Eq", "Ne", "Lt", "Le", "Gt", "Ge", "And", "Or", "Not")  # fmt: skip
_CONSTANTS = ("pi", "E", "True", "False")


def parsed_by_sympy(text: str, declared: Container[str], limits: Limits) -> Any:
    """The unevaluated sympy object, or tuple of objects, that sympy's parser makes of the text.

    Raises `ParseError` for a token that does not pass and for what sympy cannot read, `BoundError`.
    """
    import sympy  # noqa: PLC0415 - only for this syntax
    from sympy.parsing import sympy_parser as parser  # noqa: PLC0415

    functions = _functions(sympy)
    tokens = _tokens(text, declared, functions, limits)
    namespace = {**functions, **{name: getattr(sympy, name) for name in _BUILDING}, "pi": sympy.pi, "E": sympy.E}
    symbols = {name: sympy.Symbol(name) for name in _names(tokens) if name in declared and name in namespace}

    def splits(name: str) -> bool:
        return name not in declared and all(letter in declared for letter in name)

    steps = (
        *(parser.auto_symbol, parser.auto_number, parser.factorial_notation, parser.convert_xor),
        *(parser.split_symbols_custom(splits), parser.implicit_multiplication, parser.implicit_application),
        parser.function_exponentiation,
    )
    try:
        with sympy.evaluate(False), warnings.catch_warnings(action="error"):
            return parser.parse_expr(
                " ".join(tokens).replace(" !", "!"),  # blanks, so that 2j is not imaginary, nor 0b1 binary
                local_dict=symbols,
                transformations=steps,
                global_dict={"__builtins__": {}, **namespace},
                evaluate=False,
            )
    except (RecursionError, MemoryError):
        raise BoundError("the text is nested too deeply for sympy's parser") from None
    except Exception as problem:
        said = printable(str(problem).partition("\n")[0][:120])
        raise ParseError(f"sympy's parser does not read this ({type(problem).__name__}: {said})", text, 0) from None


def _functions(sympy: Any) -> dict[str, Any]:
    """The functions that a text may call: ours by our names and by sympy's, and the forms that sympy prints."""
    functions = {name: sympy.Function(name) for name in FUNCTIONS}
    for (name, _), entry in TABLE.items():
        primitive = PRIMITIVES.get(entry.name)
        theirs = entry.in_sympy or (primitive.sympy or entry.name if primitive else "")
        head = getattr(sympy, theirs, None) if isinstance(theirs, str) and name in FUNCTIONS else None
        if head is not None:
            functions[name] = head
    return functions | {name: getattr(sympy, name) for name in _FORMS}


def _names(tokens: list[str]) -> set[str]:
    """The names of a text, and the letters of those that may be split."""
    names = {token for token in tokens if token[0].isalpha()}
    return names | {letter for name in names for letter in name}


def _tokens(text: str, declared: Container[str], functions: Container[str], limits: Limits) -> list[str]:
    """The tokens that pass; raises for the first that does not."""
    tokens: list[str] = []
    position, depth, count = 0, 0, 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        place = position + len(text[position:]) - len(text[position:].lstrip())
        if match is None:
            _refuse(f"{printable(text[place])!r} does not pass to sympy's parser", text, place)
        position, token = match.end(), match[match.lastgroup or 0]
        if match.lastgroup == "number":
            _within(token, text, place, limits)
        elif match.lastgroup == "name":
            _permitted(token, text, place, declared, functions)
            if token in ("Integer", "Rational") and not _LITERALS.match(text, position):
                _refuse(f"the operands of {token} are plain numbers", text, place)
        depth += (token == "(") - (token == ")")
        tokens.append(token)
        count += 1 if token in declared or token in functions else len(token)
        if count > _MOST or depth > _DEEPEST:
            raise BoundError(f"sympy's parser is given {_MOST} tokens and {_DEEPEST} nested brackets at most")
    if not tokens:
        _refuse("there is no expression", text, 0)
    return tokens


def _within(token: str, text: str, place: int, limits: Limits) -> None:
    mantissa, _, exponent = token.lower().partition("e")
    bound = limits.literal_digits
    if len(mantissa) > bound or len(exponent) > 12 or abs(int(exponent or 0)) > bound:
        raise BoundError(
            f"a number may have {bound} digits and a decimal exponent up to {bound}{ParseError('', text, place)}"
        )


def _permitted(name: str, text: str, place: int, declared: Container[str], functions: Container[str]) -> None:
    if name in declared:
        if name in _BUILDING or keyword.iskeyword(name) or "__" in name:
            _refuse(f"in sympy's syntax {name} cannot be a variable", text, place)
        return
    if name in functions or name in _CONSTANTS or (len(name) > 1 and all(letter in declared for letter in name)):
        return
    _refuse(
        f"{printable(name)} is neither a variable with a value nor a function{nearest(name, FUNCTIONS)}", text, place
    )


def _refuse(problem: str, text: str, place: int) -> NoReturn:
    raise ParseError(problem, text, place)
