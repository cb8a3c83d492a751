"""The elementals of whole arrays: what a row can be whose operands have axes.

Every scalar elemental works on arrays, too, entry by entry.  What is here mixes entries, in four kinds; an entry is
made for a call with its options at the shapes of its operands.

``index_rules``  how an entry is made from others: ``v[i,k] = u[i,j]*w[j,k]``
``elemental``    what all of them have in common, and shapes that fit
``products``     sums of products: ``@``, dot, outer, sums, means; the largest over an axis
``axis_windows`` the arithmetic of a window along one axis
``windows``      convolution and pooling
``places``       entries at other places: parts, reshape, concat, transpose
``formulas``     formulas of whole arrays: softmax, norm, losses
``table``        each head with what makes its entry
``declared``     one's own operations
"""
