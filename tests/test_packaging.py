"""However adtrace is installed, it finds its templates and writes the same bytes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import adtrace
from adtrace.settings import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
EXPRESSION, POINT = "f(x1, x2) = ln(x1) + x1*x2 - sin(x2)", "x1=2,x2=5"
FORMATS = ("markdown", "latex", "text", "json")

needs_hatchling = pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="needs hatchling")

# Runs the command line from a given place, after making sure that it is the one there.
PROGRAM = """
import site, sys
place, how, *calls = sys.argv[1:]
sys.path[:] = [path for path in sys.path if path and path != place]
if how == "site":
    before = len(sys.path)
    site.addsitedir(place)
    sys.path[:] = sys.path[before:] + sys.path[:before]
else:
    sys.path.insert(0, place)
import adtrace, adtrace.cli
print(adtrace.__file__, file=sys.stderr)
for call in calls:
    if status := adtrace.cli.main(call.split("|")):
        sys.exit(status)
"""


def calls() -> list[str]:
    """The command lines: every format once."""
    return ["|".join(["table", EXPRESSION, "--at", POINT, "--format", name]) for name in FORMATS]


@pytest.fixture(scope="module")
def expected() -> bytes:
    """What the library says in this process."""
    trace = adtrace.trace(EXPRESSION, at={"x1": 2, "x2": 5})
    return "".join(trace.table(format=name) for name in FORMATS).encode()


def printed(place: Path, elsewhere: Path, how: str = "path") -> tuple[bytes, Path]:
    """What the command line prints when it is imported from this place, and the file that it was imported from."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(place), how, *calls()]
    done = subprocess.run(command, cwd=elsewhere, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout, Path(done.stderr.decode().strip())


def built(source: Path, out: Path, kind: str) -> Path:
    """A wheel, an editable wheel or an sdist of a source tree, made by the build backend."""
    out.mkdir(exist_ok=True)
    program = f"import hatchling.build, sys; print(hatchling.build.build_{kind}(sys.argv[1]))"
    command = [sys.executable, "-c", program, str(out)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout."""
    return built(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


def test_checkout(expected: bytes, tmp_path: Path) -> None:
    """From the checkout on the path, without any installation."""
    document, file = printed(ROOT, tmp_path)

    assert document == expected
    assert file == ROOT / "adtrace" / "__init__.py"


def test_module_of_the_checkout(expected: bytes) -> None:
    """``python -m adtrace`` in the checkout."""
    command = [sys.executable, "-W", "error", "-m", "adtrace", *calls()[0].split("|")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)

    assert done.stdout
    assert expected.startswith(done.stdout)


@needs_hatchling
def test_wheel_in_a_folder(expected: bytes, wheel: Path, tmp_path: Path) -> None:
    """A wheel that pip installed into a folder."""
    if importlib.util.find_spec("pip") is None:
        pytest.skip("needs pip")
    target = tmp_path / "target"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-qq",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True)
    document, file = printed(target, tmp_path)

    assert document == expected
    assert file == target / "adtrace" / "__init__.py"
    assert (target / "bin" / "adtrace").is_file()


@needs_hatchling
def test_wheel_as_a_zip(expected: bytes, wheel: Path, tmp_path: Path) -> None:
    """A wheel that stands on the path as it is, a zip."""
    document, file = printed(wheel, tmp_path)

    assert document == expected
    assert file == wheel / "adtrace" / "__init__.py"


@needs_hatchling
@pytest.mark.skipif(importlib.util.find_spec("editables") is None, reason="needs editables, which hatchling asks for")
def test_editable_install(expected: bytes, tmp_path: Path) -> None:
    """An editable install: a path file that leads to the checkout."""
    editable = built(ROOT, tmp_path / "editable", "editable")
    target = tmp_path / "site"
    with zipfile.ZipFile(editable) as archive:
        archive.extractall(target)
    document, file = printed(target, tmp_path, "site")

    assert document == expected
    assert file == ROOT / "adtrace" / "__init__.py"


@needs_hatchling
def test_sdist_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """The wheel that is made from the sdist holds the same files, byte for byte."""
    sdist = built(ROOT, tmp_path / "sdist", "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (source,) = (tmp_path / "source").iterdir()
    again = built(source, tmp_path / "again", "wheel")

    assert (source / "tests" / "test_packaging.py").is_file()
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        assert {name: first.read(name) for name in first.namelist()} == {
            name: second.read(name) for name in second.namelist()
        }


def test_the_version_stands_in_one_place() -> None:
    """The package says it; what is built, the documentation and the citation do not say it again."""
    for name in ("pyproject.toml", "CITATION.cff", "docs/conf.py"):
        assert adtrace.__version__ not in (ROOT / name).read_text(encoding="utf-8"), name


@needs_hatchling
def test_sdist_takes_from_the_root_alone(tmp_path: Path) -> None:
    """A folder or file elsewhere in the tree that has the name of one of ours stays at home."""
    tree = tmp_path / "tree"
    ours = {"adtrace/__init__.py", "tests/test_x.py", "docs/x.md", "README.md", "LICENSE", "Makefile"}
    for name in (*ours, *(f"attic/{name}" for name in ours), ".venv/lib/adtrace/__init__.py"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text('__version__ = "1"\n')
    (tree / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    with tarfile.open(built(tree, tmp_path / "out", "sdist")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert names == ours | {"pyproject.toml", "PKG-INFO"}


@needs_hatchling
def test_wheel_holds_what_it_should(wheel: Path) -> None:
    """Every module and template and nothing else, with the licence, the command and the mark for type checkers."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entries = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "adtrace").rglob("*.py")}
    templates = {f"adtrace/{path.relative_to(ROOT)}" for path in (ROOT / "templates").rglob("*") if path.is_file()}
    languages = {f"adtrace/languages/{name}.toml" for name in LANGUAGES}
    rest = {name for name in names if ".dist-info/" not in name}

    assert rest == modules | templates | languages | {"adtrace/py.typed", "adtrace/documents/trace.schema.json"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "adtrace = adtrace.cli:main" in entries
