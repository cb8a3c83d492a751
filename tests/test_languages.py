"""Documents in eight languages: every phrase in every language, no English in another, decimal commas read back."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from pathlib import Path

import pytest
from pages import ROOT
from samples import in_turn

import adtrace
from adtrace.errors import OptionError
from adtrace.settings import ENGLISH, LANGUAGES
from adtrace.wording import babel_names, code_of, source, wording

OTHERS = [name for name in LANGUAGES if name != ENGLISH]
COMMAS = ("de", "fr", "es", "pt")
KEYS = wording(ENGLISH).phrases
PLACE = re.compile(r"\{\w+\}")
TEXT = {"x1": "1.5", "x2": 2}
FORMATS = ("latex", "markdown", "html", "typst", "text")


def places(phrase: str) -> list[str]:
    """The places of a phrase, in the order of the alphabet."""
    return sorted(PLACE.findall(phrase))


def test_there_is_a_file_for_each_language() -> None:
    """The languages that can be asked for are those that have a file, and every file is read as a whole."""
    assert {path.stem for path in (ROOT / "adtrace" / "languages").iterdir()} == set(LANGUAGES)
    for name in LANGUAGES:
        assert set(tomllib.loads(source(name))) <= {"language", "phrases", "terms"}


@pytest.mark.parametrize("name", OTHERS)
def test_every_language_has_every_phrase_with_the_same_places(name: str) -> None:
    """A phrase that is missing, is one too many, or lost a place would be found by a reader first."""
    phrases = wording(name).phrases
    assert phrases.keys() == KEYS.keys()
    assert {key: places(phrase) for key, phrase in phrases.items()} == {key: places(of) for key, of in KEYS.items()}


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_phrase_holds_what_a_format_would_obey(name: str) -> None:
    r"""Phrases stand in LaTeX, Markdown, Typst and HTML as they are: no \, #, $, &, <, *, _, ~."""
    for key, phrase in wording(name).phrases.items():
        assert not re.search(r"[\\#&<>*_~^%`@\[\]\"|]", PLACE.sub("", phrase).replace("$", "")), key


def words(text: str) -> set[str]:
    """The words of three letters or more that are no names of formulas."""
    return {word.lower() for word in re.findall(r"[^\W\d_]{3,}", text)}


ENGLISH_WORDS = set().union(*(words(PLACE.sub("", phrase)) for phrase in KEYS.values()))
CASES = {
    "both modes": ("ln(x1) + x1*x2 - sin(x2)", {}, {}),
    "kinks": ("abs(x1 - 1.5) + max(x1, x2 - 0.5)", {"kinks": "tie=split"}, {}),
    "second order": ("x1*sin(x2)", {}, {"mode": "second", "order": 3}),
    "symbols": ("x1*abs(x2)", {"at": None}, {}),
    "seeds": ("x1*x2", {"seed": [{"x1": 1}, {"x1": 1, "x2": -2}]}, {"order": 2, "mode": "forward"}),
    "outputs": ("(x1*x2, x1/x2)", {"weights": {"y_1": 1, "y_2": -2}}, {"mode": "reverse"}),
    "displayed": ("x1/x2 + x1", {"arithmetic": "displayed"}, {}),
    "double precision": ("x1/x2 + x1", {"arithmetic": "float"}, {}),
    "program": ("a = x1*x2; a = a + 1; y = a^2", {}, {"learning_rate": "0.1"}),
    "styles": ("x1*x2", {}, {"style": "cs107"}),
    "ledger": ("x1*x2", {}, {"style": "ledger"}),
    "columns": ("x1*x2", {}, {"style": "four-column"}),
}


def traced(case: str) -> tuple[adtrace.Trace, dict[str, object]]:
    """The trace of a case, and the options of its tables."""
    text, asked, shown = CASES[case]
    return adtrace.trace(text, **({"at": TEXT} | asked)), shown


def printed(trace: adtrace.Trace, shown: dict[str, object], name: str) -> Iterator[str]:
    """What the captions, headings and notes of tables say, without the formulas."""
    for table in trace.tables(**shown, format="markdown", language=name):
        headings = [
            text for block in table.blocks for panel in block.panels
            for text in (panel.heading, *(column.heading for column in panel.columns))
        ]  # fmt: skip
        for text in (table.caption, *headings, *table.notes):
            yield re.sub(r"\$[^$]*\$", " ", unescape(text))


SHARED = {
    "de": {"taylor", "partial", "variable", "index", "operation", "primal", "abs", "max"},
    "fr": {"taylor", "variable", "primal", "convention", "double", "gradient", "abs", "max"},
    "es": {"taylor", "variable", "primal", "abs", "max", "trace"},
    "pt": {"taylor", "primal", "abs", "max"},
    "zh": {"abs", "max"}, "ja": {"abs", "max"}, "ko": {"abs", "max"},
}  # fmt: skip
"""Words that the language has, too, and names of functions."""


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("case", CASES)
def test_no_english_is_left_in_a_table(case: str, name: str) -> None:
    """Captions, headings and notes have no word of the English ones but those that the language shares."""
    trace, shown = traced(case)
    own = words(PLACE.sub("", " ".join(wording(name).phrases.values())))
    for text in printed(trace, shown, name):
        left = (words(text) & ENGLISH_WORDS) - own - SHARED[name]
        assert not left, text


LAYERS = "CONV3-10, ReLU, POOL-2, FLATTEN, FC-10"


@pytest.mark.parametrize("name", OTHERS)
def test_no_english_is_left_in_a_layer_table(name: str) -> None:
    """Its caption, headings, lines and notes have none; thousands are parted as they are there."""
    network = adtrace.layers(LAYERS, input="32x33x3")
    for columns in ("size,params,multiplications,field", "size,activations,weights,biases,macs,jump"):
        text = network.table(format="text", language=name, columns=columns)
        own = words(PLACE.sub("", " ".join(wording(name).phrases.values())))
        shown = re.sub(r"CONV3-10|ReLU|POOL-2|FLATTEN|FC-10|CONVk-N|POOL-k", "", text)
        left = (words(shown) & ENGLISH_WORDS) - own - {"mac", "macs"}
        assert not left
        assert ("25\u202f610" if name in COMMAS else "25,610") in text or "params" not in columns
    thin = {"latex": r"25\,610", "markdown": r"25\thinspace 610", "html": "25\u202f610", "typst": "25 thin 610"}
    for format_, digits in thin.items():
        assert (digits in network.table(format=format_, language=name)) is (name in COMMAS)


WORKED = {
    "answers": adtrace.window("64", "32", k=8, find="s,p"),
    "a family": adtrace.window("64", "64", find="k,p", s=1),
    "axes": adtrace.window("64x48", "32x24", k=5, find="s,p"),
    "cases": adtrace.window(cases=[{"i": 8, "o": 4, "p": 0}, {"i": 9, "o": 4, "k": 3}]),
    "transposed": adtrace.window("8", "16", k=4, transposed=True),
    "convolution": adtrace.convolution([1, 2, 3, 4], [1, 0.5]),
    "strided": adtrace.convolution([1, 2, 3, 4, 5], [1, 0.5], stride=2, padding="1:0", flip=False),
    "pooling": adtrace.convolution([[1, 2], [3, 4.5]], pool="mean", k=2),
}
MODES = {"full", "same", "valid", "padding"}
"""Words of numpy and TensorFlow, which no language translates; and Padding, which German keeps."""


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("case", WORKED)
def test_no_english_is_left_in_windows_and_convolutions(case: str, name: str) -> None:
    """Captions, headings, answers and notes have no English word, in text and in LaTeX's cells."""
    own = words(PLACE.sub("", " ".join(wording(name).phrases.values())))
    shown = WORKED[case].table(format="text", language=name)
    assert not (words(shown) & ENGLISH_WORDS) - own - MODES - {"max"}
    latex = WORKED[case].table(format="latex", language=name, macros=False)
    said = " ".join(re.findall(r"\\adtword\{([^}]*)\}", latex))
    assert not (words(said) & ENGLISH_WORDS) - own - MODES


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*")), ids=str)
def test_no_template_says_a_word(path: Path) -> None:
    """What a template prints of its own is markup; the texts of the checker's report alone are English."""
    if not path.is_file() or path.parent.name in ("report", "styles") or path.name in ("adtrace.sty", "latexmkrc"):
        return
    text = re.sub(r"<#.*?#>|<%.*?%>|<<.*?>>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    if path.suffix in (".md", ".txt", ".rst", ".adoc", ".csv"):
        assert not re.search(r"[A-Z][a-z]{2,}", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL))
    if path.suffix == ".html":
        said = re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
        assert not re.search(r"[A-Z][a-z]{3,}", said)
        assert not re.search(r'(?:aria-label|title|alt)="[A-Za-z]', text)
    if path.suffix == ".typ":
        assert not re.search(r"\[\(?[A-Za-z]{3,}[^\]]* ", re.sub(r"//.*", "", text))


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", COMMAS)
def test_decimals_have_a_comma_where_the_language_has_it(name: str, format_: str) -> None:
    """1.5 is 1,5 in every cell and caption, in the markup of each format; English and JSON keep their points."""
    trace, _ = traced("both modes")
    document = trace.table(format=format_, language=name, macros=False)
    body = document.partition("</style>")[2] or document
    if format_ == "typst":
        body = body[body.index("#let body") :]
    comma = {"latex": "{,}", "markdown": "{,}", "typst": '","'}.get(format_, ",")
    assert f"1{comma}5" in body
    numbers = [found for found in re.findall(r"\d+\.\d+", body) if format_ not in ("html", "typst", "latex")]
    assert not numbers
    assert re.search(r"\b1\.5\b", trace.table(format=format_, macros=False))
    assert trace.to_dict(language=name) == trace.to_dict()


@pytest.mark.parametrize(
    ("format_", "zero"),
    [
        ("text", "0,0000"),
        ("latex", "0{,}0000"),
        ("html", "<mn>0,0000</mn>"),
        ("markdown", "0{,}0000"),
    ],
)
def test_the_entries_of_an_array_have_one_number_of_decimals(format_: str, zero: str) -> None:
    """A 0 beside a rounded entry is as long as that one, and has the comma of the language."""
    trace = adtrace.trace("L = cross_entropy(softmax(x), y)", at={"x": [1, 2], "y": [0, 1]}, const="y")
    table = trace.table(mode="reverse", format=format_, language="de")
    assert zero in table
    assert "0.0000" not in table


def test_a_decimal_that_is_asked_for_comes_before_the_languages() -> None:
    """``decimal`` overrides the language, for a table and for all tables of a trace."""
    trace, _ = traced("both modes")
    assert "1.5" in trace.table(format="text", language="de", decimal="point")
    assert "1,5; 2" in trace.table(format="text", decimal="comma")
    read = adtrace.trace("x1*x2", at={"x1": "1,5", "x2": 2}, decimal="comma")
    assert read.value.exact == Fraction(3)
    assert "1,5" in read.table(format="text")
    assert "1.5" in read.table(format="text", decimal="point")


def test_a_language_goes_by_its_code_or_its_name_in_latex() -> None:
    """``ngerman`` is German; what is no language is refused with those that there are."""
    trace, _ = traced("both modes")
    assert trace.table(language="ngerman") == trace.table(language="de")
    assert babel_names()["brazilian"] == "pt"
    assert code_of("english") == ENGLISH
    with pytest.raises(OptionError, match=r"^language is en, de, fr, es, pt, zh, ja or ko, not 'klingon'"):
        trace.table(language="klingon")


def test_a_page_says_its_language() -> None:
    """The page has ``lang``, and what its script says is in the language, too."""
    trace, _ = traced("both modes")
    page = trace.table(format="html", standalone=True, language="zh")
    assert '<html lang="zh-Hans">' in page
    assert wording("zh").phrases["say_whole"] in page
    assert '<html lang="en">' in trace.table(format="html", standalone=True)
    assert 'lang: "fr"' in trace.table(format="typst", standalone=True, language="fr")


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("name", OTHERS)
def test_our_own_tables_are_read_back(name: str, mode: str) -> None:
    """The checker reads tables of every language, with decimal commas and with headings of columns: all is right.

    Each of three styles is read in one format, in the next language in another.
    """
    trace, _ = traced("both modes")
    for turn, style in enumerate(("three-part", "four-column", "cs107"), start=OTHERS.index(name)):
        for format_ in in_turn(("markdown", "latex", "html"), turn):
            document = trace.table(format=format_, language=name, mode=mode, style=style, macros=False)
            report = adtrace.check(document)
            assert re.fullmatch(r"\d\d cells right, 0 mistakes\.", str(report).splitlines()[-1]), (style, format_)


@pytest.mark.parametrize("name", OTHERS)
def test_the_words_of_the_field_say_where_they_come_from(name: str) -> None:
    """Each language has a word for the same terms, which its phrases use, with a source or as our own choice."""
    terms = tomllib.loads(source(name))["terms"]
    assert terms.keys() == tomllib.loads(source("de"))["terms"].keys()
    said = " ".join(wording(name).phrases.values()).lower()
    for word, found in terms.values():
        assert word.lower() in said
        assert found.startswith(("http", "our own choice")) or "Wiki" in found or "usual" in found
