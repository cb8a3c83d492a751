"""The computational graph.

``layout``    where its vertices stand, and its edges run
``numbers``   where the numbers of an edge stand
``graph``     the vertices and edges of an evaluation
``drawings``  SVG, TikZ, DOT, Mermaid
"""
