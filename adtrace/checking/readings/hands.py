r"""Names where they stand in a text, in any hand: ``\dot{v}_1``, ``dv1``, ``∂y/∂v_1``, ``\nabla_x v_1``, ``v1_bar``.

Texts are `flat` ones of ``bare``.  `placed` puts an identifier for each name, so that the language reads the rest;
`whole` reads a text that is a name and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from adtrace.checking.patterns import EXPONENT, MANTISSA
from adtrace.checking.readings.bare import STAR, subscripted
from adtrace.checking.readings.names import (
    INDEX,
    LAYER,
    LETTERS,
    MARKING,
    OWN,
    OWN_MARKS,
    WORN,
    Name,
    Surroundings,
    canonical,
    is_function,
    known,
    layered,
    owned,
    signs_of,
    spelled,
    surroundings,
)
from adtrace.language.signs import GREEK

_DOT = "\u0307"
_ACCENTS = {_DOT, "\u0308", "\u0304"}
_MARKS = {"": "", _DOT: "dot", _DOT + _DOT: "ddot", "\u0304": "bar", "\u0304" + _DOT: "dotbar", STAR: "bar",
          "\u0304" + _DOT + _DOT: "ddotbar",
          _DOT + STAR: "dotbar", "'": "prime", "''": "prime2", "'''": "prime3"}  # fmt: skip
"""What the signs on a name mean, but for one that is its own."""


def _key(signs: Counter[str]) -> str:
    return "".join(sorted(signs.elements()))


_WORDS = {
    **dict.fromkeys(("dot", "tan", "tangent"), "dot"), "ddot": "ddot", "grad": "grad", "gradient": "grad", "d": "d",
    **dict.fromkeys(("bar", "macron", "adj", "adjoint"), "bar"), **dict.fromkeys(("prime", "der", "deriv"), "prime"),
    "delta": "delta", **dict.fromkeys(("val", "value", "data"), ""),
}  # fmt: skip
_TAPENADE = {"b": "bar", "d": "dot"}
"""Letters behind a name that mark it, as Tapenade writes them: ``v1b``."""
_PREFIXES = {"d": "d", "D": "d", "∂": "d", "Δ": "d", "δ": "delta", "b": "bar", "dd": "ddot"}
_BEFORE = {"λ": "delta", **_PREFIXES, **_WORDS}
"""What stands for the mark of the variable in its index: ``dot_v1``, ``λ_{v_1}``."""
_NUMBER = rf"{MANTISSA}(?:{EXPONENT}(?![A-Za-z_\d.]))?"
_ON = f"(?:'{{1,2}}|{STAR})?"


def _variable(group: str) -> str:
    """The pattern of a variable that stands as an operand of a mark, in braces or not."""
    inner = rf"[{LETTERS}]{{1,20}}[\u0300-\u036f\u20d7]?{_ON}(?:{LAYER})?(?:{INDEX})?(?:{LAYER})?{_ON}"
    return rf"(?P<{group}>{inner}|\{{\s*{inner}\s*\}})"


_D = r"(?:∂|(?<![A-Za-z])d|\{\s*d\s*\})\s*"
_TWO = r"(?:\^\s*(?:2|\{\s*2\s*\})\s*)"
_FRACTION = (
    rf"\\[dtcs]?frac\s*\{{\s*(?:∂|d|\{{d\}})\s*(?P<fs>{_TWO})?{_variable('f1')}?\s*\}}"
    rf"\s*\{{\s*(?:∂|d|\{{d\}})\s*{_variable('f2')}(?(fs){_TWO}?\s*(?:(?:∂|d)\s*{_variable('f3')}\s*)?)\s*\}}"
    rf"(?(f1)|(?P<f4>\s*[{LETTERS}](?:{INDEX})?(?![{LETTERS}]))?)"
)
_SLASH = (
    rf"(?P<sb>\{{\s*)?{_D}(?P<ss>{_TWO})?(?:{_variable('s1')})?\s*(?(sb)\}})\s*(?:/|(?=∂))\s*(?P<sc>[({{]\s*)?(?:∂|d)\s*"
    rf"{_variable('s2')}(?(ss){_TWO}?\s*(?:(?:∂|d)\s*{_variable('s3')})?)(?(sc)\s*[)}}])"
)
_UNDER = (
    rf"(?<![{LETTERS}0-9_])d(?P<u1>[{LETTERS}][A-Za-z0-9]{{0,6}})_d(?P<u2>[{LETTERS}](?:{INDEX})?)(?![{LETTERS}0-9_])"
)
_DIRECTION = (
    rf"(?:(?:(?P<op>[∇∂]|(?<![{LETTERS}])D)\s*_\s*(?P<o1>\{{[^{{}}]{{1,20}}(?:\{{[^{{}}]{{0,9}}\}}\s*)?\}}|[{LETTERS}](?:_?\d)?)"
    rf"\s*(?P<ob>\(\s*)?(?:{_variable('o2')})?(?(ob)\s*\))|(?<![{LETTERS}])grad_{_variable('g1')})"
    rf"|(?P<nabla>∇(?P<n2>\s*{_TWO})?|(?<![{LETTERS}])(?:grad(?:ient)?(?:\s+of)?)(?![{LETTERS}]))\s*(?P<nb>\(\s*)?{_variable('n1')}(?(nb)\s*\))"
    rf"(?:\s*\(\s*{_variable('na')}\s*\)|\s*\([^()=]{{1,80}}\)\s*$)?"
    rf"|(?<![{LETTERS}0-9_])(?P<call>dot|ddot|bar|macron|adj|adjoint|tangent|grad|D)"
    rf"(?:\s*\(\s*{_variable('c1')}\s*\)(?P<ci>{INDEX})?|(?<!D)[ ]+{_variable('c2')}(?![{LETTERS}])))"
)
_SPACED = rf"(?P<sp>∂|Δ|(?<![{LETTERS}0-9_'])[dD])\s*(?:(?<=[\s∂Δ])|(?=\{{)){_variable('p1')}"
_PLAIN = (
    rf"(?P<dotted>(?<![\w.)\]}}\u0300-\u036f])\.(?=[{LETTERS}]))?(?P<b>[{LETTERS}]{{1,30}})(?P<acc>[\u0300-\u036f\u20d7]{{0,2}})(?P<q1>'{{0,3}}{STAR}?)"
    rf"(?P<up>\^(?:\d|\{{[^{{}}()]{{1,10}}\}})\s?(?=_))?(?P<layer>{LAYER}\s?(?=_))?(?P<i>{INDEX})?(?P<acc2>[\u0300-\u036f\u20d7]{{0,2}})"
    rf"(?P<suf>_\{{?\s*(?:dot|bar|adj|prime|tangent|grad|d)\s*\}}?(?![{LETTERS}0-9])"
    rf"|(?:(?<=\d)|(?<=\}}))(?:(?:dot|bar|adj|prime)(?![{LETTERS}])|[bd](?![{LETTERS}0-9_(]))"
    rf"|\.(?:grad|adjoint|adj|bar|dot|tangent|value|data|val|deriv|der)(?![{LETTERS}0-9_(])|\.(?=\s*(?:[-+*/)]|$))(?!\s*\d))?"
    rf"(?P<q2>'{{0,3}}{STAR}?)(?P<ord>\^\{{?\(\s*[{LETTERS}0-9]{{1,6}}(?:{INDEX})?\s*\)\}}?)?"
)
_NAME = re.compile(
    rf"(?P<num>{_NUMBER})|{_FRACTION}|(?P<cmd>\\[A-Za-z]+|Zq\d+z)|{_SLASH}|{_UNDER}|{_DIRECTION}|{_SPACED}|{_PLAIN}"
)
_TWO_BELOW = re.compile(rf"([{LETTERS}](?:{INDEX})?)d([{LETTERS}](?:{INDEX})?)")
"""The variables of ``d²f/dxdy``."""


def _leibniz(above: str | None, below: str, second: str | None, twice: str | None) -> Name:
    if twice and not second and (both := _TWO_BELOW.fullmatch(below)):
        below, second = both.groups()
    if second or twice:
        return Name(canonical(below), "leibniz2", canonical(above or ""), canonical(second or below))
    return Name(canonical(below), "leibniz", _above(above or ""))


def _above(text: str) -> str:
    """What is differentiated; a dot on it is that of a tangent, and stays one."""
    base, line, index = canonical(text.replace(_DOT, "")).partition("_")
    return f"{base}{_DOT}{line}{index}" if _DOT in text else canonical(text)


def _of_quotient(match: re.Match[str], around: Surroundings) -> Name | None:
    if match["f2"]:
        return _leibniz(match["f1"] or match["f4"], match["f2"], match["f3"], match["fs"])
    if match["s2"]:
        divided = not match["s1"] and "d" in around.declared
        return None if divided else _leibniz(match["s1"], match["s2"], match["s3"], match["ss"])
    return _leibniz(match["u1"], match["u2"], None, None)


def _two(word: str, around: Surroundings) -> tuple[str, str] | None:
    """The two variables of the document that an index names: x and y of ``f_{xy}``."""
    cuts = range(1, len(word)) if word not in around.declared else ()
    both = ((canonical(word[:k]), canonical(word[k:].lstrip("_"))) for k in cuts)
    return next((names for names in both if around.declared.issuperset(names)), None)


def _of_direction(match: re.Match[str], around: Surroundings) -> Name | None:
    if match["op"]:
        by, what = canonical(match["o1"]), match["o2"]
        if match["op"] == "∂" and (both := _two(by, around)):
            return Name(both[0], "leibniz2", canonical(what or ""), both[1])
        if match["op"] == "∂" and what:
            return Name(by, "leibniz", canonical(what))
        mark = "d" if match["op"] == "D" else "grad"
        return Name(canonical(what), mark, seed=by) if what else Name(by, mark)
    if match["nabla"] or match["g1"]:
        return _of_nabla(match, around)
    mark = _WORDS.get(match["call"], "d")
    return Name(canonical(match["c2"] or match["c1"] + (match["ci"] or "")), mark)


def _of_nabla(match: re.Match[str], around: Surroundings) -> Name:
    """A gradient, of ``∇J(θ)`` by θ."""
    if match["na"] and canonical(match["na"]) in around.declared:
        return _leibniz(match["n1"], match["na"], None, match["n2"])
    return Name(canonical(match["n1"] or match["g1"]), "grad2" if match["n2"] else "grad")


def _mark_on(match: re.Match[str], accents: str) -> str:
    """The mark that stands on the letters: an accent, a point before them, a suffix, primes."""
    signs = signs_of(accents + match["q1"] + match["q2"])
    if match["dotted"] or signs:
        return "dot" if match["dotted"] else _MARKS.get(_key(signs)) or _MARKS[next(iter(signs))]
    if not match["suf"]:
        return ""
    if match["suf"] == ".grad":
        return "bar"
    return _TAPENADE.get(match["suf"]) or _WORDS.get(re.sub(r"[\W_]", "", match["suf"]), "dot")


def _of_letters(match: re.Match[str], around: Surroundings) -> Name | None:
    """A name whose marks stand on it: accents, primes, suffixes, letters before it."""
    base, index, accents = match["b"], match["i"] or "", match["acc"] + match["acc2"]
    if set(accents) - _ACCENTS - WORN.keys():
        return None
    if own := _of_its_own(match, accents, around):
        return own
    mark = _mark_on(match, accents)
    order = re.sub(r"[\s^{}()]", "", match["ord"] or match["layer"] or "")
    worn = spelled(base + "".join(sign for sign in accents if sign in WORN))
    variable = spelled(worn, index)
    if not any((mark, order, match["suf"])):  # d of ŷ
        if not accents:
            return _unmarked(base, index, around)
        return (_prefixed(worn, index, around) if variable not in around.declared else None) or Name(variable)
    if order:
        return _of_order(Name(variable, mark), order, bool(index), around)
    return Name(variable, mark)


def _of_its_own(match: re.Match[str], accents: str, around: Surroundings) -> Name | None:
    """A variable that is called with a mark, ``w'``, where the document has that as a name."""
    signs = signs_of(accents + match["q1"] + match["q2"])
    base = match["b"] + "".join(sign for sign in accents if sign in WORN)
    for mark, sign in OWN_MARKS.items() if signs else ():
        rest = _MARKS.get(_key(signs - signs_of(sign)))
        variable = owned(base, match["i"] or "", mark)
        if signs_of(sign) <= signs and rest is not None and variable in around.declared:
            return Name(variable, rest)
    return None


def _of_order(name: Name, order: str, indexed: bool, around: Surroundings) -> Name | None:
    """A name with something raised between brackets: a direction, a layer, or the number of a coefficient; none for a
    power, ``e^(xy)``, ``x^(2y)``.
    """
    if not order.isdigit():
        is_power = name.variable not in around.declared or order in around.declared or not order.isidentifier()
        return None if is_power and not (name.mark or indexed) else name._replace(seed=canonical(order))
    layer = layered(name.variable, order)
    if layer in around.declared:
        return Name(layer, name.mark)
    if name.mark:
        return name._replace(mark="dotbar") if (name.mark, order) == ("bar", "1") else name
    return Name(name.variable, f"order{order[-1]}") if indexed or name.variable in around.declared else Name(layer)


def _multiplied(base: str, index: str, around: Surroundings) -> str:
    """The row of which a letter is the adjoint, z_3 of λ_3, and an independent variable behind it, x of gx."""
    own = around.adjoints.get(spelled(base if index else base[0]), "")
    behind = spelled(base[1:])
    return spelled(own, index) if own and index else behind if own and behind in around.declared else ""


_ENDING = re.compile("(.+)(dot|bar|prime|adj)")


def _unmarked(base: str, index: str, around: Surroundings) -> Name | None:
    """A name without accents: a variable, or one with its mark in letters, ``dv_1``, ``vdot1``, ``v_dot``."""
    variable = spelled(base, index)
    if variable in around.declared:
        return Name(variable)
    if of := _multiplied(base, index, around):
        return Name(of, "delta")
    if is_function(base) and not known(variable, around):
        return None
    ending = _ENDING.fullmatch(base)
    if ending and base[1:] not in around.declared:  # ddot, of a row dot
        return Name(spelled(ending[1], index), _WORDS[ending[2]])
    mark = "" if index else _TAPENADE.get(base[1:], "")
    if mark and _is_marking(base, around):
        return Name(spelled(base[0]), mark)
    worded = _worded(base, index[1:].strip("{} "), around) if index.startswith("_") else None
    return worded or _prefixed(base, index, around) or _lone(base, variable, index, around)


def _is_marking(base: str, around: Surroundings) -> bool:
    """Whether the second letter of ``xb`` is a mark of the first."""
    return MARKING + base[1] in around.declared or (base[0] in around.declared and base[1] not in around.declared)


def _worded(base: str, word: str, around: Surroundings) -> Name | None:
    """``v_dot``, ``v_in_bar``, ``dot_v1``, ``δ_{v_1}``: an index that is a word, and a mark beside it."""
    if not word[:1].isalpha():
        return None
    head, _, tail = word.rpartition("_")
    if tail in _WORDS and tail != "d":
        return Name(spelled(base, head), _WORDS[tail])
    inner = canonical(word)
    if base in around.declared and spelled(base, word) not in around.declared:  # f_x, f_xy: derivatives of f
        if inner in around.declared:
            return Name(inner, "leibniz", base)
        if both := _two(inner, around):
            return Name(both[0], "leibniz2", base, both[1])
    mark = _BEFORE.get(base, "")
    if mark == "delta" and (net := spelled("net", word)) in around.declared:  # the error of a unit, by its net input
        return Name(net, mark)
    told = len(base) > 1 or known(inner, around) or (base in "dDΔδ" and "_" in inner)
    return Name(inner, mark) if mark and told else None


def _prefixed(base: str, index: str, around: Surroundings) -> Name | None:
    """``dv_1``, ``Δx``, ``bv_1``, ``ddv_1``, ``DpV_1``."""
    if base.startswith("Dp") and len(base) == 3:
        return Name(spelled(base[2:], index), "d", seed="p")
    if base[0] in around.declared and (around.products or base[0] == "b"):  # b times c
        return None
    for length in (1, 2):
        mark, rest = _PREFIXES.get(base[:length]), base[length:]
        variable = _declared(rest, index, around) if mark and rest else ""
        if mark and (variable or (rest and length == 1 and _speaks(base, index, around))):
            return Name(variable or spelled(rest, index), mark)
    return None


def _declared(rest: str, index: str, around: Surroundings) -> str:
    """The variable behind a letter that marks it, ``v_1``, an entry of v, the w of ``dL_w``, that is declared."""
    variable = spelled(rest, index)
    if known(variable, around) or (rest in around.declared and re.fullmatch(r"_?\{?[\d,_]+\}?", index)):
        return variable
    inner = canonical(index[1:].strip("{} ")) if index.startswith("_") and len(rest) == 1 else ""
    return inner if inner in around.declared and rest not in around.declared else ""


def _speaks(base: str, index: str, around: Surroundings) -> bool:
    """Whether a letter before another one marks it though nobody declared that: ``dx``, ``by``, ``bv_1``."""
    first, rest = base[0], base[1:]
    if len(rest) != 1:
        return False
    if first == "b":
        return rest in "yfzL" or bool(index and base not in around.families)
    return first in "dDΔ" and not known(rest, around)


def _lone(base: str, variable: str, index: str, around: Surroundings) -> Name | None:
    """A variable that nobody declared: one letter, or letters with a number; other words are left to the language."""
    if variable.endswith(OWN):
        return None
    if len(base) == 1 or base in GREEK:
        return Name(variable)
    last = spelled(base[-1], index)
    counted = re.fullmatch(r"_?\{?-?\d+\}?", index) or last in around.declared  # out_{h1} is no t_{h1}
    parted = bool(counted) and known(last, around) and (known(base[:-1], around) or len(base) > 2)
    return Name(variable) if index and not parted else None


def _of_prefix(match: re.Match[str], around: Surroundings) -> Name | None:
    inner = canonical(match["p1"])
    if match["sp"] in "dD" and match["sp"] in around.declared:
        return None  # a product of d with something
    if not known(inner, around) and is_function(inner):
        return None
    return Name(inner, "d")


_ALONG = re.compile(r"d (?P<base>[^_]+)_bar(?P<index>_.+)?|bar d(?P<letter>[^_])(?P<behind>_.+)?")
"""The derivative of an adjoint, ``D_p v̄_1`` and ``dv̄_1``, as names of one mark."""


def _read(match: re.Match[str], around: Surroundings) -> Name | None:
    if match["b"]:
        name = _of_letters(match, around)
    elif match["p1"]:
        name = _of_prefix(match, around)
    else:
        quotient = match["f2"] or match["s2"] or match["u2"]
        name = _of_quotient(match, around) if quotient else _of_direction(match, around)
    along = _ALONG.fullmatch(f"{name.mark} {name.variable}") if name else None
    if name is None or along is None or name.variable in around.declared or "d" in around.declared:
        return name
    base, index = along["base"] or along["letter"], along["index"] or along["behind"] or ""
    return name._replace(variable=base + index, mark="dotbar")


PLACES = tuple(f"Zq{number}z" for number in range(108))
"""Identifiers that stand for names in a text that the language reads; from `OWN_PLACES` on for other things."""
OWN_PLACES = 100
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_BEHIND = re.compile(r"[A-Za-z0-9_']")
_TAIL = re.compile(rf"([A-Za-z]{{1,20}})({INDEX})?")
_LETTERS_BEHIND = re.compile(rf"[{LETTERS}]{{1,20}}\d{{0,3}}(?![{LETTERS}0-9])")
_HYPHEN = re.compile(rf"-\d{{1,6}}(?:(?:dot|bar|adj|prime|[bd])(?![{LETTERS}0-9_(]))?(?![\d.])")


class TooMany(ValueError):
    """A formula has more marked names than are read."""


def _run_on(text: str, match: re.Match[str], around: Surroundings) -> tuple[Name, int] | None:
    """A word that wears its accent on the first letter: ``ȧlpha``."""
    tail = _TAIL.match(text, match.end())
    if not match["acc"] or tail is None or match["i"] or match["acc2"]:
        return None
    name = _of_letters(match, around)
    variable = spelled(match["b"] + tail.group(1), tail.group(2) or "")
    long = not around.declared and len(tail.group(1)) > 1
    return (name._replace(variable=variable), tail.end()) if name and (long or known(variable, around)) else None


def _with_letters(text: str, match: re.Match[str], around: Surroundings) -> tuple[Name, int] | None:
    """``W2t`` as one name, where a row is called so."""
    behind = _LETTERS_BEHIND.match(text, match.end()) if match["i"] and match["i"].isdecimal() else None
    variable = spelled(match["b"], match["i"] + behind.group()) if behind else ""
    name = _of_letters(match, around) if behind and variable in around.declared else None
    return (name._replace(variable=variable), behind.end()) if name and behind else None


def _at(match: re.Match[str], text: str, around: Surroundings) -> tuple[Name | None, int]:
    """The name that begins here, and where it ends: further than its pattern for ``v-1`` and ``ȧlpha``."""
    suffix = match["suf"] or ""
    if suffix in _TAPENADE and (
        suffix in around.declared or not known(spelled(match["b"], match["i"] or ""), around)
    ):  # v1 times b
        match = _NAME.match(text, match.start(), match.end() - len(suffix)) or match
    longer = next(filter(None, (way(text, match, around) for way in _LONGER)), None) if match["b"] else None
    return longer or (_read(match, around), match.end())


def _with_hyphen(text: str, match: re.Match[str], around: Surroundings) -> tuple[Name, int] | None:
    """``v-1`` as v_-1, where the letters are no variable of their own."""
    hyphen = _HYPHEN.match(text, match.end())
    if hyphen is None or match["i"]:
        return None
    indexed = _NAME.fullmatch(f"{match.group()}_{hyphen.group()}")
    name = _read(indexed, around) if indexed else None
    if name is None or match["b"] in around.declared:
        return None
    alone = not match.start() and hyphen.end() == len(text)
    told = alone or not around.declared or name.variable in around.declared
    return (name, hyphen.end()) if told else None


def _before_bracket(text: str, match: re.Match[str], around: Surroundings) -> tuple[Name, int] | None:
    """``h1`` of ``h1(1 - h1)``, where that is a row: ``log2(`` is none."""
    index = _CALLED.match(text, match.end())
    variable = spelled(match["b"], index[0]) if index and not match["i"] else ""
    name = _of_letters(match, around) if variable in around.declared else None
    return (name._replace(variable=variable), index.end()) if name and index else None


_CALLED = re.compile(r"\d{1,6}(?=\s?\()")
_LONGER = (_with_hyphen, _run_on, _with_letters, _before_bracket)


def placed(text: str, around: Surroundings) -> tuple[str, dict[str, Name]]:
    """A flat text as the language reads it, each name by one identifier, and the names by their identifiers.

    Raises `TooMany`.
    """
    pieces: list[str] = []
    tokens: dict[Name, str] = {}
    position = 0
    for match in _NAME.finditer(text):
        if match["num"] or match["cmd"] or match.start() < position:
            continue
        name, end = _at(match, text, around)
        if name is None:
            continue
        token = tokens.get(name) or tokens.setdefault(name, _token(name, tokens))
        before = text[position : match.start()]
        apart = before[-1].isalpha() or before[-1] == "_" if before else bool(pieces)
        behind = match["up"] or (" " if _BEHIND.match(text, end) else "")  # x^2_1 has its power before its index
        token = f"{{{token}}}" if before.rstrip().endswith("\\sqrt") else token
        pieces += [before, " " if apart else "", token, behind]
        position = end
    return "".join(pieces) + text[position:], {token: name for name, token in tokens.items()}


def _token(name: Name, tokens: dict[Name, str]) -> str:
    """The identifier for a name: itself, if it has no mark and the language reads it so."""
    if not name.mark and not name.seed and _IDENTIFIER.fullmatch(name.variable):
        return name.variable
    count = sum(token.startswith("Zq") for token in tokens.values())
    if count == OWN_PLACES:
        raise TooMany(f"it has more than {OWN_PLACES} different names with marks")
    return PLACES[count]


_WORD = re.compile(rf"[{LETTERS}]{{1,23}}\d{{0,3}}(?:_(?:[{LETTERS}]{{1,23}}\d{{0,3}}|\d{{1,6}}))*")


@lru_cache(maxsize=8192)
def whole(text: str, declared: frozenset[str] = frozenset()) -> Name | None:
    """The name that a flat text is and nothing else: ``v_1``, ``v-1``, ``∂y/∂v_1``, ``loss``, ``W[0][1]``."""
    text = subscripted(text.strip())
    around = surroundings(declared)
    match = _NAME.fullmatch(text) or _NAME.match(text)
    if match and not (match["num"] or match["cmd"] or match["up"]):
        name, end = _at(match, text, around)
        if name is not None and end == len(text):
            return name
    word = _WORD.fullmatch(text)
    if word is None or (len(text) > 1 and is_function(text) and canonical(text) not in declared):
        return None
    return Name(canonical(text))
