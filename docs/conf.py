"""Sphinx's settings for the documentation: `make docs`."""

from adtrace import __version__

project = "adtrace"
author = "the adtrace developers"
release = version = __version__
extensions = ["myst_parser", "adtrace.sphinx"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["*.tex"]
html_theme = "furo"
html_title = "adtrace"
