"""The page in a real browser: loaded from a file, stepped through by keyboard, looked at in several media."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import adtrace
from tests.chromium import BINARY, Chromium

pytestmark = pytest.mark.skipif(BINARY is None, reason="not installed: chromium")

TRACE = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
FORWARD, REVERSE = 8, 11  # steps: two inputs, five rows, one output; then 1 weight, 8 contributions, 2 results

LIT_VERTICES = (
    """[...document.querySelectorAll('section.adt-on g.adt-now')].map(g => g.querySelector('text').textContent)"""
)
LIT_NUMBERS = """[...document.querySelectorAll('section.adt-on svg text.adt-now')].map(t => t.textContent).sort()"""
LIT_ROWS = """[...document.querySelectorAll('section.adt-on :is(td, th).adt-now')]
    .map(cell => cell.textContent.replace(/[\\u2061\\u2062]/g, ''))"""
SAID = "document.getElementById('said').textContent.replace(/[\\u2061\\u2062]/g, '')"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests."""
    with Chromium(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as a file."""
    path = tmp_path_factory.mktemp("page") / "trace.html"
    path.write_text(TRACE.table(format="html", standalone=True), encoding="utf-8")
    return path


@pytest.fixture
def page(browser: Chromium, file: Path) -> Chromium:
    """The browser with the page freshly loaded, on a desktop, by day."""
    browser.send("Emulation.setDeviceMetricsOverride", width=1280, height=900, deviceScaleFactor=1, mobile=False)
    browser.send("Emulation.setEmulatedMedia", media="", features=[])
    browser.open(file.as_uri())
    return browser


def test_arrow_keys_step_through_the_forward_sweep(page: Chromium) -> None:
    """Each step to the right lights a row of both traces, its vertex, and the numbers that flow in and out."""
    page.press("ArrowRight", 6)

    assert page.ask("location.hash") == "#6"
    assert page.ask(LIT_ROWS) == ["v4", "=v1+v2", "=0.6931+10", "v˙4", "=v˙1+v˙2", "=0.5+5"]
    assert page.ask(LIT_VERTICES) == ["v4"]
    assert page.ask(LIT_NUMBERS) == sorted(["0.6931", "0.5", "10", "5", "10.6931", "5.5"])
    assert page.ask(SAID) == "6 of 19, forwardv4=v1+v2=0.6931+10=10.6931v˙4=v˙1+v˙2=0.5+5=5.5"


def test_arrow_keys_step_through_the_reverse_sweep(page: Chromium) -> None:
    """A reverse step lights one contribution, the operation that spreads its adjoint, and the edge back."""
    page.press("End")
    page.press("ArrowLeft", 3)

    assert page.ask("location.hash") == "#16"
    assert page.ask(LIT_ROWS) == ["v¯0", "=v¯0+v¯2∂v2∂v0", "=1.7163"]
    assert page.ask(LIT_VERTICES) == ["v2"]
    assert page.ask(LIT_NUMBERS) == ["1", "2"]  # the adjoint of v2, and what it adds to that of v0
    assert page.ask("document.querySelectorAll('section.adt-on path.adt-backward.adt-now').length") == 1
    assert "=−0.2837+1×2=1.7163" in page.ask(SAID)


def test_every_step_lights_what_the_sweep_computes(page: Chromium) -> None:
    """Step by step the lit row is the next variable forward, then the next contribution of the sweep back."""
    facts = TRACE.to_dict()
    forward = [entry["variable"] for entry in [*facts["independents"], *facts["rows"]]] + ["y"]
    reverse = ["v5", *(made["target"] for made in facts["contributions"]), "x1", "x2"]
    names = []
    for _ in range(FORWARD + REVERSE):
        page.press("ArrowRight")
        names.append(page.ask(LIT_ROWS)[0])

    plain = [re.sub(r"[_{}]", "", name) for name in forward] + [
        re.sub(r"^(\w)", r"\1¯", re.sub(r"[_{}]", "", name)) for name in reverse
    ]
    assert [name.replace("−", "-") for name in names] == plain


def test_what_is_still_to_come_is_faint_and_what_is_done_stays(page: Chromium) -> None:
    """During a step the later cells and numbers are faint, the earlier ones are not."""
    page.press("ArrowRight", 3)
    first = "[...document.querySelectorAll('section.adt-on %s')].map(part => part.dataset.step.split(' ')[0])"
    faint = page.ask(first % ".adt-ahead")
    plain = page.ask(first % "[data-step]:not(.adt-ahead)")

    assert faint
    assert all(int(step) > 3 for step in faint)
    assert plain
    assert all(int(step) <= 3 for step in plain)


def test_buttons_slider_and_keys_do_the_same(page: Chromium) -> None:
    """The buttons are reached with Tab and pressed with Enter; the slider moves; Home shows the whole trace again."""
    page.press("Tab")  # the first that is not disabled: one step on
    page.press("Enter")
    page.press("Enter")
    assert page.ask("document.activeElement.id") == "next"
    assert page.ask("location.hash") == "#2"

    page.press("Tab")
    page.press("Tab")
    assert page.ask("document.activeElement.id") == "slide"
    page.press("ArrowRight", 2)
    assert page.ask("location.hash") == "#4"

    page.ask("document.activeElement.blur()")
    page.press("Home")
    assert page.ask("location.hash") == ""
    assert page.ask("document.querySelectorAll('.adt-now, .adt-ahead').length") == 0
    assert page.ask("document.getElementById('back').disabled") is True


@pytest.mark.parametrize(("fragment", "step"), [("#13", 13), ("#0", 0), ("#999", 19), ("#x", 0), ("#-1", 0)])
def test_the_address_opens_a_step(page: Chromium, file: Path, fragment: str, step: int) -> None:
    """``#13`` opens step 13; what is no step opens the whole trace, what is beyond the last the last."""
    page.open(file.as_uri() + fragment)

    assert page.ask("Number(document.getElementById('slide').value)") == step


def test_nothing_is_fetched_and_nothing_fails(page: Chromium, file: Path) -> None:
    """The page is one file: no request but for itself, no error in its script, no complaint in the console."""
    page.press("ArrowRight", 19)
    asked = [event["request"]["url"] for event in page.named("Network.requestWillBeSent")]

    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert page.named("Runtime.exceptionThrown") == []
    assert page.named("Log.entryAdded") == []


@pytest.mark.parametrize("step", [0, 5, 16])
def test_a_phone_shows_it_without_scrolling_sideways(page: Chromium, file: Path, step: int) -> None:
    """At 390 pixels the page is no wider than the screen, and the lit row and vertex are in sight."""
    page.send("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
    page.open(f"{file.as_uri()}#{step}")

    assert page.ask("document.documentElement.scrollWidth") <= 390
    inside = (
        "(e => { const b = e.getBoundingClientRect(); "
        "return b.left >= 0 && b.right <= innerWidth && b.top >= 0 && b.bottom <= innerHeight })"
    )
    if step:
        assert page.ask(f"{inside}(document.querySelector('section.adt-on th.adt-now'))") is True
        assert page.ask(f"{inside}(document.querySelector('section.adt-on g.adt-now'))") is True


def contrast(page: Chromium, selector: str, kind: str = "color") -> float:
    """The contrast ratio of WCAG 2 between an element's colour and the page's."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    one = luminance(page.ask(f"getComputedStyle(document.querySelector({selector!r})).{kind}"))
    paper = luminance(page.ask("getComputedStyle(document.body).backgroundColor"))
    return (max(one, paper) + 0.05) / (min(one, paper) + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_can_be_read(page: Chromium, scheme: str) -> None:
    """By day and by night the colours of text, headings and numbers have the contrast that WCAG asks for."""
    page.send("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])

    dark = page.ask("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    for selector in ("tbody td", "thead th.adt-primal", "thead th.adt-derived", "#said .adt-count", "summary"):
        assert contrast(page, selector) >= 4.5, selector
    for selector in (".adt-value", ".adt-derivative", ".adt-vertex text", ".adt-formula"):
        assert contrast(page, selector, "fill") >= 4.5, selector


def test_print_shows_the_whole_trace(page: Chromium) -> None:
    """On paper both tables and graphs stand whole, whatever step was on the screen, and no controls."""
    page.press("ArrowRight", 5)
    page.send("Emulation.setEmulatedMedia", media="print", features=[])
    shown = "e => e.getClientRects().length > 0"

    assert page.ask(f"[...document.querySelectorAll('section table, section svg, caption')].every({shown})") is True
    assert page.ask(f"[...document.querySelectorAll('#stepper, #steps')].some({shown})") is False
    assert page.ask("getComputedStyle(document.querySelector('.adt-ahead')).opacity") == "1"


def roles(page: Chromium) -> list[tuple[str, str]]:
    """What a screen reader is told: the role and the name of everything that is not ignored."""
    tree: list[dict[str, Any]] = page.send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], str(node.get("name", {}).get("value", ""))) for node in tree if not node.get("ignored")
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_screen_reader_gets_tables_a_live_sentence_and_named_controls(page: Chromium, width: int) -> None:
    """Tables keep their rows and headers in every layout, graphs are named images, and each step is announced."""
    page.send("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=False)
    told = roles(page)
    names = dict(told)

    assert [role for role, _ in told].count("table") == 2
    assert [role for role, _ in told].count("rowheader") == 8 + 8 + 8 + 11
    assert ("columnheader", "Reverse adjoint trace") in told
    assert [name for role, name in told if role == "image"] == [
        "Computational graph of y = f(x₁, x₂) = ln(x₁) + x₁ × x₂ - sin(x₂) at (x₁, x₂) = (2, 5)"
    ] * 2
    assert {name for role, name in told if role == "button"} >= {"One step on", "Last step"}
    assert names["slider"] == "Step"
    assert "status" in names
    assert page.ask("document.getElementById('said').getAttribute('aria-live')") == "polite"


def test_it_works_inside_the_frame_of_a_notebook(browser: Chromium, tmp_path: Path) -> None:
    """In the sandboxed frame that a notebook shows, the script runs and steps without an error."""
    path = tmp_path / "notebook.html"
    shown = TRACE.show(standalone=True)._repr_mimebundle_()["text/html"]
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8>{shown}", encoding="utf-8")
    browser.open(path.as_uri())
    browser.ask("document.querySelector('iframe').focus()")
    browser.press("ArrowRight", 3)

    browser.send("Page.getFrameTree")
    assert browser.named("Runtime.exceptionThrown") == []
    told = [name for role, name in frame_roles(browser) if role == "StaticText"]
    assert any(name.startswith("3 of 19") for name in told)


def frame_roles(page: Chromium) -> list[tuple[str, str]]:
    """What a screen reader is told inside the frame."""
    tree = page.send("Page.getFrameTree")["frameTree"]
    child = tree["childFrames"][0]["frame"]["id"]
    nodes = page.send("Accessibility.getFullAXTree", frameId=child)["nodes"]
    return [(n["role"]["value"], str(n.get("name", {}).get("value", ""))) for n in nodes if not n.get("ignored")]


COVERED = """[...document.querySelectorAll('section.adt-on [data-step]')]
    .filter(cell => cell.closest('table') && getComputedStyle(cell).visibility === 'hidden')
    .map(cell => Number(cell.dataset.step.split(' ')[0]))"""
SMALLEST = """Math.min(...[...document.querySelectorAll('body *')].filter(part => part.checkVisibility()
    && [...part.childNodes].some(child => child.nodeType === 3 && child.data.trim()) && !part.closest('button, math'))
    .map(part => parseFloat(getComputedStyle(part).fontSize)))"""


def test_clicker_uncovers_row_by_row_for_the_projector(page: Chromium) -> None:
    """After P there is the head alone; PageDown and Space uncover a row, PageUp covers it, and nothing moves."""
    page.press("p")
    rows = len(page.ask(COVERED))
    place = page.ask("JSON.stringify(document.querySelector('section.adt-on table').getBoundingClientRect())")
    assert page.ask("location.hash") == "#projector"
    assert rows == FORWARD * 6  # six cells a row
    assert page.ask(SMALLEST) >= 24

    for step, key in enumerate(("PageDown", " ", "ArrowRight"), start=1):
        page.press(key)
        assert page.ask("location.hash") == f"#projector-{step}"
        assert set(page.ask(COVERED)) == set(range(step + 1, FORWARD + 1))
    page.press("PageUp")
    assert page.ask(LIT_ROWS)[0] == "v0"
    assert page.ask("JSON.stringify(document.querySelector('section.adt-on table').getBoundingClientRect())") == place

    page.press("Escape")
    assert page.ask("location.hash") == "#2"
    assert not page.ask("document.body.classList.contains('adt-projector')")
    assert page.ask(COVERED) == []


def test_projector_by_button_and_by_address(page: Chromium, file: Path) -> None:
    """The button leads there and back; so does the address, at a step; the black screen of a clicker comes and goes."""
    page.ask("document.getElementById('project').click()")
    page.wait("document.body.classList.contains('adt-projector')")
    page.ask("document.getElementById('leave').click()")
    page.wait("!document.body.classList.contains('adt-projector')")
    page.wait("!document.fullscreenElement")

    page.open(f"{file.as_uri()}#projector-10")
    assert page.ask("document.body.classList.contains('adt-projector')")
    assert page.ask(LIT_ROWS)[0] == "v\u00af4"
    page.press("b")
    assert page.ask("getComputedStyle(document.querySelector('main')).visibility") == "hidden"
    page.press("PageDown")
    assert page.ask("getComputedStyle(document.querySelector('main')).visibility") == "visible"
    assert page.ask("location.hash") == "#projector-11"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (390, 800), (844, 390)])
def test_projector_fits_the_screen(page: Chromium, width: int, height: int) -> None:
    """On a projector, a phone, a phone on its side the page fits, its new row is in sight, print is large."""
    page.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 900)
    for step in (1, 8, 9, 19):
        page.ask(f"location.hash = '#projector-{step}'")
        page.wait(f"document.body.classList.contains('adt-projector') && location.hash === '#projector-{step}'")
        page.wait("document.querySelector('section.adt-on th.adt-now') !== null")
        seen = page.ask("""(() => {
            const [row, main] = ['section.adt-on th.adt-now', 'main'].map(
                part => document.querySelector(part).getBoundingClientRect());
            return row.top >= main.top - 1 && row.bottom <= main.bottom + 1; })()""")
        assert seen, step
        assert page.ask("document.documentElement.scrollWidth <= innerWidth")
        assert page.ask("document.documentElement.scrollHeight <= innerHeight")
        assert page.ask(SMALLEST) >= (20 if width > 900 else 16)


def test_projector_prints_the_whole_page(page: Chromium) -> None:
    """On paper the page of a projector is the page: every row, without a button, in the print of paper."""
    page.press("p")
    page.send("Emulation.setEmulatedMedia", media="print")

    assert page.ask("getComputedStyle(document.getElementById('leave')).display") == "none"
    assert page.ask("[...document.querySelectorAll('section')].every(part => part.checkVisibility())")
    assert page.ask(COVERED) == []
    assert page.ask("getComputedStyle(document.body).display") == "block"


def test_projector_by_night(page: Chromium) -> None:
    """Where the system is dark, the projector's page is."""
    page.send("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    page.press("p")

    assert page.ask("getComputedStyle(document.body).backgroundColor") == "rgb(23, 25, 28)"
