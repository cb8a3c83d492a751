"""Sphinx's settings for the documentation: `make docs`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from adtrace import __version__

project = "adtrace"
author = "the adtrace developers"
release = version = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "adtrace.sphinx", "generated"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["*.tex"]
html_theme = "furo"
html_title = "adtrace"
html_show_copyright = False
python_maximum_signature_line_length = 100
html_static_path = ["assets"]
html_css_files = ["pages.css"]
latex_engine = "lualatex"  # our tables in a terminal are drawn with letters that pdflatex does not have
latex_elements = {
    "fontpkg": r"""\IfFontExistsTF{Noto Sans CJK SC}{\def\otherletters{"Noto Sans CJK SC:",}}{\def\otherletters{}}
\directlua{luaotfload.add_fallback("others", {\otherletters "DejaVu Sans:", "DejaVu Sans Mono:"})}
\defaultfontfeatures{RawFeature={fallback=others}}
\setmainfont{DejaVu Serif}[Scale=0.9]
\setsansfont{DejaVu Sans}[Scale=0.9]
\setmonofont{DejaVu Sans Mono}[Scale=0.75]""",
    "extraclassoptions": "openany,oneside",
}
latex_use_xindy = False  # a further program
