"""The documentation as it is built: no warning, every link, and a reference that leaves nothing out."""

from __future__ import annotations

import html
import re
import tomllib
import warnings
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from pages import PAGES, ROOT

import adtrace
from adtrace.cli import cli
from adtrace.elementals import TABLE
from adtrace.formats import FORMATS
from adtrace.limits import Limits
from adtrace.settings import SETTINGS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages; a warning ends the build."""
    pytest.importorskip("furo", reason="not installed: furo")
    pytest.importorskip("typst", reason="not installed: typst")
    from sphinx.application import Sphinx

    out = tmp_path_factory.mktemp("site")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of Sphinx's own dependencies
        app = Sphinx(
            ROOT / "docs", ROOT / "docs", out / "html", out / "trees", "html", status=None, warningiserror=True
        )
        app.build()
    assert app.statuscode == 0
    return out / "html"


def text(page: Path) -> str:
    """What a page says, without its marks."""
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))


def test_every_page_is_there(site: Path) -> None:
    """Each source has its page, in the table of contents too, and no part was left to be made."""
    contents = (site / "index.html").read_text(encoding="utf-8")
    for page in PAGES.keys() - {"README.md", "docs/index.md"}:
        place = Path(page).relative_to("docs").with_suffix(".html")
        assert (site / place).exists()
        assert f'href="{place.as_posix()}"' in contents, f"{page} is in no table of contents"
        assert "generated:" not in (site / place).read_text(encoding="utf-8"), page


def test_inner_links_and_anchors_lead_somewhere(site: Path) -> None:
    """Every link between pages, and every anchor and picture that one names, exists."""
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    anchors = {path: set(re.findall(r'\sid="([^"]+)"', body)) for path, body in pages.items()}
    links = 0
    for path, body in pages.items():
        for target in re.findall(r'(?:href|src)="([^"]+)"', body):
            if re.match(r"[a-z]+:", target) or target == "#":
                continue
            file, _, anchor = html.unescape(target).partition("#")
            place = (path.parent / unquote(file.partition("?")[0])).resolve() if file else path
            assert place.exists(), f"{path.name}: {target}"
            if anchor and place.suffix == ".html":
                assert unquote(anchor) in anchors[place], f"{path.name}: {target}"
            links += 1
    assert links > 1000


def test_the_reference_names_every_option_of_every_command(site: Path) -> None:
    """Each command of the command line, and each of its flags."""
    said = text(site / "reference" / "commands.html")
    whole = click.Context(cli)
    names = cli.list_commands(whole)
    assert len(names) > 10
    for name in names:
        part, command = said.partition(f"adtrace {name} [OPTIONS]")[2], cli.get_command(whole, name)
        assert part, name
        assert command is not None
        for option in command.params:
            for flag in (*option.opts, *option.secondary_opts) if isinstance(option, click.Option) else ():
                assert flag in part, f"{name} {flag}"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("options", [setting.flag for setting in SETTINGS.values()]),
        ("elementals", [entry.formula_text for entry in TABLE.values()]),
        ("styles", [path.stem for path in (ROOT / "templates" / "styles").glob("*.toml")]),
        ("formats", [ending for form in FORMATS.values() for ending in (form.name, *form.endings)]),
        ("bounds", list(Limits.__dataclass_fields__)),
        ("errors", [name for name in adtrace.__all__ if name.endswith("Error")]),
        ("python", ["trace", "Trace", "Value", "check", "Report", "tables_of", "elemental", "Limits"]),
    ],
)
def test_the_reference_leaves_nothing_out(page: str, names: list[str], site: Path) -> None:
    """Every entry of each of the tables of one truth stands on its page."""
    said = text(site / "reference" / f"{page}.html")
    assert [name for name in names if name not in said] == []


def test_the_gallery_has_its_pictures(site: Path) -> None:
    """Two dozen tables, each with the command that made it."""
    shown = tomllib.loads((ROOT / "docs" / "gallery.toml").read_text(encoding="utf-8"))["table"]
    page = (site / "gallery.html").read_text(encoding="utf-8")
    pictures = re.findall(r'src="(_images/\d+\.png)"', page)
    assert len(shown) == len(pictures) >= 24
    for one in shown:
        assert one["command"] in text(site / "gallery.html")
