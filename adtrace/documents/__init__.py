"""From tables to documents.

``structure``     a trace as JSON
``page_records``  what the page that steps through a trace is made from
``page``          its making
``render``        tables and a template into text: the one place that imports Jinja
``terminal``      the layout that a terminal has room for
``word``          what pandoc leaves out of a Word document
``office``        Word's documents and others, by pandoc
``picture``       PDF, PNG and SVG without TeX; what makes any file that is no text
``shown``         a table in a notebook
``output``        text into a file or a stream, whole or not at all
"""
