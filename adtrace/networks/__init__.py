"""Layer tables: a network swept in shapes.

    text, list, model ──read──▶ Layer ... ──swept──▶ Network ──tabulate──▶ WorkedTable ──render──▶ document

``reach``      which places of the input one place of an output reads
``maps``       what flows from layer to layer, and what a rule makes of it
``windowed``   the rules of convolutions and pooling
``simple``     the rules of layers without a window
``recurrent``  the rules of layers of sequences
``kinds``      every kind of layer, with its options and its rule: the one table
``network``    layers as rows, and the sweep
``neutral``    a list of dictionaries as layers
``names``      what layers are called in PyTorch, in Keras and in codes
``calls``      a layer written as a call
``hyphens``    a code in one line of hyphens as layers
``legends``    what the letters of a code mean
``notation``   a text as layers
``models``     a model of PyTorch or Keras as layers
``inputs``     the shape of the input
``quantities`` what a column holds
``options``    what a layer table can be asked to be
``folding``    equal blocks of a long network as one line
``prose``      captions and notes
``tabulate``   a network as a table of worked formulas
``documents``  a layer table in every format
``call``       ``adtrace.layers(...)`` and its `Network`
``listed``     a Wengert list of arrays as rows of a network
``command``    ``adtrace layers``
``worked_documents`` worked tables in every format
``inverse``    which windows take an axis of one length to another
``asked``      what is asked of a window
``families``   many answers as one sentence
``answered``   a question with its answers
``window_tables`` answers as a table
``refusals``   why nothing answers, and what would
``window``     ``adtrace.window(...)``, and its table
``convolutions`` convolutions of numbers, place by place
``convolution_tables`` a convolution as tables
``convolve``   ``adtrace.convolve(...)``, and its tables
``window_commands`` ``adtrace window``, ``adtrace convolve``
"""
