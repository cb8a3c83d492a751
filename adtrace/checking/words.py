"""Words of languages for one thing, as patterns: of headings, where they are told from rows and where they are read."""

OUTPUTS = r"output|ausgabe|ausgang|sortie|salida|saída|输出|出力|출력"
VALUES = (
    rf"\bval\b|value|numeri|\bdata\b|\bwert|wert\b|\bvalor|valeur|waarde|wartość|{OUTPUTS}|result|ergebnis|résultat"
    r"|primal|forward pass|evaluation|值|値|값|结果|結果|결과"
)
DERIVATIVES = r"deriv|ableit|afgeleide|pochodn|dérivée|导数|導関数|微分|도함수|미분"
GRADIENTS = r"\bgrad(?:ient)?s?\b|gradiente?|梯度|勾配|기울기"
ADJOINTS = (
    r"upstream|downstream|adjoint|adjungiert|adjunt|aggiunt|\badj\b|reverse|backward|backprop|rückwärts|retro"
    r"|伴随|随伴|反向|逆|수반|역방향"
)
CONTRIBUTIONS = (
    r"\b(?:via|through|über|contributions?|beiträge?|contribuci(?:ón|ones)|contribuiç(?:ão|ões))\b|\bpath\b|贡献"
)
TANGENTS = r"tangent|\btang\b|forward (?:mode|deriv|tangent)|切线|接線|タンジェント|탄젠트|slope|richtung"
PARTIALS = r"local|lokal|\bpartial|partiell|parcial|elementary deriv|局部|偏导|偏微分|편도함수|편미분"
WORKINGS = r"comput|calcul|cálcul|\bworkings?\b|rechnung|rechenweg|计算|計算|계산"
FORMULAS = "formula|formel|fórmula"
OPERATIONS = (
    rf"\bop\b|\bexpr\b|operation|elementary op|function|{FORMULAS}|expression|symbolic|rechenschritt|operaç|operaci"
    rf"|opération|bewerking|operazione|działanie|函数|运算|操作|表达式|関数|演算|연산|{WORKINGS}"
)
ORDERS = "(?:order|ordnung|ordre|orde[mn])"
COEFFICIENTS = "coefficient|koeffizient|coeficiente|系数|係数|계수"
QUANTITIES = "|".join((VALUES, DERIVATIVES, GRADIENTS, ADJOINTS, TANGENTS, PARTIALS, OPERATIONS))
ERRORS = r"error|fehler|erreur|\berro\b|误差|誤差|오차"
COUNTS = (
    r"#|№|n[or]?[.º°]?|[ik]|index|order|steps?|lines?|schritt|zeile|étape|ligne|paso|línea|etapa|passo|步骤?|行|序号"
)
"""What stands above numbers that only count."""
LAYERS = r"layer|schicht|ebene|couche|\bcapa(?![^\W\d])|camada|层|層|レイヤ"
HIDDEN = r"hidden|verborgen\w*|versteckt\w*|cachée?|ocult[ao]|隐藏|隠れ|은닉"
TOTALS = "total|sum|summe|gesamt|insgesamt|somme|suma|soma|totale"
NEURONS = r"units|neuronen|neur[oóô]n\w*|nodes|knoten|神经元|ニューロン|뉴런"
NETS = (
    r"net(?:[- ]?input)?|weighted (?:sum|input)|pre[- ]?activation|netzeingabe|netto-?(?:eingabe|input)"
    r"|gewichtete summe|entrée nette|somme pondérée|entrada net[at]|suma ponderada|soma ponderada"
    r"|净输入|加权和|总输入|総入力"
)
"""What goes into a unit of a network, before its activation."""
ACTIVATIONS = r"activation|aktivierung|activación|ativação|激活值?|活性化"
INPUTS = r"input|image|eingabe|eingang|bild|entrée|entrada|输入|入力|입력"
READS = "reads?|takes|receives|applied to|on an?|erhält|reçoit|recibe"
SIZES = r"shape|size|dimension|größe|groesse|taille|tamaño|tamanho|尺寸|形状|维度|大小|サイズ|크기"
WEIGHTS = r"\bweights?\b|gewichte?\b|\bpoids\b|\bpesos\b|权重|重み|가중치"
BIASES = r"\bbias(?:es)?\b|\bbiais\b|sesgos?\b|\bvi(?:és|eses)\b|偏置|バイアス|편향"
PARAMETERS = r"\bparam|paramètre|parámetro|parâmetro|參數|参数|パラメ|매개변수|파라미터"
AND = "and|und|et"
BY = r"by|wrt\.?|w\.\s?r\.\s?t\.?|with respect to|nach|bezüglich|respecto (?:a|de)|em relação a|par rapport à"
"""What stands before that by which something is differentiated."""
DIRECTIONS = r"seed(?:ed|s)?|Saat(?:wert)?|along|direction|entlang|Richtung"
MARKS = "dot|ddot|bar|grad|hat|adj|adjoint|tangent|d"
"""Words for the mark of a name, before it: ``bar(v_1)``, ``dot v_1``."""
POINTS = r"Stelle|Punkt(?:en|et)?|point|pun[kc]?to?|ponto|punkcie"
OPERATION_NOUNS = {
    "add": r"addition|sum|summe|summation|adi[cç](?:ión|ão)|somme|加法|加|加算",
    "sub": r"subtraction|difference|subtraktion|differenz|su[bs]tra(?:ction|cción|ção)|减法|减|減算",
    "mul": r"multiplication|product|multiplikation|produkt|multiplica(?:ción|ção)|produ[ct]t?o|produit|乘法|乘|乗算",
    "div": r"division|quotient|divi(?:sión|são)|除法|除|除算",
    "neg": r"negat(?:ion|e)|minus sign",
    "sin": r"sine|sinus|seno", "cos": r"cosine|[ck]osinus|coseno|cosseno", "tan": r"tangens|tangente",
    "ln": r"natural log|(?:natural )?logarithm|(?:natürlicher )?logarithmus|logaritmo(?: natural)?|logarithme",
    "exp": r"exponential(?:funktion)?|exponentielle|exponencial", "sqrt": r"square root|(?:quadrat)?wurzel",
    "square": r"squar(?:e|ed|ing)|quadrat|quadrieren", "cube": r"cub(?:e|ed|ing)",
    "pow": r"power|potenz|exponentiation|raise", "inv": r"reciprocal|inverse|kehrwert",
    "sigmoid": r"logistic|sigmoide", "tanh": r"hyperbolic tangent",
}  # fmt: skip
"""What operations are called where a cell names one alone, as patterns; keys are functions of the language."""
