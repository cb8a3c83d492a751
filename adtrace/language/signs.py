"""Unicode on the way to ASCII, each character with its place in the author's own text.

Superscripts become ``^{2}``, subscripts digits on the line or ``_{i}``, letters of mathematical alphabets (as Word and
PDF files hold them) plain ones; Greek letters, roots and fractions stay as they are for the token reader.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_SIGNS = {
    **dict.fromkeys("·×⋅•∗∙⨯✕✖\u2062", "*"), **dict.fromkeys("÷∕", "/"), **dict.fromkeys("−–—‐‑﹣➖", "-"), "➕": "+",
    "⊙": "*",
    "≤": "<=", "⩽": "<=", "≦": "<=", "≥": ">=", "⩾": ">=", "≧": ">=", "≠": "!=",
    "∧": " and ", "∨": " or ", "¬": " not ", **dict.fromkeys("′’ʹ‘", "'"), "″": "''", **dict.fromkeys("∣│❘", "|"),
    "〖": "{", "〗": "}", "❨": "(", "❩": ")", "≔": ":=", "⟶": "→", "\u2063": ",", "ℯ": "e", "ⅇ": "e",
    "ɑ": "α", "µ": "μ", "ϵ": "ε", "ϑ": "θ", "ϕ": "φ", "ϱ": "ρ", "ς": "σ", "ϰ": "κ", "ϖ": "π", "∆": "Δ", "⁄": "/",
    **dict.fromkeys("\u2061\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\ufe0e\ufe0f", ""),
    "\u0304": "_bar", "\u0305": "_bar", "\u0307": "_dot", "\u0302": "_hat", "\u0303": "_tilde",
}  # fmt: skip
"""Signs as they are typed; what is not seen, and variation selectors, are nothing."""
KEPT = "⊤√∛∜↦→∞⌊⌋⌈⌉½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒°"
"""Signs that the token reader knows."""
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΠΡΣΤΥΦΧΨΩ",
        re.findall(
            r"\w+",
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
            "psi omega Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Pi Rho Sigma Tau "
            "Upsilon Phi Chi Psi Omega",
        ),
        strict=True,
    )
)


class Source(NamedTuple):
    """A text for the token reader, and where each of its characters stands in the author's."""

    text: str
    origin: list[int] | None
    """None where every character stands where it stood."""

    def place(self, position: int) -> int:
        """The place in the author's text."""
        return position if self.origin is None else self.origin[min(position, len(self.origin) - 1)]


def source(text: str) -> Source:
    """The text in ASCII, Greek letters and the signs of `KEPT`; any other character stays, and is refused later."""
    if text.isascii():
        return Source(text, None)
    pieces: list[str] = []
    origin: list[int] = []
    low = ""  # which of ^{ and _{ is open

    def put(piece: str, place: int) -> None:
        pieces.append(piece)
        origin.extend([place] * len(piece))

    for place, char in enumerate(text):
        level, plain = _character(char) if char >= "\x80" else ("", char)
        if level != low:
            if low:
                put("}", place)
            if level:
                put(f"{level}{{", place)
            low = level
        put(plain, place)
    if low:
        put("}", len(text))
    return Source("".join(pieces), [*origin, len(text)])


@lru_cache(maxsize=2048)
def _character(char: str) -> tuple[str, str]:
    """Whether a character is raised (``^``) or lowered (``_``), and what it is on the line."""
    if char in KEPT:
        return "", char
    if char in _SIGNS:
        return "", _SIGNS[char]
    kind = unicodedata.decomposition(char).partition(" ")[0]
    parts = unicodedata.normalize("NFKD", char)
    plain = "".join(_SIGNS.get(part, part) for part in parts)
    plainly = all(part.isascii() or part in GREEK for part in plain)
    if unicodedata.category(char) in ("Zs", "Zl", "Zp"):
        return "", " " if unicodedata.category(char) == "Zs" else "\n"
    if not plainly or (char in "ªº℠™" or (kind in ("<super>", "<sub>") and len(plain) != 1)):
        return "", char
    return {"<super>": "^", "<sub>": "_"}.get(kind, ""), plain
