"""The equations that prose says: where each may begin and end, and what it reads as by the language of formulas.

``let z = x^2 y with x = 3`` says ``z = x^2 y`` and ``x = 3``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import unescape

from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import terms_shape
from adtrace.checking.arraytext import as_lists
from adtrace.checking.bare import STAR, primes_and_stars, without_tags
from adtrace.checking.names import WORN, canonical, owned
from adtrace.checking.rewriting import names_of
from adtrace.checking.values import has_shape
from adtrace.elementals import FUNCTIONS
from adtrace.errors import AdtraceError, InputError
from adtrace.language.allowed import Language
from adtrace.language.lists import nested
from adtrace.language.readings import readings
from adtrace.language.syntax import CONSTANTS, Expression, Name, Term, Terms

_LONGEST_STATEMENT, _MOST_STATEMENTS, _MOST_TERMS = 1_000, 100, 5_000


@dataclass(frozen=True)
class Said:
    """One statement of the prose: a formula's text, and what it reads as."""

    text: str
    expression: Expression | None = None
    inner: bool = False
    """Whether it defines a name within a function: with m = k h."""
    beside: frozenset[str] = frozenset()
    """The names that are defined in the prose, or have a value."""

    @property
    def name(self) -> str:
        """The name on its left side."""
        last = self.expression.statements[-1].name if self.expression else None
        return canonical(last) if last else ""

    @property
    def terms(self) -> tuple[Terms, ...]:
        """Its right sides."""
        return inlined(self.expression, self.beside) if self.expression else ()

    @property
    def is_definition(self) -> bool:
        """Whether it defines a name within a function."""
        return bool(self.name and self.inner and len(self.terms) == 1)

    @property
    def has_names(self) -> bool:
        """Whether it is a formula, and no number."""
        return any(map(names_of, self.terms))

    @property
    def strong(self) -> bool:
        """Whether it says that it is a function: f(x, y) = ..."""
        return bool(self.expression and self.expression.parameters)


def inlined(expression: Expression, beside: Iterable[str] = ()) -> tuple[Terms, ...]:
    """The outputs of a formula or a program, the statements before them put in, their names spelled alike."""
    known: dict[str, Terms] = {}
    found: list[Terms] = []
    own = {*CONSTANTS}.difference(beside, expression.parameters or (), (s.name for s in expression.statements))
    for statement in expression.statements:
        found.append(put_in((_called(term, own) for term in statement.terms), known))
        if statement.name is not None:
            known[canonical(statement.name)] = found[-1]
    return tuple(found[-expression.outputs :])


def _called(term: Term, own: set[str]) -> Term:
    """A name in its one spelling; ``own`` are those of constants."""
    return term._replace(name=canonical(term.name)) if type(term) is Name and term.name not in own else term


def put_in(terms: Iterable[Term], known: Mapping[str, Terms]) -> Terms:
    """The terms with what is known in place of its names.  Raises `InputError` where they become too many."""
    made: list[Term] = []
    for term in terms:
        made += known.get(term.name, (term,)) if type(term) is Name else (term,)
        if len(made) > _MOST_TERMS:
            raise InputError(f"the function has more than {_MOST_TERMS} terms when its statements are put in")
    return tuple(made)


_TRANSPOSED = re.compile(r"(?<==)\s*\(([^()=]*,[^()=]*)\)\s*\^\s*\{?\s*(?:T|\\top|\\mathsf\s*\{?T\}?)\s*\}?\s*$")
_INSIDE = re.compile(
    r"\$\$([^$]{3,1000})\$\$|\$([^$\n]{3,400})\$|`([^`\n]{3,400})`|\\\(([^\n]{3,400}?)\\\)|\\\[(.{3,1000}?)\\\]", re.S
)
_ONE_DIGIT = re.compile(r"_(\d)(?=[A-Za-z\\])")
_LEFT = re.compile(r"(?<![\w\\.'^}/])(?<!\\dot )(?<!\\bar )(?!(?:at|point|in|bei|Stelle|Punkt)\s)"
                   r"((?:[A-Za-zα-ωΑ-Ω](?:_?\{?\d{1,3}\}?|\w{0,8})(?:\s?\([^()=\n]{1,80}\))?)|"
                   r"\([^()=\n]{1,80}\)|^[A-Za-z]\w{0,3}(?:\s*,\s*[A-Za-z]\w{0,3}){1,8})\s*=(?!=)")  # fmt: skip
_MARK = (
    r"(?:\\(?:d?dot|bar|overline|Delta|delta|partial|nabla|(?:math|text|operator)(?:rm|name|normal)?\s*\{?\s*d(?:\s*\})?)"
    r"(?![A-Za-z])|[∂∇Δδ]|(?<![A-Za-z])d(?=\s))\s*\{?\s*"
)
"""What makes a name that of a tangent, an adjoint or a change: in `\\dot x = 1` nothing is said of x."""
_ENDS = re.compile(
    r"\s+(?:at|where|with|for|using|by|evaluated|when|and|in|on|along|if|is|bei|mit|und|für|an|wobei|to|so|gives|from|then|"
    r"em|en|no|au|para|pour|con|com|voor|avec|för|dla|weights?)\b|"
    r"(?<=[\d}$])\s+(?:et|e|y|i|a|och|og|ja|és|ve|oraz|и)\s+(?=\$?\s*[^\W\d]\w*(?:_\{?\w+\}?)?\s*=(?!=))|[;:]|\.(?!\d)|\.$|[\u3000-\u9fff]|"
    rf",\s*(?=(?:{_MARK})?[^\W\d]\w*['\u0300-\u036f]*(?:_\{{?\d+\}}?)?\}}?(?:\([^()=]{{1,40}}\))?\s*=|"
    r"[a-z]{2,}\b(?!\s*\())"
)
_MARKED = re.compile(rf"(?:{_MARK})$")
_SEED = re.compile(r"\bseed(?:ed|s)?(?:\s+(?:with|by|is|are|of|vectors?|values?))?\s*:?\s*$", re.I)
_INNER = re.compile(r"\b(?:with|where|wobei|mit)\s*\$?\s*$", re.I)


def statements(prose: str, decimal: str) -> list[Said]:
    """The equations of the prose with a name or a call on their left: of numbers first, then by what has one."""
    pieces = list(_pieces(prose))[:_MOST_STATEMENTS]
    read = _read([text for text, _ in pieces], prose, decimal)
    beside = frozenset(one.statements[-1].name or "" for one in read if one is not None)
    found = [Said(text, one, inner, beside) for (text, inner), one in zip(pieces, read, strict=True) if one is not None]
    used = {name for one in found for terms in one.terms for name in names_of(terms)}
    return [replace(one, inner=one.inner or _is_used(one, used)) for one in found]


def _read(texts: Sequence[str], prose: str, decimal: str) -> list[Expression | None]:
    """The equations, each where it is one, read in the names and the shapes that those of numbers declare."""
    alone = [formula_in(text, decimal) for text in texts]
    numbers = [_numbers(one) for one in alone]
    shapes = {name: terms_shape(terms) for values in numbers for name, terms in values.items()}
    shapes = {name: shape for name, shape in shapes.items() if not _is_whole_point(name, shape, shapes, prose)}
    told = [one if shapes.keys() & values.keys() else None for one, values in zip(alone, numbers, strict=True)]
    return [one or formula_in(text, decimal, tuple(shapes.items())) for one, text in zip(told, texts, strict=True)]


def _numbers(read: Expression | None) -> dict[str, Terms]:
    """The names to which an equation gives numbers, and these."""
    values = valued(read) if read and read.statements[-1].name else {}
    return values if all(has_shape(terms) and not names_of(terms) for terms in values.values()) else {}


_PARAMETERS = re.compile(r"[A-Za-z]\w{0,8}\s?\(([^()=\n]{1,80})\)\s*=")


def _is_whole_point(name: str, shape: tuple[int, ...], valued: Iterable[str], prose: str) -> bool:
    """Whether a vector is all variables of a function at once: x = (2, 3) of f(x, y), where y has no value."""
    if len(shape) != 1:
        return False
    lists = ([*map(canonical, map(str.strip, m[1].split(",")))] for m in _PARAMETERS.finditer(prose))
    return any(name in of and len(of) == shape[0] > 1 and not {*of}.difference((name,)) & {*valued} for of in lists)


def _is_used(said: Said, names: set[str]) -> bool:
    """Whether a formula is that of a name in another: u = x y beside z = sin(u); lists of rows are none."""
    return said.name in names and "_" not in said.name and said.has_names and not said.strong


def _pieces(prose: str) -> Iterator[tuple[str, bool]]:
    """Where equations may begin and end, as text, and whether each defines a name within a function."""
    bare = _INSIDE.sub(_inside, unmarked(prose))
    for line in bare.split("\n"):
        inner = seeds = False
        for match in _LEFT.finditer(line[:4_000]):
            before = line[: match.start()].rstrip()
            inner = bool(_INNER.search(before[-12:])) or (inner and before.endswith((",", "and", "und")))
            listed = before.endswith((",", ", and", "and", "und"))
            seeds = bool(_SEED.search(before[-40:])) or (seeds and listed)
            if seeds or _MARKED.search(line[max(match.start() - 40, 0) : match.start()]):
                continue
            rest = line[match.end() : match.end() + _LONGEST_STATEMENT]
            ends = (end.start() for end in _ENDS.finditer(rest))
            end = next((end for end in ends if end and _balanced(rest[:end])), len(rest))
            yield _equation(match.group(1), rest[:end].strip(" ,*").rstrip(" ,.*")), inner


def _equation(left: str, right: str) -> str:
    """Two sides as an equation: ``x, y = 2, 3`` is one of lists."""
    right = as_lists(right, frozenset()) if _GRID.fullmatch(right) else right
    return f"({left}) = ({right})" if "," in left and "(" not in left else f"{left} = {right}"


_GRID = re.compile(r"\\begin\{([bp]matrix)\}(?=[^&]*&)(?=.*\\\\)[^A-Za-z]*\\end\{\1\}")
"""A matrix of numbers of more than one row and column."""


def _inside(match: re.Match[str]) -> str:
    """A formula of the prose, parted from what is round it; an index of TeX is one digit: ``x_1x_2`` is a product."""
    text = " ".join(next(filter(None, match.groups())).split())
    return f" {text if match[3] else _ONE_DIGIT.sub(lambda m: f'_{m[1]} ', text)} ; "


_COMMA = re.compile(r",(?![^{]*\})")
"""A comma between names, and not between the indices of one."""


def valued(read: Expression) -> dict[str, Terms]:
    """The name on the left and its number; of several numbers between brackets an array."""
    left = [canonical(name.strip(" ()")) for name in _COMMA.split(read.text.partition("=")[0])]
    terms = inlined(read)
    if len(left) == len(terms):
        return dict(zip(left, terms, strict=True))
    return {left[0]: tuple(nested(terms, (len(terms),), 0))} if len(left) == 1 else {}


_DUAL = re.compile(r"(?<=[\d)])\s*\+\s*[\d.]*\s*[*·]?\s*(?:ε|\\(?:var)?epsilon)(?!\w)")
"""The dual part of a number, ``2 + 1ε``."""
_SPACES = re.compile(r"(?<!\\)\\(?:[,;:! ]|q?quad(?![A-Za-z]))|(?<=[,;])~(?!~)")
"""The spaces of LaTeX."""
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉₋", "0123456789-")


_NAMES = r"\(((?:[^()=\n]|\^\(\d{1,3}\)){1,120})\)\s*="
_LISTED = re.compile(rf"[A-Za-z]\w{{0,8}}\s?{_NAMES}|{_NAMES}\s*\(")
"""The variables of a function, and those that a point is told of."""
_OF_A_NAME = re.compile(
    r"(?<![A-Za-z\\])(?:\\(?P<word>d?dot|bar|overline)\s*(?:\{\s*(?P<in>[A-Za-z])(?:_\{?(?P<i>\w+)\}?)?\s*\}|(?<=[a-z])\s+(?P<one>"
    r"[A-Za-z]))|(?P<letter>[A-Za-z])(?:_?\{?(?P<before>\d{1,3})\}?)?(?P<signs>[\u0307\u0308\u0304★]|'{1,2}))"
    r"(?:_\{?(?P<behind>\d{1,3}|[A-Za-z])\}?)?(?![A-Za-z'])"
)


def _own_marks(prose: str) -> str:
    """The prose with the marks that belong to names as words: ``w'`` as w_prime, where a function is one of w'.

    A list of marked names alone is a seed.
    """
    names = set()
    for match in _LISTED.finditer(prose):
        listed = [piece.strip(" $") for piece in (match[1] or match[2]).split(",")]
        marked = [found for piece in listed if (found := _OF_A_NAME.fullmatch(piece))]
        if marked and (match[1] or len(marked) < len(listed)):
            names |= {*map(_of_a_name, marked)}

    def named(match: re.Match[str]) -> str:
        return f" {_of_a_name(match)}" if _of_a_name(match) in names else match.group()

    return (_OF_A_NAME.sub(named, prose) if names else prose).replace(STAR, "^*")


_WORD_OF = {"\u0307": "dot", "\u0308": "ddot", "\u0304": "bar", "'": "prime", "''": "prime2", STAR: "star"}


def _of_a_name(match: re.Match[str]) -> str:
    """The identifier of a marked name."""
    word = match["word"] or _WORD_OF[match["signs"]]
    index = next(filter(None, (match["i"], match["before"], match["behind"])), "")
    return owned(match["in"] or match["one"] or match["letter"], index, "bar" if word == "overline" else word)


def unmarked(prose: str) -> str:
    """The prose without stars and the commands of captions, subscripts as indices."""
    prose = unescape(without_tags(prose)) if "<" in prose else prose
    prose = raised_names(prose)
    prose = re.sub(r"(?<=[\w)\]}])(\s*)\*\*\1(?=[\w(-])", "^", prose)  # a power is no bold type
    text = re.sub(r"\*\*|\\(?:adtcaption|caption|textbf|emph)\b\*?", "", prose)
    text = _SPACES.sub(" ", text).replace("{,}", ",")
    text = _DUAL.sub("", re.sub(r"(?m)^[ \t]*#+[ \t]|:math:(?=`)", " ", text).replace("−", "-"))
    return plain_names(_own_marks(re.sub("[₀-₉₋]+", lambda match: "_" + match.group().translate(_LOWERED), text)))


_FONT = re.compile(
    r"\\(?:math(?:bf|cal|scr|frak|sf|bb)|boldsymbol|bm)\s*(?:\{\s*(\\?[A-Za-z]+)\s*\}|(?<=[a-z])\s+([A-Za-z]))"
)
_HATTED = re.compile(r"\\(?:wide)?(hat|tilde|vec)\s*(?:\{\s*([A-Za-z])\s*\}|(?<=[a-z])\s+([A-Za-z]))")
_HATS = re.compile(rf"(?<![^\W_])([A-Za-zα-ωΑ-Ω])([{''.join(WORN)}])(?![^\W\d_])")
_INDEX = r"(?:_(?:\{([\w,]{1,20})\}|\(([\d, ]{1,20})\)|(\d+)))?"
_NUMBERED = re.compile(rf"(?<=\w){_INDEX}\^\{{\((\d{{1,3}})\)\}}{_INDEX}(?![\d(])")
_RAISED = re.compile("⁽([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})⁾")
_LETTERLIKE = re.compile("[\U0001d400-\U0001d7ffℒ]")


_LAYER = re.compile(r"(?<![A-Za-z])([A-Za-z])\^\((\d{1,3})\)")
_ACCENTED = re.compile("[ẋẏżẇẍÿẅȧḃċḋėḟġḣṁṅȯṗṙṡṫẊẎŻẆ]")
_STARRED = re.compile(rf"([A-Za-z])(?:_\{{?(\w{{1,3}})\}}?)?{STAR}(?:_\{{?(\d{{1,3}}|[A-Za-z])\}}?)?")


def raised_names(text: str) -> str:
    r"""The text with ``w^*`` as w_star and ``w^\prime`` as w'; accents behind their letters."""
    if not text.isascii():
        text = re.sub("[\u2032\u2019\u02b9]", "'", text)
        text = _ACCENTED.sub(lambda m: unicodedata.normalize("NFD", m.group()), text)
    return primes_and_stars(_layers(text)) if "^" in text else text


def lettered(text: str) -> str:
    """What a caller tells, with names in letters where they have a star or a number above them."""
    text = _STARRED.sub(lambda m: owned(m[1], m[2] or m[3] or "", "star"), raised_names(text))
    return plain_names(text) if "^" in text else text


def _layers(text: str) -> str:
    """The text with ``x^(1)`` as ``x^{(1)}``, where that is a variable of a function: else it is a power."""
    listed = {name for match in _LISTED.finditer(text) for name in _LAYER.findall(match[1] or match[2])}
    return _LAYER.sub(lambda m: f"{m[1]}^{{({m[2]})}}" if m.groups() in listed else m.group(), text)


def plain_names(text: str) -> str:
    r"""The text with names in letters alone: ``\hat y`` is yhat, ``\mathbf w`` w, ``W_2^{(1)}`` ``W_{1,2}``."""
    if not text.isascii():
        text = _LETTERLIKE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)
        text = _RAISED.sub(lambda m: f"^{{({unicodedata.normalize('NFKC', m[1])})}}", text)
        text = _HATS.sub(lambda m: m[1] + WORN[m[2]], unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", text)
    if "\\" in text:
        text = _HATTED.sub(lambda m: f" {m[2] or m[3]}{m[1]}", _FONT.sub(lambda m: f" {m[1] or m[2]}", text))
    return _NUMBERED.sub(lambda m: f"_{{{','.join(filter(None, (m[4], *m.groups()[:3], *m.groups()[4:])))}}}", text)


def _balanced(text: str) -> bool:
    pairs = (*"()", *"[]", *"{}", "\\begin", "\\end")
    return all(text.count(a) == text.count(b) for a, b in zip(pairs[::2], pairs[1::2], strict=True))


@lru_cache(maxsize=4096)
def formula_in(text: str, decimal: str, declared: tuple[tuple[str, Shape], ...] = ()) -> Expression | None:
    """The text as a formula, in names with these shapes; None where it is none."""
    shapes = dict(declared)
    language = Language(FUNCTIONS, frozenset(shapes), decimal=decimal, shapes={n: s for n, s in shapes.items() if s})
    text = _TRANSPOSED.sub(r"[\1]", text)
    if len(text) > _LONGEST_STATEMENT or not text.partition("=")[2].strip():
        return None
    try:
        return readings(text, language, 1)[0].expression
    except AdtraceError:
        return None
