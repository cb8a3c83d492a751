"""A style of one's own: a template in a folder, used without touching adtrace.

Writes ``styles/markdown/steps.md``, a template that tells a trace as numbered steps, and prints a trace in it.
"""

from pathlib import Path

import adtrace

STEPS = """\
<% for table in tables %>
### <<table.caption>>

<% for block in table.blocks %>
<% for group in block.groups %>
<% for line in group %>
1. $<<line[0] | join(" ")>>$, so $<<line[1] | join(" ")>>$
<% endfor %>
<% endfor %>
<% endfor %>
<% endfor %>
"""


def main() -> None:
    template = Path("styles", "markdown", "steps.md")
    template.parent.mkdir(parents=True, exist_ok=True)
    template.write_text(STEPS, encoding="utf-8")
    trace = adtrace.trace("f(x, y) = sin(2*x)/y", at={"x": "pi/12", "y": 3})
    print(trace.table(mode="forward", style="steps", template_dir="styles", columns="formula,value"))


if __name__ == "__main__":
    main()
