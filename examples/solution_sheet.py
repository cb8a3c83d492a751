"""A homework's solution sheet in LaTeX: one document that inputs a table for each question.

Writes ``sheet.tex`` and a fragment for each question into a folder (``python examples/solution_sheet.py sheet``) and
prints the names; ``pdflatex sheet.tex``, twice, makes the sheet there.  The text refers to each table by its label.
"""

import sys
from pathlib import Path

import adtrace

QUESTIONS = {
    "logarithm": ("f(x1, x2) = ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}),
    "fraction": ("f(x1, x2) = 1/(x1 + x2) + x2^2 + cos(x1)", {"x1": 3, "x2": 6}),
    "product": ("f(x1, x2) = (x1*x2 + sin(x1))*exp(-x2)", {"x1": "1.5", "x2": "0.5"}),
}

SHEET = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=2cm]{geometry}
\usepackage{amsmath,array,booktabs,graphicx,xcolor}
\renewcommand\topfraction{.9} \renewcommand\bottomfraction{.9} \renewcommand\textfraction{0} %% two tables on a page
\begin{document}
\begin{center}\Large Forward and reverse AD in three-part notation\end{center}
%s
\end{document}
"""

QUESTION = r"""\section{The %(name)s}
The forward pass is Table~\ref{%(name)s-forward}, the reverse pass Table~\ref{%(name)s-reverse}.
The gradient is $(%(gradient)s)$.
\input{%(name)s}
\clearpage
"""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    questions = []
    for name, (expression, point) in QUESTIONS.items():
        trace = adtrace.trace(expression, at=point)
        (folder / f"{name}.tex").write_text(trace.table(format="latex", label=name), encoding="utf-8")
        print(folder / f"{name}.tex")
        gradient = ", ".join(f"{partial:.4f}" for partial in trace.gradient.values())
        questions.append(QUESTION % {"name": name, "gradient": gradient})
    (folder / "sheet.tex").write_text(SHEET % "".join(questions), encoding="utf-8")
    print(folder / "sheet.tex")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "sheet"))
