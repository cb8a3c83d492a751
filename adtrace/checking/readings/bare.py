r"""A cell without its markup: Markdown, LaTeX, HTML and Unicode as one flat text that `names` and the language read.

Names and formulas stay as they are typed but for what only sets them: ``\mathbf{v}_1`` is v_1, ``v̇₁`` a v with a dot
behind it and ``_{1}``, ``\cdot`` a star.  Fractions and roots stay in LaTeX, which the language reads.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from adtrace.checking.brackets import closed_at
from adtrace.checking.sheets.rows import DEEPEST
from adtrace.language.commands import FUNCTIONS, IGNORED
from adtrace.language.signs import GREEK

ONES = "𝟏"
"""An array of ones, in a flat text."""
STAR = "★"
"""A star above a name, ``w^*``, in a flat text."""

_SIGNS = str.maketrans({
    **dict.fromkeys("−–—‐‑﹣－", "-"), **dict.fromkeys("×·⋅∙∗•⨯⊙⋆・", "*"), **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("′’ʹ‘", "'"), "″": "''", **dict.fromkeys("≈≃≅≐≡≔＝⇒⟹", "="), **dict.fromkeys("⟶↦➔➜", "→"),
    **dict.fromkeys("\u202f\u2006\u2008\u200a", "\u2009"), **dict.fromkeys("\u00a0\u2002\u2003\u2007\t\r", " "),
    **dict.fromkeys("\u200b\u200c\u200d\ufeff\u2061\u2062\ufe0e\ufe0f†‡✓✔✗✘✅❌", ""), "…": "...", "∆": "Δ", "µ": "μ",
    "＋": "+", "（": "(", "）": ")", "，": ",", "；": ";", "：": ":", "∥": "‖", "⏎": "\n", "\u0305": "\u0304",
})  # fmt: skip
_INDICES = re.compile(r"(?<=[\w\u0300-\u036f\u20d7]_)\((\d{1,6}(?:,\s?\d{1,6})+)\)")
"""Indices as our own text has them: ``W_(1, 2)``."""
_HIGH, _LOW = re.compile("[⁰¹²³⁴-⁾ᵃ-ᶻʰʲʳˢʷˣʸˡⁱⁿ]+"), re.compile("[₀-₋ᵢ-ᵥₐ-ₜⱼ]+")
_UNDERLINED = re.compile(r"(?<=[\d.])\u0332")
_ABOVE = {"¯": "\u0304", "ˉ": "\u0304", "˙": "\u0307"}
_BESIDE = re.compile(r"([¯ˉ˙])\s?([^\W\d_]+)|([^\W\d_]+)(_?\d*)([¯ˉ˙])")
"""Accents that stand beside their names: ``¯v_1``, ``v2¯``."""
_STYLED = re.compile("[\U0001d400-\U0001d7ffℬℰℱℋℐℒℳℛℯℊℴℭℌℑℜℨℂℍℕℙℚℝℤℎℓ]")
"""Letters of other fonts, those of Unicode's gaps too: ℒ."""
_SUB, _SUP = (re.compile(rf"<\s*{tag}\s*>(.*?)<\s*/\s*{tag}\s*>", re.I | re.S) for tag in ("sub", "sup"))
_BREAK, _TAG = re.compile(r"<\s*br\s*/?\s*>", re.I), re.compile(r"<\s*/?\s*([A-Za-z]+)[^<>]{0,300}>")
_INLINE = ("i", "b", "em", "strong", "span", "var", "code", "font", "u", "mark", "small", "big")
_MARKDOWN = re.compile(
    r":math:(?=`)|`+|\[\^\w{1,9}\]|~~|(?<![\w)\]])\*\*(?=[^\s*][^*]*\*\*)(?P<bold>[^*]+)\*\*(?![\w(])"
    r"|^\s*[*_](?P<italic>[^*_\s][^*_]*)[*_]\s*$"
)
_STYLING = re.compile(r"[`*~\[_]")
_ARROWS = re.compile(r"^[\s↓↑→←▼▲►▸◄⇓⇑↳⤷]+|[\s↓↑←▼▲◄⇓⇑]+$")
_COMMAND = re.compile(r"\\([A-Za-z]+)(\*?)|\\(.)", re.S)
_WRAPPERS = re.compile(
    r"\\(?:text(?:bf|it|rm|sf|tt|normal)?|math(?:bf|it|rm|sf|tt|bb|cal|scr|frak|bin|rel|op|ord|normal)|boldsymbol|bm|pmb|mbox|hbox|"
    r"ensuremath|operatorname\*?|b?cancel|boxed|f?box|emph|underline|color(?:box)?\s*\{[^{}]*\}|"
    r"textcolor\s*(?:\[[^\]]*\])?\{[^{}]*\}|num\s*(?:\[[^\]]*\])?|smash|mathstrut|footnotesize)(?=[\s{])\s*\{"
)
_GONE = re.compile(
    r"\\(?:color|cellcolor|rowcolor|hspace|vspace|h?phantom|vphantom|label|tag|footnotemark|tnote|si|unit)(?![A-Za-z])\*?"
    r"\s*(?:\[[^\]]*\])?(?:\{[^{}]*\})?"
)
_T = r"\\(?:math(?:sf|rm|bf|tt)\s*(?:\{\s*T\s*\}|T(?![A-Za-z]))|(?:top|intercal)(?![A-Za-z]))"
_ONES = re.compile(r"\\(?:mathbf|mathbb|boldsymbol|bm|vec)\s*(?:1|\{\s*1\s*\})(?!\s*\d)")
_TRANSPOSE = re.compile(rf"\^\s*(?:\{{\s*{_T}\s*\}}|{_T})")
_QUANTITY = re.compile(r"\\(?:SI|qty)\s*(?:\[[^\]]*\])?\{([^{}]*)\}\s*(?:\[[^\]]*\])?\{[^{}]*\}")
_BRACE = re.compile(r"\\(?:under|over)brace\s*\{")
_ACCENT = re.compile(
    r"\\(d?dot|bar|overline|(?:wide)?hat|(?:wide)?tilde|vec|mathring)\s*"
    r"(?:\{\s*([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|\(([^()]*)\)|([^\W\d_][\u0300-\u036f]?))"
)
_ACCENTS = {
    "dot": "\u0307", "ddot": "\u0308", "bar": "\u0304", "overline": "\u0304", "hat": "\u0302",
    "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "vec": "\u20d7", "mathring": "\u030a",
}  # fmt: skip
_BY_NAME = {name: letter for letter, name in reversed(GREEK.items())}
_MEANT = {
    **{name: f" {name} " for name in FUNCTIONS}, **dict.fromkeys(IGNORED, " "), **_BY_NAME,
    **{f"var{name}": _BY_NAME[name] for name in ("epsilon", "theta", "phi", "rho", "sigma", "kappa")},
    **dict.fromkeys(("cdot", "times", "ast", "odot", "star", "bullet"), "*"), "div": "/", "oslash": "/", "partial": "∂",
    "nabla": "∇", "prime": "'", "ell": "l", **dict.fromkeys(("approx", "simeq", "doteq", "equiv", "cong"), "="),
    **dict.fromkeys(("to", "rightarrow", "longrightarrow", "mapsto"), "→"), "Rightarrow": "=", "implies": "=",
    "coloneqq": ":=", **dict.fromkeys(("ldots", "dots", "cdots"), "..."), "gets": "=", "leftarrow": "=", "colon": ":",
    **dict.fromkeys(("downarrow", "uparrow", "bfseries", "itshape", "centering", "small", "hline", "null"), " "),
    "lbrace": "(", "rbrace": ")", "vert": "|", "mid": "|", "top": "⊤", "intercal": "⊤", "dotsc": "...", "textstyle": "",
    **dict.fromkeys(("mathrm", "mathbf", "mathit", "mathcal", "mathscr", "mathfrak", "mathsf", "mathbb"), ""),
    **dict.fromkeys(("boldsymbol", "bm", "pmb", "bf", "it", "rm", "cal"), ""), "lor": "\\lor",
}  # fmt: skip
_SIZED = re.compile(r"\\(?:left|right|[bB]ig{1,2}[lr]?)\s*(?=[()\[\]])")
_AT = re.compile(r"\\(?:right|[bB]ig{1,2}[lr]?)\s*\|\s*_\s*\{\s*\(?([^{}()]*)\)?\s*\}")
"""A bar with a point, ``\\Big|_{(2, 3)}``."""
_POWER = re.compile(r"\^\s*(?:\{\s*(\d{1,6})\s*\}|(\d))")
BECAUSE = r"(?:because|since|as|if|when|for|weil|da|car|porque|pois)\s"
"""The words with which a remark gives a reason, as patterns."""
_CHOSEN = re.compile(rf"(?<![\w.])[1I{ONES}]\s*_?\s*[\[{{(]\s*(?!{BECAUSE})([^\[\]{{}}()]*[<>][^\[\]{{}}()]*)[\]}})]")
_QUOTED = re.compile(
    r"\[\s*(['\"]\w+['\"](?:\s*,\s*['\"]\w+['\"])*)\s*\]|(?:(?<=\bgrad)|(?<=\badj)|(?<=\bbar)|(?<=\bdot))\[([A-Za-z]\w*)\]"
)
"""Keys of a dictionary, ``grad['x']``, ``grad[x]``."""
_BASE = re.compile(r"(?<![A-Za-z}\])^_])\{\s*([^\W\d_][\u0300-\u036f]{0,2})\s*\}(?=\s*[_^'])")
_RIGID = re.compile(r"\\math(?:rel|bin)\s*\{?\s*\+\s*\}?\s*=|\{?\+\}?\s*\{?=\}?|\+\s?=")
_AFTER = re.compile(r"((?<![A-Za-z\\])[^\W\d_])\s*_\s*\{?(\w+)\}?\s*\^\s*(?:\{\s*\+\s*\}|\+)(\s*=)")
"""A number after a step, ``w_5^+ = ...``, which is added to nothing."""
_NEXT = re.compile(r"(_\{[^{}]{1,20}\}\s*)\{\s*([^\W\d_][\u0300-\u036f]{0,2})\s*\}(?=\s*[_^'])")
"""A letter in braces, after a name or after an index: ``{v}_{1}``."""
_STACKED = re.compile(r"\\(?:stackrel|overset)\s*\{[^{}]*\}\s*\{\s*=\s*\}")
_STAR = re.compile(r"\^\s*(?:\\?[*∗⋆]|\\(?:ast|star)(?![A-Za-z])|\{\s*(?:\\?[*∗⋆]|\\(?:ast|star)(?![A-Za-z]))\s*\})")
"""A star above a name."""
_PRIME = re.compile(r"\^\s*(?:\{\s*((?:\\prime\s*){1,3})\}|(\\prime(?![A-Za-z])))")
_BRACKETED = re.compile(
    r"\^\s*\{\s*(?:\[\s*(\d)\s*\]\s*(T|\\top|\\intercal)?|\(\s*(\d)\s*\)\s*(T|\\top|\\intercal))\s*\}"
)
"""The number of a layer in square brackets, or beside a transpose, ``W^{[2]T}``, ``W^{(2)T}``."""
_DOT_PRODUCT = re.compile(r"(?<=(?<![\w.])[A-Za-z]) \. (?=[A-Za-z](?!\w)(?!\s[A-Za-z]{2}))")
"""``w . x``, and no end of a sentence."""


@lru_cache(maxsize=1024)
def flat(cell: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The cell in the one form that is read, and what stands over and under braces in it: ``("2v_0", "6")``."""
    text = without_tags(cell) if "<" in cell else cell
    if "^" in text:
        text = primes_and_stars(text)
    if _STYLING.search(text):
        text = _MARKDOWN.sub(lambda m: m["bold"] or m["italic"] or "", text)
    if not text.isascii():
        text = _without_unicode(text)
    text = _INDICES.sub(r"{\1}", text) if "_(" in text else text
    text = _DOT_PRODUCT.sub(" * ", text)
    braces: tuple[tuple[str, str], ...] = ()
    latex = "\\" in text or "$" in text
    if "\\" in text:
        text, braces = _without_commands(text)
    if latex or "^" in text:
        text = _POWER.sub(lambda m: f"^{m[1] or m[2]}" + (" " if latex else ""), text.replace("$", " "))
    if "{" in text:
        text = _NEXT.sub(r"\1\2", _BASE.sub(r"\1", text.replace("{,}", ",")))
    text = _CHOSEN.sub(r"(1 if \1 else 0)", _QUOTED.sub(_unquoted, text))
    return _ARROWS.sub("", text).strip(), braces


def _unquoted(keys: re.Match[str]) -> str:
    return "(" + re.sub(r"['\"]", "", keys[1] or keys[2]) + ")"


def primes_and_stars(text: str) -> str:
    r"""The text with ``w^\prime`` as w', ``w^*`` with its star in one character, and ``w^{[1]}`` as w^{(1)}."""
    text = _PRIME.sub(lambda m: "'" * m.group().count("prime"), _STAR.sub(STAR, text))
    return _BRACKETED.sub(lambda m: f"^{{({m[1] or m[3]})}}{'ᵀ' if m[2] or m[4] else ''}", text)


def without_tags(text: str) -> str:
    """HTML as text: indices and exponents in braces, line ends, and nothing for what only styles."""
    text = _BREAK.sub("\n", _SUP.sub(r"^{\1}", _SUB.sub(r"_{\1}", text)))
    return _TAG.sub(lambda m: "" if m[1].lower() in _INLINE else " ", text)


def _without_unicode(text: str) -> str:
    """Signs in ASCII, indices and exponents in braces, accents behind their letters."""
    text = _STYLED.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)
    text = unicodedata.normalize("NFD", text).translate(_SIGNS)
    text = _UNDERLINED.sub("", text) if "\u0332" in text else text
    text = _BESIDE.sub(lambda m: f"{m[2] or m[3]}{_ABOVE[m[1] or m[5]]}{m[4] or ''}", text)
    text = _LOW.sub(lambda m: f"_{{{_on_the_line(m.group())}}}", text)
    return _HIGH.sub(lambda m: f"^{{{_on_the_line(m.group())}}}", text)


def _on_the_line(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


_BESIDE_GREEK = re.compile(
    r"(?<![\\A-Za-z_^{])([A-CE-Za-ce-z])(?=\\(?:alpha|beta|gamma|delta|epsilon|theta|eta|lambda|mu|sigma|phi|psi|omega)(?![a-z]))"
)
"""A letter before a Greek one, of which it is a factor: ``X\\theta``."""


def _without_commands(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    r"""Commands of LaTeX that only set, as nothing; letters, accents and signs as characters."""
    text = _STACKED.sub("=", text.replace("\\$", "").replace(r"\,", "\u2009"))
    text = _RIGID.sub("+=", _AFTER.sub(r"\1_{\2,new}\3", text)) if "+" in text else text
    text = _TRANSPOSE.sub("ᵀ", text) if "^" in text else text
    text = _unwrapped(_QUANTITY.sub(r"\1", _ONES.sub(ONES, text)))
    text = _BESIDE_GREEK.sub(r"\1 ", _GONE.sub("", text))
    text = _AT.sub(r"(\1)", text.replace("\\left.", "")) if "|" in text else text
    text = _SIZED.sub("", text)
    text = re.sub(r"(?<=[A-Za-z]) +(?=_)", "", _COMMAND.sub(_character, text))
    for _ in range(3):
        text = _ACCENT.sub(_accented, text)
    return _over_braces(text)


def _character(match: re.Match[str]) -> str:
    name, sign = match[1], match[3]
    if name:
        return _MEANT.get(name, match.group())
    if sign in "_*#%&$~-":
        return sign
    if sign in "()[];:! ":
        return " "
    return {"{": "(", "}": ")", "|": "‖"}.get(sign, match.group())


def _accented(match: re.Match[str]) -> str:
    r"""``\dot{v_1}`` as a v with its dot before the index."""
    inside = _ACCENT.sub(_accented, match[2] or match[3] or match[4] or "").strip()  # a dot on a bar
    base = re.match(r"[^\W\d_]+[\u0300-\u036f]?", inside)
    if base is None:
        return f" {inside}"
    return f" {base.group()}{_ACCENTS[match[1]]}{inside[base.end() :].lstrip()}"


def _unwrapped(text: str) -> str:
    """The text without commands that only set, and the braces of what they set."""
    for match in reversed([*_WRAPPERS.finditer(text)]):
        before, close = text[: match.start()], closed_at(text, match.end() - 1)
        if close >= 0:
            before += " " if before[-1:].isalpha() else ""
            text = before + text[match.end() : close] + text[close + 1 :]
    return text


def _over_braces(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    r"""``\underbrace{2 v_0}_{6}`` as what stands over the brace, and both apart."""
    pairs: list[tuple[str, str]] = []
    while len(pairs) < DEEPEST and (match := max(_BRACE.finditer(text), key=re.Match.start, default=None)):
        close = closed_at(text, match.end() - 1)
        if close < 0:
            break
        inside, end = text[match.end() : close], close + 1
        under = re.match(r"\s*[_^]\s*(\{|\S)", text[end:])
        if under:
            begin = end + under.end() - 1
            last = max(closed_at(text, begin), begin) if under[1] == "{" else begin
            pairs.append((inside, text[begin:last].lstrip("{") if under[1] == "{" else under[1]))
            end = last + 1
        text = f"{text[: match.start()]}{{{inside}}}{text[end:]}"
    return text, tuple(reversed(pairs))


_PLACE = r"\d{1,3}(?::\d{1,3})?"
_SUBSCRIPT = re.compile(
    r"(?<![\w\\}])([^\W\d_]\w*?)_?(?:\{([^{}]*)\}|(\d+))?" rf"\[({_PLACE}(?:\s*(?:,|\]\[)\s*{_PLACE})*)\]"
)


def subscripted(text: str) -> str:
    """A text with the entries of Python, ``W_1[0, 2]`` and ``W_1[0][2]``, which count from 0, as W_{1,1,3}; ``x[0:2]``
    is x_{1..2}.
    """
    return _SUBSCRIPT.sub(_subscript, text)


def _subscript(match: re.Match[str]) -> str:
    places = [f"{int(begin) + 1}{end and f'..{end[1:]}'}" for begin, end in re.findall(r"(\d+)(:\d+)?", match[4])]
    return f"{match[1]}_{{{','.join(filter(None, (match[2] or match[3], *places)))}}}"
