"""Traces in a LaTeX document, without shell escape.

The document (``adtrace.sty``) writes its requests to ``main.adt``; ``adtrace tex main.adt`` answers in ``main.adtout``;
the next run of LaTeX reads the answers.  Everything is keyed by the MD5 of the request, so traces may be moved about,
and an answer that is there is kept, unless it was changed by hand.

``exchange``    the two files, read and written: no mathematics, so that an unchanged document costs nothing
``written``     what LaTeX writes, in a folder of a build's own, put in place whole
``fragments``   a request into its fragment, its values, or its error
``engine``      ``adtrace build``: LaTeX, answers, LaTeX, until nothing changes
``upload``      what a place without adtrace is given to build the document
``commands``    the command line
"""
