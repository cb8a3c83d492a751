"""HTML: MathML that is well-formed and says what the table says, harmless text, and the page's own parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adtrace
from adtrace.cli import main
from adtrace.elementals import FUNCTIONS, TABLE, read
from adtrace.language.syntax import Name, Number
from adtrace.writing.dialects import LATEX, TERMINAL
from adtrace.writing.mathml import MATHML, formula
from adtrace.writing.notation import spelled

EXPRESSION, POINT = "ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}
TRACE = adtrace.trace(EXPRESSION, at=POINT)
STYLES = ["three-part", "aligned", "cs107", "directional", "four-column", "griewank", "ledger", "numbered-from-one"]

# MathML Core: the elements that current browsers set, and how many children those have that have a number of them.
CHILDREN = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "mover": 2, "mi": 0, "mn": 0, "mo": 0,
            "math": None, "mrow": None, "msqrt": None}  # fmt: skip
VOID = {"meta", "link", "input", "br"}


class Document(HTMLParser):
    """A document read as a tree by its tags alone: every one is closed, in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = ElementTree.Element("document")
        self._open = [self.root]
        self.feed(text)
        self.close()
        assert self._open == [self.root], f"not closed: {self._open[-1].tag}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in {tag}"
        element = ElementTree.SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that is open."""
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Text goes to the element, or after its last child."""
        element = self._open[-1]
        if len(element):
            element[-1].tail = (element[-1].tail or "") + data
        else:
            element.text = (element.text or "") + data

    def find(self, tag: str) -> list[ElementTree.Element]:
        """Every element of this name."""
        return list(self.root.iter(tag))


def said(element: ElementTree.Element) -> str:
    """The text of an element as it is read, without what is invisible."""
    return re.sub(r"[\u2061\u2062\s]", "", "".join(element.itertext())).replace("−", "-")


def checked(element: ElementTree.Element) -> None:
    """Hold a formula to MathML Core."""
    for part in element.iter():
        assert part.tag in CHILDREN, part.tag
        expected = CHILDREN[part.tag]
        assert expected is None or len(part) == expected, ElementTree.tostring(part)
        if part.tag not in ("mi", "mn", "mo"):
            assert not (part.text or "").strip(), "text stands in a leaf"
            assert not any((child.tail or "").strip() for child in part), "text stands in a leaf"
        known = {"form", "stretchy", "lspace", "rspace", "accent", "mathvariant", "style", "aria-label"}
        assert set(part.attrib) <= known
        if "style" in part.attrib:
            assert part.attrib["style"] in ("font-style:italic", "font-weight:bold")


# -- formulas -------------------------------------------------------------------------------------------------


def test_every_elemental_has_a_formula() -> None:
    """Each function of the table, in each spelling and arity, is MathML Core; its LaTeX leaves no trace."""
    for (name, arity), entry in TABLE.items():
        for terms in (entry.formula, *entry.partials):
            element = ElementTree.fromstring(formula(spelled(terms, MATHML).text))
            checked(element)
            text = "".join(element.itertext())
            assert not re.search(r"[\\{}<>%]", text), (name, arity, text)
            assert {"u", "w"}.intersection(re.findall(r"[uw]", spelled(terms, TERMINAL).text)) <= set(text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("x1^2", "<msup><mrow><msub><mi>x</mi><mrow><mn>1</mn></mrow></msub></mrow><mrow><mn>2</mn></mrow></msup>"),
        ("-x", '<mo form="prefix">−</mo><mi>x</mi>'),
        ("2 - x", "<mn>2</mn><mo>−</mo><mi>x</mi>"),
        ("sqrt(x)", "<msqrt><mi>x</mi></msqrt>"),
        ("cbrt(x)", "<mroot><mrow><mi>x</mi></mrow><mn>3</mn></mroot>"),
        ("theta", "<mi>θ</mi>"),
        ("rate", '<mi style="font-style:italic">rate</mi>'),
        ("v1", '<msub><mi mathvariant="normal">v</mi><mrow><mn>1</mn></mrow></msub>'),
        ("2e-3", '<mn>2</mn><mo>×</mo><msup><mn>10</mn><mrow><mo form="prefix">−</mo><mn>3</mn></mrow></msup>'),
    ],
)
def test_formulas_are_what_a_typesetter_would_write(expression: str, text: str) -> None:
    """Names, signs, roots, powers and numbers, each in its own element."""
    assert formula(spelled(read(expression).terms, MATHML).text) == f"<math>{text}</math>"


_SINGLE = sorted(name for name, (least, _) in FUNCTIONS.items() if least == 1 and name not in ("cbrt", "log2", "log10"))


def expressions() -> st.SearchStrategy[str]:
    """Expressions of the language."""
    leaf = st.sampled_from(["x1", "theta", "rate", "w_out", "2", "0.5", "1e-3", "pi", "v2"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
            inner.map(lambda t: f"-({t})"),
            st.tuples(st.sampled_from(_SINGLE), inner).map(lambda t: f"{t[0]}({t[1]})"),
            st.tuples(st.sampled_from(["max", "min", "atan2"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        )

    return st.recursive(leaf, larger, max_leaves=12)


@settings(max_examples=150)
@given(expressions())
def test_every_expression_is_well_formed_and_says_what_was_typed(text: str) -> None:
    """MathML Core, balanced brackets, and every number and index in the order in which it was typed."""
    terms = read(text).terms
    element = ElementTree.fromstring(formula(spelled(terms, MATHML).text))
    checked(element)
    typed: list[str] = []
    for term in terms:
        if isinstance(term, Number):
            typed += ["1", "10", "3"] if term.text == "1e-3" else [term.text]
        elif isinstance(term, Name):
            typed += re.findall(r"\d+", term.name)
    assert [part.text for part in element.iter("mn")] == typed
    signs = [part.text for part in element.iter("mo")]
    assert signs.count("(") == signs.count(")")


# -- fragments ------------------------------------------------------------------------------------------------


def tables_of(document: Document) -> list[list[list[list[str]]]]:
    """For each table its lines, for each line its panels, each the texts of its cells that are not empty."""
    found = []
    for table in document.find("table"):
        body = table.find("tbody")
        assert body is not None
        found.append([panels(row) for row in body])
    return found


def panels(row: ElementTree.Element) -> list[list[str]]:
    """The panels of a line: a gap parts them."""
    parts: list[list[str]] = [[]]
    for cell in row:
        kinds = cell.get("class", "").split()
        if "adt-between" in kinds:
            parts.append([])
        elif "adt-gutter" not in kinds and said(cell):
            parts[-1].append(said(cell))
    return parts


def test_the_fragment_is_the_table_cell_by_cell() -> None:
    """Table 2 of the book's example, as an HTML parser reads it."""
    reverse = tables_of(Document(TRACE.table(format="html", mode="reverse")))[0]
    assert reverse == [
        [["v-1", "=x1", "=2"], ["x¯1", "=v¯-1", "=5.5"]],
        [["v0", "=x2", "=5"], ["x¯2", "=v¯0", "=1.7163"]],
        [["v1", "=ln(v-1)", "=ln(2)"], ["v¯-1", "=v¯-1+v¯1∂v1∂v-1", "=5.5"]],
        [["v2", "=v-1×v0", "=2×5"], ["v¯0", "=v¯0+v¯2∂v2∂v0", "=1.7163"]],
        [[], ["v¯-1", "=v¯2∂v2∂v-1", "=5"]],
        [["v3", "=sin(v0)", "=sin(5)"], ["v¯0", "=v¯3∂v3∂v0", "=-0.2837"]],
        [["v4", "=v1+v2", "=0.6931+10"], ["v¯2", "=v¯4∂v4∂v2", "=1"]],
        [[], ["v¯1", "=v¯4∂v4∂v1", "=1"]],
        [["v5", "=v4-v3", "=10.6931+0.9589"], ["v¯3", "=v¯5∂v5∂v3", "=-1"]],
        [[], ["v¯4", "=v¯5∂v5∂v4", "=1"]],
        [["y", "=v5", "=11.6521"], ["v¯5", "=y¯", "=1"]],
    ]


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("layout", ["side-by-side", "stacked"])
def test_every_style_holds_every_number_of_its_text_table(name: str, layout: str) -> None:
    """In each style and layout the numbers are those of the terminal's table, in order, and all formulas are sound."""
    document = Document(TRACE.table(format="html", style=name, layout=layout))
    for element in document.find("math"):
        checked(element)
    text = TRACE.table(format="text", style=name, layout=layout)
    low = str.maketrans("₋₀₁₂₃₄₅₆₇₈₉", "-0123456789")
    cells = [said(cell) for tag in ("caption", "th", "td") for cell in document.find(tag)]
    assert decimals(" ".join(cells)) == decimals(text.translate(low))


def decimals(text: str) -> list[str]:
    """Every number with a decimal point."""
    return sorted(re.findall(r"\d+\.\d+", text))


def test_tables_say_what_they_are_to_a_screen_reader() -> None:
    """A caption, headings with their scope, each name a header of its row; arrows are decoration."""
    document = Document(TRACE.table(format="html", mode="reverse", label="tab:example"))
    table = document.find("table")[0]
    assert table.get("id") == "tab:example"
    assert said(document.find("caption")[0]).startswith("Table.ReversemodeADofy=f(x1,x2)=ln(x1)+x1×x2-sin(x2)")
    headings = [cell for cell in document.find("th") if cell.get("scope") == "colgroup"]
    assert [said(cell) for cell in headings] == ["Forwardevaluationtrace", "Reverseadjointtrace"]
    assert len([cell for cell in document.find("th") if cell.get("scope") == "row"]) == 8 + 11
    gutters = [cell for cell in table.iter("td") if "adt-gutter" in cell.get("class", "") and cell.get("rowspan")]
    assert [(cell.get("rowspan"), cell.get("role")) for cell in gutters] == [("11", "presentation")] * 2


def test_bare_is_the_same_tables_without_a_style() -> None:
    """``--style bare`` leaves the looks to the page that the tables go into."""
    bare, whole = (TRACE.table(format="html", style=name) for name in ("bare", "three-part"))
    assert "<style>" in whole
    assert "style>" not in bare
    assert tables_of(Document(bare)) == tables_of(Document(whole))


HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(1)> " onload=x ' & </caption></style> <!-- {{ }} << >>"""


@pytest.mark.parametrize("standalone", [False, True])
def test_captions_are_text_whatever_they_say(standalone: bool) -> None:
    """A hostile caption adds no element and no attribute, and is printed as it is."""
    tame = Document(TRACE.table(format="html", caption="tame", standalone=standalone))
    document = Document(TRACE.table(format="html", caption=HOSTILE, standalone=standalone))
    assert [element.tag for element in document.root.iter()] == [element.tag for element in tame.root.iter()]
    assert [element.attrib for element in document.root.iter()] == [element.attrib for element in tame.root.iter()]
    assert "".join(document.find("caption")[0].itertext()).split() == ["Table", "1.", *HOSTILE.split()]


@pytest.mark.parametrize("name", ["script", "onload", "javascript", "img", "style", "svg", "math", "mi", "lt", "amp"])
def test_names_are_text_whatever_they_say(name: str) -> None:
    """A variable may be named like an element or an attribute: it is letters in a formula."""
    texts = [
        adtrace.trace(f"{n}^2 + {n}_{n}", at={n: 2, f"{n}_{n}": 3}).table(format="html", standalone=True)
        for n in (name, "someword")
    ]
    tags = [[element.tag for element in Document(text).root.iter()] for text in texts]
    assert tags[0] == tags[1]


def test_a_kink_is_noted_under_the_table() -> None:
    """Notes stand below, with their formulas in MathML."""
    document = Document(adtrace.trace("abs(x)*y", at={"x": 0, "y": 1}).table(format="html", mode="reverse"))
    notes = [said(note) for note in document.find("p")]
    assert len(notes) == 1
    assert notes[0].startswith("v1(abs)isatitskink,v-1=0")


# -- the page -------------------------------------------------------------------------------------------------


def pages() -> Iterator[tuple[str, adtrace.Trace, dict[str, object]]]:
    """Traces of every shape."""
    yield "example", TRACE, {}
    for name in STYLES[1:]:
        yield name, TRACE, {"style": name}
    yield "forward", TRACE, {"mode": "forward"}
    yield "reverse", TRACE, {"mode": "reverse", "layout": "stacked"}
    several = adtrace.trace("(x*y + relu(x), exp(x)/y, 3)", at={"x": 2, "y": 5}, seed="each")
    yield "several outputs and seeds", several, {}
    yield "program", adtrace.trace("a = x*y; a = a + sin(a); z = a*a", at={"x": 2, "y": 5}), {}
    yield "no row", adtrace.trace("f(x) = x", at={"x": 2}), {}
    yield "constant", adtrace.trace("f(x) = 3", at={"x": 2}), {}
    yield "columns", TRACE, {"columns": "name,value"}
    yield "displayed", adtrace.trace("sin(x)/x", at={"x": "0.3"}, arithmetic="displayed"), {"digits": 2}


@pytest.mark.parametrize(("trace", "given"), [p[1:] for p in pages()], ids=[p[0] for p in pages()])
def test_every_page_is_well_formed_and_its_steps_are_those_of_its_sweeps(
    trace: adtrace.Trace, given: dict[str, object]
) -> None:
    """One document; ids are unique; steps are numbered without gaps, and each lights something up."""
    text = trace.table(format="html", standalone=True, **given)
    document = Document(text)
    for element in document.find("math"):
        checked(element)
    ids = [element.attrib["id"] for element in document.root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    steps = document.find("ol")[0]
    count = len(steps)
    assert said(document.find("summary")[0]) == f"All{count}steps"
    lit = {int(n) for e in document.root.iter() for n in e.get("data-step", "").split()}
    assert lit == set(range(1, count + 1))
    ranges = [(int(s.attrib["data-from"]), int(s.attrib["data-to"])) for s in document.find("section")]
    assert [n for first, last in ranges for n in range(first, last + 1)] == list(range(1, count + 1))
    for marker in re.findall(r"url\(#([\w-]+)\)", text):
        assert marker in ids


def test_the_page_tells_each_step_with_all_its_numbers() -> None:
    """The list of steps says name, formula, numbers and value of every line of both sweeps."""
    steps = [said(step) for step in Document(TRACE.table(format="html", standalone=True)).find("li")]
    assert len(steps) == 8 + 11
    assert steps[5] == "forwardv4=v1+v2=0.6931+10=10.6931v˙4=v˙1+v˙2=0.5+5=5.5"
    assert steps[8] == "reversev¯5=y¯=1"
    assert steps[15] == "reversev¯0=v¯0+v¯2∂v2∂v0=v¯0+v¯2×v-1=-0.2837+1×2=1.7163"
    assert steps[18].endswith("x¯2=v¯0=1.7163")


def test_the_page_is_one_file_that_asks_for_nothing() -> None:
    """No address but that of SVG's namespace, nothing loaded, and a policy that forbids it."""
    text = TRACE.table(format="html", standalone=True)
    assert set(re.findall(r"https?://[^\s\"'<>)]+", text)) == {"http://www.w3.org/2000/svg"}
    document = Document(text)
    assert not [e for e in document.root.iter() if e.get("src")]
    assert [e.get("href") for e in document.find("link")] == ["data:,"]
    policy = next(e for e in document.find("meta") if e.get("http-equiv") == "Content-Security-Policy")
    assert policy.attrib["content"].startswith("default-src 'none'")
    assert len(text) < 120_000


def test_the_page_is_named_after_its_function() -> None:
    """Title and heading give the function and the point."""
    document = Document(TRACE.table(format="html", standalone=True))
    assert document.find("title")[0].text == "y = f(x₁, x₂) = ln(x₁) + x₁ × x₂ - sin(x₂) at (x₁, x₂) = (2, 5)"
    assert said(document.find("h1")[0]) == "y=f(x1,x2)=ln(x1)+x1×x2-sin(x2)at(x1,x2)=(2,5)"


def test_command_line_writes_fragments_and_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``-o x.html`` is the page, ``--format html`` the fragment, also into a file; --standalone makes it the page."""
    call = ["table", EXPRESSION, "--at", "x1=2,x2=5"]
    page, fragment = TRACE.table(format="html", standalone=True), TRACE.table(format="html")
    path = tmp_path / "trace.html"

    assert main([*call, "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == page
    assert main([*call, "--format", "html", "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == fragment
    assert main([*call, "--format", "html"]) == 0
    assert capsys.readouterr().out == fragment
    assert main([*call, "--format", "html", "--standalone"]) == 0
    assert capsys.readouterr().out == page
    assert main([*call, "--format", "markdown", "--standalone"]) == 2
    assert "it goes with format latex, html or typst" in capsys.readouterr().err


def test_dialects_agree_on_what_a_cell_is() -> None:
    """For every cell the MathML says what the LaTeX says, sign for sign."""
    terms = read("max(x1, -2.5)*sqrt(w_out)/log(x1, 2)^2 - e^(-theta)").terms
    html = said(ElementTree.fromstring(formula(spelled(terms, MATHML).text)))
    latex = re.sub(r"\\(?:mathit|sqrt|operatorname)|[{}^_ ]", "", spelled(terms, LATEX).text)
    latex = latex.replace(r"\times", "×").replace(r"\max", "max").replace(r"\log", "log").replace(r"\theta", "θ")
    assert html == latex


def test_a_page_that_nobody_could_step_through_is_refused() -> None:
    """Past the bound a page is refused before it is made, and the table alone is not."""
    long = adtrace.trace("+".join(f"x^{k}" for k in range(2, 760)), at={"x": 1})

    with pytest.raises(
        adtrace.BoundError, match=r"^a page of 1515 rows is too long to step through; the bound is 1500"
    ):
        long.table(format="html", standalone=True)
    assert "<table" in long.table(format="html")


def test_a_page_of_a_network_with_data_lights_every_part_in_its_turn() -> None:
    """Data have no line of derivatives, after which none lights up a step late; no edge is lit before its step."""
    at = {"W": [[1, -1], [0.5, 0.25]], "x": [1, 2], "b": [0.5, -0.5], "y": [1, 0]}
    trace = adtrace.trace("h = sigmoid(W @ x + b); L = mse(h, y)", at=at, const="x,y")
    text = trace.table(format="html", standalone=True, mode="reverse")
    rows = [re.search(r'<th[^>]*data-step="(\d+)"', row) for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL)]
    assert [int(step[1]) for step in rows if step] == [*range(1, 8), *range(8, 13)]  # 4 inputs, 3 rows; 3 rows, W, b
    edges = re.findall(r'<path class="adt-(forward|backward)"([^>]*)', text)
    assert len(edges) > 12
    steps = [(way, [int(n) for n in re.findall(r"\d+", found[1])]) for way, rest in edges
             if (found := re.search(r'data-step="([\d ]+)"', rest))]  # fmt: skip
    assert len(steps) == len(edges)
    assert all(max(lit) <= 7 if way == "forward" else min(lit) >= 8 for way, lit in steps)
