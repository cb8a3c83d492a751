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
LAYERS = r"layer|schicht|ebene|couche|\bcapa(?![^\W\d])|camada|层|層|レイヤ"
INPUTS = r"input|image|eingabe|eingang|bild|entrée|entrada|输入|入力|입력"
READS = "reads?|takes|receives|applied to|on an?|erhält|reçoit|recibe"
OUTPUTS = r"output|ausgabe|ausgang|sortie|salida|saída|输出|出力|출력"
SIZES = r"shape|size|dimension|größe|groesse|taille|tamaño|tamanho|尺寸|形状|大小|サイズ|크기"
WEIGHTS = r"\bweights?\b|gewichte?\b|\bpoids\b|\bpesos\b|权重|重み|가중치"
BIASES = r"\bbias(?:es)?\b|\bbiais\b|sesgos?\b|\bvi(?:és|eses)\b|偏置|バイアス|편향"
PARAMETERS = r"\bparam|paramètre|parámetro|parâmetro|參數|参数|パラメ|매개변수"
AND = "and|und|et"
POINTS = r"Stelle|Punkt(?:en|et)?|point|pun[kc]?to?|ponto|punkcie"
