"""The language of formulas: text into terms.

``syntax``      what an expression is once it is read: its terms in postfix order
``calls``       the functions of arrays: a table
``allowed``     which functions, names and forms a text may hold
``hints``       what was probably meant, for the sentence of an error
``reader``      the plain language, one right side without arrays
``literals``    values beside operands, and the index of a part
``lists``       what lists and calls of arrays are made of
``arrays``      a right side with arrays
``parse``       the plain language into an `Expression`, with the place of each mistake
``signs``       Unicode to ASCII, character by character
``commands``    the commands of LaTeX
``stream``      tokens, and the stream that they grow into
``names``       names in it, with subscripts and primes
``groups``      brackets, seen and unseen
``latex``       the commands of LaTeX in it
``tokens``      text, LaTeX and Unicode into one stream of tokens
``spellings``   the names of other books and tools: tables
``words``       a word into a name, a function, or several side by side
``conditions``  conditions among numbers
``waiting``     what waits on the reader's stack, and its questions
``applied``     functions at the ends of their operands
``levels``      how tightly operators bind, products without a sign among them
``brackets``    functions before their operands, and brackets
``freely``      tokens into terms, with what people leave out
``ranks``       how many axes an expression has
``library``     calls of libraries into ours
``listed``      arrays out of tokens
``programs``    statements, left sides and outputs out of tokens
``readings``    all readings of a text
"""
