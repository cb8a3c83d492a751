"""Words of languages for one thing, as patterns: of headings, where they are told from rows and where they are read."""

VALUES = (
    r"\bval\b|value|numeri|\bdata\b|\bwert|wert\b|\bvalor|valeur|waarde|wartość|output|result|primal|forward pass"
    r"|evaluation|值|値"
)
DERIVATIVES = r"deriv|ableit|afgeleide|pochodn|dérivée|导数|導関数|微分"
GRADIENTS = r"\bgrad(?:ient)?s?\b|gradiente?|梯度|勾配"
ADJOINTS = (
    r"upstream|downstream|adjoint|adjungiert|adjunt|aggiunt|\badj\b|reverse|backward|backprop|rückwärts|retro"
    r"|伴随|随伴|反向|逆"
)
TANGENTS = r"tangent|\btang\b|forward (?:mode|deriv|tangent)|切线|接線|slope|richtung"
PARTIALS = r"local|lokal|\bpartial|partiell|elementary deriv|局部|偏导"
WORKINGS = r"comput|calcul|cálcul|\bworkings?\b|rechnung|rechenweg|计算|計算|계산"
OPERATIONS = (
    rf"\bop\b|\bexpr\b|operation|elementary op|function|formula|expression|symbolic|formel|rechenschritt|operaç|operaci"
    rf"|fórmula|bewerking|operazione|działanie|函数|运算|操作|表达式|関数|{WORKINGS}"
)
QUANTITIES = "|".join((VALUES, DERIVATIVES, GRADIENTS, ADJOINTS, TANGENTS, PARTIALS, OPERATIONS))
COUNTS = (
    r"#|№|n[or]?[.º°]?|[ik]|index|order|steps?|lines?|schritt|zeile|étape|ligne|paso|línea|etapa|passo|步骤?|行|序号"
)
"""What stands above numbers that only count."""
AND = "and|und|et"
POINTS = r"Stelle|Punkt(?:en|et)?|point|pun[kc]?to?|ponto|punkcie"
