"""The computational graph.

``layout``    where its vertices stand, and its edges run
``graph``     the vertices and edges of an evaluation
``drawings``  SVG, TikZ, DOT, Mermaid
"""
