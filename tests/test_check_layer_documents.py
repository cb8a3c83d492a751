"""Layer tables as they are written in lectures, homeworks, papers and notebooks, one of each kind, by other hands.

Numbers stand as right|wrong; they were computed by hand: a convolution of k×k over c channels, n of them made, has
k·k·c·n + n parameters, a map of x has (x + 2p - k)/s + 1.
"""

from __future__ import annotations

import re

import pytest

import adtrace
from adtrace.checking.reporting import NOT_READ, RIGHT

_SLIP = re.compile(r"«([^«»|]*)\|([^«»|]*)»")
DOCUMENTS = {
    "exam-weights-biases": """\
**Question 3.** A network on a 64×64 RGB image. CONV-K-N stands for N filters of K×K
with stride 1 and padding 0 unless stated; POOL-2 for 2×2 max pooling with stride 2.

| Layer | Activation volume | # weights | # biases |
|:--|:--|:--|:--|
| Input | 64×64×3 | 0 | 0 |
| CONV-5-8 | «60×60×8|62×62×8» | 5×5×3×8 = 600 | «8|3» |
| POOL-2 | 30×30×8 | 0 | 0 |
| CONV-3-16 | «28×28×16|27×27×16» | 3×3×8×16 = «1152|1512» | 16 |
| POOL-2 | 14×14×16 | 0 | 0 |
| FC-10 | 10 | 3136×10 = «31360|31370» | 10 |
""",
    "depthwise": """\
MobileNet block, input 112x112x32:

Layer | Filter shape | Output | Params (no bias) | Mult-adds
--- | --- | --- | --- | ---
Conv dw / s1 | 3×3×32 dw | 112×112×32 | «288|9216» | 3,612,672
Conv / s1 | 1×1×32×64 | 112×112×64 | «2,048|2,080» | «25,690,112|25,960,112»
Conv dw / s2 | 3×3×64 dw | «56×56×64|112×112×64» | 576 | 1,806,336
Conv / s1 | 1×1×64×128 | 56×56×128 | 8,192 | «25,690,112|12,845,056»
""",
    "receptive": """\
# Receptive field of a VGG-like stack

$r_l = r_{l-1} + (k_l - 1) j_{l-1}$ and $j_l = j_{l-1} s_l$, starting from $r_0 = j_0 = 1$.

| layer | $k$ | $s$ | $j_l$ | $r_l$ |
|---|---|---|---|---|
| input | - | - | 1 | 1 |
| conv1_1 | 3 | 1 | 1 | 3 |
| conv1_2 | 3 | 1 | 1 | «5|6» |
| pool1 | 2 | 2 | «2|1» | 6 |
| conv2_1 | 3 | 1 | 2 | «10|8» |
| conv2_2 | 3 | 1 | 2 | 14 |
| pool2 | 2 | 2 | 4 | «16|18» |
| conv3_1 | 3 | 1 | 4 | 24 |
""",
    "torchsummary": """\
```
----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1           [-1, 16, 28, 28]             «160|144»
       BatchNorm2d-2           [-1, 16, 28, 28]              «32|16»
              ReLU-3           [-1, 16, 28, 28]               0
         MaxPool2d-4           [-1, 16, 14, 14]               0
            Conv2d-5           [-1, 32, 14, 14]           «4,640|4,608»
       BatchNorm2d-6           [-1, 32, 14, 14]              64
              ReLU-7           [-1, 32, 14, 14]               0
         MaxPool2d-8             [-1, 32, 7, 7]               0
           Flatten-9                 [-1, «1568|1586»]               0
           Linear-10                   [-1, 10]          15,690
================================================================
Total params: «20,586|20,856»
Trainable params: 20,586
Non-trainable params: 0
----------------------------------------------------------------
```
All convolutions have 3x3 kernels and padding 1; the input is a 1x28x28 image.
""",
    "dlai": """\
| | Activation shape | Activation Size | # parameters |
|---|---|---|---|
| Input: | (39,39,3) | «4563|4536» | 0 |
| CONV1 (f=3, s=1, p=0, 10 filters) | (37,37,10) | 13690 | «280|270» |
| CONV2 (f=5, s=2, p=0, 20 filters) | «(17,17,20)|(18,18,20)» | 5780 | 5020 |
| CONV3 (f=5, s=2, p=0, 40 filters) | (7,7,40) | «1960|1690» | 20040 |
| Flatten | (1960,1) | 1960 | 0 |
| Softmax (2 classes) | (2,1) | 2 | «3922|3920» |
""",
    "latex": r"""\begin{table}\caption{LeNet-5 on a $32\times32$ grey image}
\begin{tabular}{l c c l}
\toprule
Layer & Filter & Output & Parameters \\
\midrule
C1: 6 convolutions & $5\times5$ & $28\times28\times6$ & $(5\cdot5\cdot1+1)\cdot6 = «156|165»$ \\
S2: average pooling & $2\times2$, stride 2 & $«14\times14\times6|14\times14\times16»$ & $0$ \\
C3: 16 convolutions & $5\times5$ & $10\times10\times16$ & $(5\cdot5\cdot6+1)\cdot16 = «2416|2461»$ \\
S4: average pooling & $2\times2$, stride 2 & $5\times5\times16$ & $0$ \\
F5: fully connected & & $120$ & $«400|160»\cdot120+120 = 48120$ \\
F6: fully connected & & $84$ & $120\cdot84+84=10164$ \\
Output: fully connected & & $10$ & $84\cdot10+10=«850|856»$ \\
\bottomrule
\end{tabular}\end{table}
""",
    "keras-code": """\
```python
model = Sequential([
    Conv2D(32, (3, 3), activation='relu', input_shape=(150, 150, 3)),
    MaxPooling2D((2, 2)),
    Conv2D(64, (3, 3), activation='relu'),
    MaxPooling2D((2, 2)),
    Flatten(),
    Dense(64, activation='relu'),
    Dense(1, activation='sigmoid')])
```

| Layer | Output Shape | Param # | Computation |
|---|---|---|---|
| Conv2D | (None, 148, 148, 32) | «896|869» | (3·3·3 + 1)·32 |
| MaxPooling2D | (None, 74, 74, 32) | 0 | |
| Conv2D | (None, «72, 72|71, 71», 64) | 18496 | (3·3·32 + 1)·64 |
| MaxPooling2D | (None, 36, 36, 64) | 0 | |
| Flatten | (None, «82944|82994») | 0 | |
| Dense | (None, 64) | «5308480|5308416» | 82944·64 + 64 |
| Dense | (None, 1) | «65|64» | 64 + 1 |
""",
    "list": """\
Input: 3 x 227 x 227.

1. conv1: 96 filters 11x11, stride 4, pad 0. Output: (227-11)/4+1 = «55|54», so 96 x 55 x 55.
   Parameters: 11*11*3*96 + 96 = 34944.
2. pool1: 3x3, stride 2. Output: 96 x «27|28» x 27.
3. conv2: 256 filters 5x5, stride 1, pad 2. Output: 256 x 27 x 27. Parameters: 5*5*96*256 + 256 = «614656|614400».
4. pool2: 3x3, stride 2. Output: 256 x 13 x 13.
""",
    "sequence": """\
| Layer | Output (T = 20) | Parameters |
|---|---|---|
| Embedding(10000, 64) | 20×64 | «640000|64000» |
| LSTM(32) | 32 | 4·((64+32)·32+32) = «12416|12461» |
| Dense(16) | 16 | «528|512» |
| Dense(1) | 1 | 17 |
| Total | | «652961|652691» |
""",
    "mlp": """\
A fully connected network 784 – 128 – 64 – 10 with biases.

| Layer | Weight matrix | Bias vector | Parameters |
|---|---|---|---|
| 1 (784→128) | 128×784 | 128 | «100480|100352» |
| 2 (128→64) | «64×128|64×784» | 64 | 8256 |
| 3 (64→10) | 10×64 | 10 | «650|640» |
| **Sum** | | | «109386|109836» |
""",
    "dcgan": """\
Generator, z of 100 numbers (1×1×100), no biases:

| layer | kernel | stride | pad | output | weights |
|---|---|---|---|---|---|
| ConvTranspose, 512 | 4 | 1 | 0 | 4×4×512 | «819200|819712» |
| ConvTranspose, 256 | 4 | 2 | 1 | «8×8×256|7×7×256» | 2097152 |
| ConvTranspose, 128 | 4 | 2 | 1 | 16×16×128 | «524288|524416» |
| ConvTranspose, 3 | 4 | 2 | 1 | «32×32×3|31×31×3» | 6144 |
""",
    "tabs": """\
layer\tsize\tmemory\tweights
INPUT\t[224x224x3]\t224*224*3=150K\t0
CONV3-64\t[224x224x64]\t224*224*64=«3.2M|2.3M»\t(3*3*3)*64 = 1,728
CONV3-64\t[224x224x64]\t224*224*64=3.2M\t(3*3*64)*64 = «36,864|36,884»
POOL2\t[«112x112|111x111»x64]\t112*112*64=800K\t0
CONV3-128\t[112x112x128]\t112*112*128=1.6M\t(3*3*64)*128 = «73,728|73,278»
""",
    "resnet-rows": """\
ResNet stem and first block on 224×224×3:

| stage | layer | output | #params |
|---|---|---|---|
| stem | 7×7, 64, stride 2 | 112×112×64 | «9472|9408» |
| | 3×3 max pool, stride 2 | «56×56×64|55×55×64» | 0 |
| conv2_1 | 3×3, 64 | 56×56×64 | 36928 |
| | 3×3, 64 | 56×56×64 | «36928|36982» |
| conv3_1 | 3×3, 128, stride 2 | «28×28×128|56×56×128» | 73856 |
""",
    "pytorch-named": """\
Input (1, 28, 28)

| Module | Definition | Output shape | Parameters |
|---|---|---|---|
| conv1 | nn.Conv2d(1, 32, 3, padding=1) | («32|23», 28, 28) | 320 |
| pool | nn.MaxPool2d(2) | (32, 14, 14) | 0 |
| conv2 | nn.Conv2d(32, 64, 3) | (64, «12|14», 12) | 18496 |
| pool | nn.MaxPool2d(2) | (64, 6, 6) | 0 |
| fc1 | nn.Linear(2304, 128) | (128,) | «295040|294912» |
| fc2 | nn.Linear(128, 10) | (10,) | «1290|1280» |
""",
    "html": """\
<p>Input image: 100 × 100 × 3</p>
<table><tr><th>Layer</th><th>Output size</th><th>Number of parameters</th></tr>
<tr><td>Conv, 20 filters 5×5, stride 1, no padding</td><td>96 × 96 × 20</td><td>(5·5·3 + 1)·20 = «1520|1500»</td></tr>
<tr><td>Max pooling 2×2</td><td>«48|47» × 48 × 20</td><td>0</td></tr>
<tr><td>Conv, 40 filters 3×3, stride 1, no padding</td><td>46 × 46 × 40</td><td>(3·3·20 + 1)·40 = «7240|7204»</td></tr>
<tr><td>Max pooling 2×2</td><td>23 × 23 × 40</td><td>0</td></tr>
<tr><td>Fully connected, 100 neurons</td><td>100</td><td>(23·23·40 + 1)·100 = «2116100|2116000»</td></tr>
</table>
""",
    "dilated": """\
1-D dilated stack, kernel 3, input length 64, one channel:

| layer | kernel | dilation | stride | receptive field |
|---|---|---|---|---|
| conv1 | 3 | 1 | 1 | 3 |
| conv2 | 3 | 2 | 1 | «7|5» |
| conv3 | 3 | 4 | 1 | «15|13» |
| conv4 | 3 | 8 | 1 | «31|32» |
""",
    "sizes-formula": r"""Image $32 \times 32$, $o = \lfloor (n + 2p - k)/s \rfloor + 1$.

\begin{tabular}{lccccl}
layer & $n$ & $k$ & $p$ & $s$ & $o$ \\ \hline
conv1 & 32 & 5 & 2 & 1 & $(32+4-5)/1+1 = «32|28»$ \\
pool1 & 32 & 2 & 0 & 2 & $(32-2)/2+1 = 16$ \\
conv2 & 16 & 5 & 0 & 1 & $(16-5)/1+1 = «12|11»$ \\
pool2 & «12|11» & 2 & 0 & 2 & $(12-2)/2+1 = 6$ \\
\end{tabular}
""",
    "keras-dense": """\
Model: "sequential"
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
dense (Dense)                (None, 64)                «832|768»
_________________________________________________________________
dropout (Dropout)            (None, 64)                0
_________________________________________________________________
dense_1 (Dense)              (None, 32)                «2080|2048»
_________________________________________________________________
dense_2 (Dense)              (None, 1)                 33
=================================================================
Total params: «2,945|2,954»
Trainable params: 2,945
Non-trainable params: 0

The network reads 12 features.
""",
    "german": """\
Ein CNN für Graustufenbilder der Größe 28×28:

| Schicht | Ausgabe | Parameter |
|---|---|---|
| Faltung, 8 Filter 3×3, ohne Auffüllung | 26×26×8 | «80|72» |
| Max-Pooling 2×2 | «13×13×8|14×14×8» | 0 |
| Faltung, 16 Filter 3×3, ohne Auffüllung | 11×11×16 | «1168|1186» |
| Vollverbunden, 10 Neuronen | 10 | «19370|19360» |
""",
    "mult-exam": """\
Count multiplications for a 56×56×64 input.

| variant | layers | multiplications |
|---|---|---|
| direct | Conv 3×3, 128 filters, padding 1 | 56·56·3·3·64·128 = «231211008|231211080» |
""",
    "lstm-gru": """\
Sequence of length 50 with 16 features.

| Layer | Parameters |
|---|---|
| LSTM(64) | 4·((16 + 64)·64 + 64) = «20736|20480» |
| GRU(32) | «9312|9321» |
| Dense(5) | 32·5 + 5 = «165|160» |
""",
    "unet": """\
Encoder of a U-Net, input 572×572×1, unpadded 3×3 convolutions, 2×2 max pooling:

| layer | size |
|---|---|
| input | 572×572×1 |
| conv 3×3, 64 | 570×570×64 |
| conv 3×3, 64 | «568×568×64|570×570×64» |
| pool 2×2 | 284×284×64 |
| conv 3×3, 128 | 282×282×128 |
| conv 3×3, 128 | «280×280×128|282×282×128» |
| pool 2×2 | «140×140×128|141×141×128» |
""",
    "mlp2": """\
Network with layer sizes [3, 4, 2].

| layer | shape of W | shape of b | # parameters |
|---|---|---|---|
| hidden | (4, 3) | (4,) | «16|12» |
| output | «(2, 4)|(2, 3)» | (2,) | 10 |
| total | | | «26|28» |
""",
    "bn": """\
Feature maps of 16×16×32 enter.

Layer | Output | Trainable params
--- | --- | ---
Conv2D(64, 3, padding='same', use_bias=False) | 16×16×64 | «18432|18496»
BatchNormalization | 16×16×64 | «128|256»
ReLU | 16×16×64 | 0
GlobalAveragePooling2D | «64|16×16×64» | 0
Dense(10) | 10 | «650|640»
""",
    "cs231n-text": """\
INPUT is 32x32x3. CONV5-10 has 10 filters of 5x5 with stride 1 and pad 2.

LAYER       ACTIVATION VOLUME    NUMBER OF PARAMETERS
INPUT       32x32x3              0
CONV5-10    32x32x10             «760|750»
POOL-2      «16x16|15x15»x10             0
CONV3-10    16x16x10             910
POOL-2      8x8x10               0
FC-3        3                    «1923|1932»
""",
    "exam-latex": r"""Input images are $128 \times 128 \times 3$. No padding anywhere, stride $1$ for convolutions.
\begin{center}
\begin{tabular}{|l|l|l|}
\hline
\textbf{Layer} & \textbf{Output dimensions} & \textbf{\# of parameters} \\ \hline
CONV-9-32 & $120 \times 120 \times 32$ & $(9 \times 9 \times 3 + 1) \times 32 = «7808|7776»$ \\ \hline
POOL-2 & $60 \times 60 \times 32$ & $0$ \\ \hline
CONV-5-64 & $«56 \times 56|55 \times 55» \times 64$ & $(5 \times 5 \times 32 + 1) \times 64 = 51264$ \\ \hline
POOL-2 & $28 \times 28 \times 64$ & $0$ \\ \hline
CONV-5-64 & $24 \times 24 \times 64$ & $(5 \times 5 \times 64 + 1) \times 64 = «102464|102446»$ \\ \hline
POOL-2 & $12 \times 12 \times 64$ & $0$ \\ \hline
FC-3 & $3$ & $«9216|9126» \times 3 + 3 = 27651$ \\ \hline
\end{tabular}
\end{center}
""",
    "bullets": """\
We look at LeNet-5 with 32×32×1 inputs.

- **C1** conv 5×5, 6 feature maps
  - output: 28×28×6
  - parameters: «156|165»
- **S2** average pooling 2×2
  - output: «14×14×6|14×14×16»
  - parameters: 0
- **C3** conv 5×5, 16 feature maps
  - output: 10×10×16
  - parameters: «2416|2406»
""",
    "torchinfo": """\
==========================================================================================
Layer (type:depth-idx)                   Output Shape              Param #
==========================================================================================
Net                                      [1, 10]                   --
├─Conv2d: 1-1                            [1, 8, 26, 26]            «80|72»
├─ReLU: 1-2                              [1, 8, 26, 26]            --
├─MaxPool2d: 1-3                         [1, 8, 13, 13]            --
├─Conv2d: 1-4                            [1, 16, 11, 11]           «1,168|1,186»
├─Flatten: 1-5                           [1, «1936|1963»]                 --
├─Linear: 1-6                            [1, 10]                   19,370
==========================================================================================
Total params: 20,618
Trainable params: 20,618
Non-trainable params: 0
==========================================================================================
summary(net, input_size=(1, 1, 28, 28))
""",
    "rf-latex": r"""Receptive fields. $r_0 = 1$, $j_0 = 1$.
$$\begin{array}{l|cccc}
\text{layer} & k & s & j & r \\ \hline
\text{conv1} & 7 & 2 & 2 & 7 \\
\text{pool1} & 3 & 2 & «4|2» & 11 \\
\text{conv2} & 3 & 1 & 4 & «19|17» \\
\text{conv3} & 3 & 2 & 8 & «27|35» \\
\end{array}$$
""",
    "csv": """\
layer,output,params
"Input (32, 32, 3)","(32, 32, 3)",0
"Conv2D(16, (3, 3), padding='same')","(32, 32, 16)",«448|432»
"MaxPooling2D((2, 2))","(16, 16, 16)",0
"Conv2D(32, (3, 3))","(«14|16», 14, 32)",4640
"Flatten()","(6272,)",0
"Dense(10)","(10,)",«62730|62720»
""",
    "mobilenet-sep": """\
A standard convolution beside a depthwise separable one; input 14×14×512, 3×3 kernels, no biases.

| | parameters | multiplications |
|---|---|---|
| Conv 3×3, 512 filters, padding 1 | «2,359,296|2,359,808» | 462,422,016 |
| Depthwise conv 3×3, padding 1 | 4,608 | «903,168|903,618» |
| Pointwise conv 1×1, 512 filters | «262,144|262,656» | 51,380,224 |
""",
    "french": """\
Images RVB de taille 64×64×3 en entrée.

| Couche | Taille de sortie | Nombre de paramètres |
|---|---|---|
| Convolution, 16 filtres 3×3, pas 1, sans remplissage | 62×62×16 | «448|432» |
| Max pooling 2×2 | 31×31×16 | 0 |
| Convolution, 32 filtres 3×3, pas 2, sans remplissage | «15×15×32|16×16×32» | 4640 |
| Entièrement connectée, 10 neurones | 10 | «72010|72000» |
""",
    "table-with-formula-cols": """\
| Layer | Input size | Filter | Stride | Padding | Output size |
|---|---|---|---|---|---|
| Conv1 | 227×227×3 | 96 × 11×11 | 4 | 0 | (227−11)/4+1 = 55 → «55×55×96|54×54×96» |
| Pool1 | 55×55×96 | 3×3 | 2 | 0 | 27×27×96 |
| Conv2 | «27×27×96|27×27×256» | 256 × 5×5 | 1 | 2 | 27×27×256 |
| Pool2 | 27×27×256 | 3×3 | 2 | 0 | «13×13×256|14×14×256» |
""",
    "autoencoder": """\
Autoencoder for 28×28×1 images.

| # | Layer | Output | Params |
|---|---|---|---|
| 1 | Conv2D(16, 3, strides=2, padding="same") | 14×14×16 | 160 |
| 2 | Conv2D(8, 3, strides=2, padding="same") | «7×7×8|8×8×8» | 1160 |
| 3 | Conv2DTranspose(8, 3, strides=2, padding="same") | 14×14×8 | «584|576» |
| 4 | Conv2DTranspose(16, 3, strides=2, padding="same") | «28×28×16|27×27×16» | 1168 |
| 5 | Conv2D(1, 3, padding="same") | 28×28×1 | 145 |
""",
    "attention": """\
Transformer block, d = 64, 4 heads, sequence of 10 tokens.

| Layer | Output | Parameters |
|---|---|---|
| Input | 10×64 | 0 |
| MultiheadAttention(64, 4) | 10×64 | 4·(64·64+64) = «16640|16384» |
| LayerNorm(64) | 10×64 | «128|64» |
| Linear(64, 256) | 10×256 | «16640|16384» |
| Linear(256, 64) | 10×64 | 16448 |
""",
    "perceptron-prose": """\
A multilayer perceptron has 4 inputs, two hidden layers of 8 and 6 neurons and 3 outputs. Count weights and biases.

| Layer | Weights | Biases | Total |
|---|---|---|---|
| hidden 1 | 4·8 = 32 | 8 | «40|42» |
| hidden 2 | 8·6 = «48|46» | 6 | 54 |
| output | 6·3 = 18 | «3|6» | 21 |
""",
    "vgg-block": """\
VGG block on 224×224×3 (memory counts the activations).

| layer | output volume | memory | parameters |
|---|---|---|---|
| conv3-64 | 224×224×64 | «3,211,264|3,112,264» | 1,792 |
| conv3-64 | 224×224×64 | 3,211,264 | «36,928|36,864» |
| maxpool | 112×112×64 | 802,816 | 0 |
| conv3-128 | «112×112×128|112×112×64» | 1,605,632 | 73,856 |
| total | | «8,830,976|8,380,976» | 112,576 |
""",
    "org": """\
#+CAPTION: CNN on 40x40 RGB images
| Layer            | Output   |              Parameters |
|------------------+----------+-------------------------|
| Conv 16 7x7 s2 p3 | 20x20x16 | 7*7*3*16 + 16 = «2368|2352» |
| Conv 32 3x3 s2 p1 | «10x10x32|9x9x32» | 3*3*16*32 + 32 = 4640 |
| Avg pool 10x10   | 1x1x32   |                       0 |
| FC 5             | 5        |        32*5 + 5 = «165|160» |
""",
    "rst": """\
The input is 64 × 64 × 1.

====================  ===========  ==========
Layer                 Output       Parameters
====================  ===========  ==========
Conv2D(32, 5)         60 × 60 × 32  «832|800»
MaxPooling2D(2)       30 × 30 × 32  0
Conv2D(64, 5)         «26 × 26|25 × 25» × 64  51264
MaxPooling2D(2)       13 × 13 × 64  0
Flatten               «10816|10861»        0
Dense(1)              1            10817
====================  ===========  ==========
""",
    "params-only-formulas": """\
How many trainable parameters does each layer have? (input 32×32×3)

1. Conv2D with 8 filters of size 5×5: (5·5·3 + 1)·8 = «608|600»
2. Conv2D with 16 filters of size 3×3: (3·3·8 + 1)·16 = «1168|1186»
3. Dense with 10 units after flattening the 26×26×16 maps: 10816·10 + 10 = «108170|108160»
""",
    "transposed-table": """\
Input 28×28×1.

| | conv1 (5×5, 6 filters, pad 2) | pool1 (2×2) | conv2 (5×5, 16 filters) | pool2 (2×2) |
|---|---|---|---|---|
| output size | 28×28×6 | «14×14×6|13×13×6» | 10×10×16 | 5×5×16 |
| parameters | «156|150» | 0 | «2416|2461» | 0 |
""",
    "keras-print": """\
model.summary() of a text classifier, inputs of 100 word indices:

| Layer (type) | Output Shape | Param # |
|---|---|---|
| embedding (Embedding) | (None, 100, 32) | 320000 |
| lstm (LSTM) | (None, 64) | «24832|24576» |
| dense (Dense) | (None, 16) | «1040|1024» |
| dense_1 (Dense) | (None, 1) | «17|16» |
""",
    "residual": """\
Residual block, input x of 56×56×64.

| name | layer | reads | output | parameters |
|---|---|---|---|---|
| a | Conv 3×3, 64, padding 1 | x | 56×56×64 | «36928|36982» |
| b | ReLU | a | 56×56×64 | 0 |
| c | Conv 3×3, 64, padding 1 | b | «56×56×64|54×54×64» | 36928 |
| d | Add | c, x | 56×56×64 | «0|64» |
""",
    "flops": """\
Input 32×32×3. MACs count multiply–accumulate operations of the weights only.

| layer | output | MACs |
|---|---|---|
| Conv2d(3, 16, 3, padding=1) | 16×32×32 | «442,368|443,268» |
| MaxPool2d(2) | 16×16×16 | 0 |
| Conv2d(16, 32, 3, padding=1) | 32×16×16 | «1,179,648|1,197,648» |
| Flatten | 8192 | 0 |
| Linear(8192, 10) | 10 | «81,920|81,930» |
""",
    "bias-sep": r"""For a $20 \times 20 \times 4$ input:

| Layer | Output | Weights | Biases | Total parameters |
|---|---|---|---|---|
| Conv 3×3, 6 filters | 18×18×6 | 3·3·4·6 = «216|261» | 6 | 222 |
| MaxPool 3×3, stride 3 | «6×6×6|5×5×6» | 0 | 0 | 0 |
| FC 7 | 7 | 216·7 = 1512 | «7|6» | «1519|1512» |
""",
    "arrow-lines": """\
Input 3×64×64
Conv2d(3, 8, kernel_size=3, stride=2, padding=1) → 8×32×32, «224|216» parameters
ReLU → 8×32×32, 0 parameters
Conv2d(8, 16, kernel_size=3, stride=2, padding=1) → «16×16×16|16×15×15», 1168 parameters
Flatten → «4096|4069»
Linear(4096, 4) → 4, 16388 parameters
""",
    "given-input": """\
Input 48×48×3.

| Layer | Output | Parameters |
|---|---|---|
| CONV3-16 | 48×48×16 | «448|432» |
| ReLU | 48×48×16 | 0 |
| POOL-2 | «24×24×16|24×24×32» | 0 |
| CONV3-32 | 24×24×32 | «4640|4608» |
| FC-5 | 5 | 92165 |
""",
    "spanish": """\
Imágenes RGB de 32×32 píxeles.

| Capa | Tamaño de salida | Parámetros |
|---|---|---|
| Convolución 5×5, 6 filtros, sin relleno | 28×28×6 | «456|450» |
| Max-pooling 2×2 | «14×14×6|14×14×16» | 0 |
| Convolución 5×5, 16 filtros, sin relleno | 10×10×16 | 2416 |
| Max-pooling 2×2 | 5×5×16 | 0 |
| Totalmente conectada, 120 neuronas | 120 | «48120|48000» |
""",
    "chinese": """\
输入 28×28×1

| 层 | 输出尺寸 | 参数 |
|---|---|---|
| Conv2d(1, 6, 5, padding=2) | 28×28×6 | «156|150» |
| MaxPool2d(2) | 14×14×6 | 0 |
| Conv2d(6, 16, 5) | «10×10×16|10×10×6» | 2416 |
| Flatten | «1600|1060» | 0 |
| Linear(1600, 10) | 10 | 16010 |
""",
    "markdown-steps": """\
### Layer 1: Conv, 8 filters 3×3, stride 1, padding 0
Input 28×28×1. Output size: (28 − 3)/1 + 1 = 26, so 26×26×8. Parameters: (3·3·1 + 1)·8 = «80|72».

### Layer 2: max pooling 2×2
Output size: 26/2 = 13, so «13×13×8|12×12×8».

### Layer 3: Conv, 16 filters 3×3, stride 1, padding 0
Output size: 13 − 3 + 1 = 11, so 11×11×16. Parameters: (3·3·8 + 1)·16 = «1168|1186».
""",
    "3d": """\
Video clips 16×112×112×3.

| layer | output | parameters |
|---|---|---|
| Conv3D(64, 3, padding='same') | 16×112×112×64 | «5248|5184» |
| MaxPooling3D((1, 2, 2)) | «16×56×56×64|8×56×56×64» | 0 |
| Conv3D(128, 3, padding='same') | 16×56×56×128 | «221312|221132» |
""",
    "1d": """\
Signal of length 1000 with 1 channel.

| layer | output | parameters |
|---|---|---|
| Conv1D(16, 5) | 996×16 | «96|80» |
| MaxPooling1D(4) | «249×16|248×16» | 0 |
| Conv1D(32, 3, strides=2) | 124×32 | 1568 |
| GlobalAveragePooling1D | 32 | 0 |
| Dense(2) | 2 | «66|64» |
""",
    "html-thead": """\
<h3>Network for 96×96×3 images</h3><table>
<thead><tr><th>#</th><th>Layer</th><th>Kernel</th>
<th>Stride</th><th>Output shape</th><th>Weights</th></tr></thead><tbody>
<tr><td>1</td><td>Conv</td><td>5×5×3×24</td><td>2</td><td>46×46×24</td><td>«1800|1824»</td></tr>
<tr><td>2</td><td>Max pool</td><td>2×2</td><td>2</td><td>«23×23|22×22»×24</td><td>0</td></tr>
<tr><td>3</td><td>Conv</td><td>3×3×24×48</td><td>1</td><td>21×21×48</td><td>«10368|10416»</td></tr>
</tbody></table>
""",
    "receptive-prose-cols": """\
| Layer | Kernel size | Stride | Receptive field |
|---|---|---|---|
| Conv1 | 11 | 4 | 11 |
| MaxPool1 | 3 | 2 | «19|15» |
| Conv2 | 5 | 1 | «51|55» |
| MaxPool2 | 3 | 2 | 67 |
| Conv3 | 3 | 1 | «99|101» |
""",
    "torch-code-table": """\
```python
self.features = nn.Sequential(
    nn.Conv2d(3, 12, kernel_size=5, stride=1, padding=2),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(12, 24, kernel_size=3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2))
self.classifier = nn.Linear(24 * 8 * 8, 10)
```

For a 3×32×32 input:

| layer | output | # params |
|---|---|---|
| conv | 12×32×32 | «912|900» |
| pool | 12×16×16 | 0 |
| conv | «24×16×16|12×16×16» | 2616 |
| pool | 24×8×8 | 0 |
| linear | 10 | «15370|15360» |
""",
    "alexnet-table": """\
## AlexNet

The input is 227x227x3.

| Size / Operation | Filter | Depth | Stride | Padding | Number of Parameters |
|---|---|---|---|---|---|
| 3@227x227 | | | | | |
| Conv1 + ReLU | 11x11 | 96 | 4 | 0 | (11x11x3 + 1) x 96 = «34944|34848» |
| 96@55x55 | | | | | |
| Max Pooling | 3x3 | | 2 | | |
| «96@27x27|96@28x28» | | | | | |
| Conv2 + ReLU | 5x5 | 256 | 1 | 2 | (5x5x96 + 1) x 256 = «614656|614400» |
| 256@27x27 | | | | | |
""",
    "stanford-exam": """\
(2 points each) Complete the table. Conv5-10 means 10 filters 5x5, padding 2, stride 1;
Pool-2 is 2x2 max pooling with stride 2; FC-N has N outputs.

| Layer | Activation Volume Dimensions (memory) | Number of parameters |
|---|---|---|
| INPUT | 32×32×1 | 0 |
| CONV5-10 | 32×32×10 | «10×(5×5×1+1) = 260|10×(5×5×1+1) = 250» |
| POOL-2 | «16×16×10|16×16×1» | 0 |
| CONV5-10 | 16×16×10 | 10×(5×5×10+1) = 2510 |
| POOL-2 | 8×8×10 | 0 |
| FC-10 | 10 | «10×(8×8×10+1) = 6410|10×(8×8×10+1) = 6400» |
""",
    "vgg-memory": """\
VGG16, first layers:

```
INPUT: [224x224x3]        memory:  224*224*3=150K   params: 0
CONV3-64: [224x224x64]  memory:  224*224*64=«3.2M|6.4M»   params: (3*3*3)*64 = 1,728
CONV3-64: [224x224x64]  memory:  224*224*64=3.2M   params: (3*3*64)*64 = «36,864|38,864»
POOL2: [112x112x64]  memory:  «112*112*64|112*114*64»=800K   params: 0
CONV3-128: [112x112x128]  memory:  112*112*128=1.6M   params: (3*3*64)*128 = «73,728|147,456»
```
""",
    "lecun": """\
LeNet-5 (input 32×32):

| Layer | Feature maps | Size | Kernel | Stride | Activation | Trainable parameters |
|---|---|---|---|---|---|---|
| C1 | 6 | 28×28 | 5×5 | 1 | tanh | «156|150» |
| S2 | 6 | 14×14 | 2×2 | 2 | tanh | 0 |
| C3 | 16 | «10×10|12×12» | 5×5 | 1 | tanh | 2,416 |
| S4 | «16|12» | 5×5 | «2×2|2×4» | 2 | tanh | 0 |
| C5 | 120 | 1×1 | 5×5 | 1 | tanh | «48,120|48,000» |
| F6 | 84 | | | | tanh | 10,164 |
""",
    "latex-itemize": r"""A greyscale image of $28\times28$ pixels goes through
\begin{enumerate}
\item a convolution with $32$ filters of $3\times3$, no padding: $26\times26\times32$, $«320|288»$ parameters;
\item max pooling $2\times2$: $«13\times13\times32|14\times14\times32»$, no parameters;
\item a convolution with $64$ filters of $3\times3$: $11\times11\times64$, $«18496|18432»$ parameters;
\item a dense layer with $10$ units: $77450$ parameters.
\end{enumerate}
""",
    "flax": """\
```
                                 CNN Summary
┏━━━━━━━━━┳━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ path    ┃ module ┃ inputs              ┃ outputs             ┃ params  ┃
┡━━━━━━━━━╇━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ Dense_0 │ Dense  │ float32[1,784]      │ float32[1,128]      │ «100480|100352»  │
│ Dense_1 │ Dense  │ float32[1,128]      │ float32[1,64]       │ «8256|8192»    │
│ Dense_2 │ Dense  │ float32[1,64]       │ float32[1,10]       │ «650|640»     │
└─────────┴────────┴─────────────────────┴─────────────────────┴─────────┘
```
""",
    "keras3": """\
Model: "sequential"

┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)                 │ (None, 26, 26, 32)     │           320 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ max_pooling2d (MaxPooling2D)    │ «(None, 13, 13, 32)|(None, 14, 14, 32)»     │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ flatten (Flatten)               │ (None, 5408)           │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 10)             │        54,090 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: «54,410|54,420» (212.54 KB)
 Trainable params: «54,410|54,420» (212.54 KB)
 Non-trainable params: 0 (0.00 B)
""",
    "transpose-decoder": """\
Decoder of a VAE, latent vector of 20 numbers.

| Layer | Output shape | # params |
|---|---|---|
| Linear(20, 3136) | 3136 | «65856|62720» |
| Reshape | 64 × 7 × 7 | 0 |
| ConvTranspose2d(64, 32, 4, stride=2, padding=1) | «32 × 14 × 14|32 × 15 × 15» | 32800 |
| ReLU | 32 × 14 × 14 | 0 |
| ConvTranspose2d(32, 1, 4, stride=2, padding=1) | 1 × 28 × 28 | «513|512» |
| Sigmoid | 1 × 28 × 28 | 0 |
""",
    "mobilenet-v2-like": """\
Input 56×56×24.

| Operator | Input | Output | Params (no bias) | MACs |
|---|---|---|---|---|
| 1×1 conv2d, 144 | 56×56×24 | 56×56×144 | «3,456|3,600» | 10,838,016 |
| 3×3 dwise, stride 2 | 56×56×144 | 28×28×144 | «1,296|1,440» | 1,016,064 |
| 1×1 conv2d, 32 | 28×28×144 | 28×28×32 | 4,608 | «3,612,672|3,621,672» |
""",
    "vgg-whole": """\
VGGNet in detail:

```
INPUT: [224x224x3]        memory:  224*224*3=150K   weights: 0
CONV3-64: [224x224x64]  memory:  224*224*64=3.2M   weights: (3*3*3)*64 = 1,728
CONV3-64: [224x224x64]  memory:  224*224*64=3.2M   weights: (3*3*64)*64 = «36,864|36,846»
POOL2: [112x112x64]  memory:  112*112*64=800K   weights: 0
CONV3-128: [112x112x128]  memory:  112*112*128=1.6M   weights: (3*3*64)*128 = 73,728
CONV3-128: [112x112x128]  memory:  112*112*128=1.6M   weights: (3*3*128)*128 = 147,456
POOL2: [56x56x128]  memory:  56*56*128=400K   weights: 0
CONV3-256: [56x56x256]  memory:  56*56*256=«800K|1.6M»   weights: (3*3*128)*256 = 294,912
POOL2: [28x28x256]  memory:  28*28*256=200K   weights: 0
CONV3-512: [28x28x512]  memory:  28*28*512=400K   weights: (3*3*256)*512 = 1,179,648
POOL2: [14x14x512]  memory:  14*14*512=100K   weights: 0
CONV3-512: [14x14x512]  memory:  14*14*512=100K   weights: (3*3*512)*512 = 2,359,296
POOL2: [7x7x512]  memory:  7*7*512=25K  weights: 0
FC: [1x1x4096]  memory:  4096  weights: 7*7*512*4096 = «102,760,448|102,764,544»
FC: [1x1x4096]  memory:  4096  weights: 4096*4096 = 16,777,216
FC: [1x1x1000]  memory:  1000 weights: 4096*1000 = 4,096,000
```
""",
    "berkeley": """\
Input image 28×28×1. CONV3-10: ten 3×3 filters with padding 1 and stride 1. POOL2: 2×2 max pool, stride 2.

| Layer | Number of Parameters | Dimension of Activations |
|---|---|---|
| Input | 0 | 28 × 28 × 1 |
| CONV3-10 | 3×3×1×10 + 10 | 28 × 28 × 10 |
| POOL2 | 0 | «14 × 14 × 10|14 × 14 × 1» |
| CONV3-10 | «3×3×10×10+10|3×3×1×10+10» | 14 × 14 × 10 |
| POOL2 | 0 | 7 × 7 × 10 |
| FLATTEN | 0 | «490|49» |
| FC-3 | 490×3+3 = 1473 | 3 |
""",
    "rf-formulas": """\
Receptive field of the first layers of VGG.

| layer | k | p | s | n_in | n_out | j_in | j_out | r_in | r_out |
|---|---|---|---|---|---|---|---|---|---|
| conv | 3 | 1 | 1 | 224 | (224+2-3)/1+1=224 | 1 | 1 | 1 | 1+(3-1)*1=3 |
| conv | 3 | 1 | 1 | 224 | (224+2-3)/1+1=224 | 1 | 1 | 3 | 3+(3-1)*1=«5|6» |
| pool | 2 | 0 | 2 | 224 | (224-2)/2+1=«112|111» | 1 | 2 | 5 | 5+(2-1)*1=6 |
| conv | 3 | 1 | 1 | 112 | (112+2-3)/1+1=112 | «2|1» | «2|4» | «6|7» | 6+(3-1)*2=10 |
""",
    "size-only": """\
| layer | input width | depth | filters | filter width | stride | padding | output width |
|---|---|---|---|---|---|---|---|
| CONV1 | 28 | 1 | 16 | 5 | 2 | 0 | (28+2*0-5)/2+1=«12|11» |
| CONV2 | 12 | «16|15» | 4 | 3 | 1 | 0 | (12+2*0-3)/1+1=«10|9» |
| POOL | 10 | 4 | | 2 | 2 | 0 | «5|6» |
""",
    "tf-same": """\
Input (224, 224, 3), all layers with padding='same'.

| Layer | Output shape | Params |
|---|---|---|
| Conv2D(32, 3, strides=2) | (112, 112, 32) | «896|864» |
| DepthwiseConv2D(3) | (112, 112, 32) | «320|288» |
| Conv2D(64, 1) | (112, 112, 64) | 2112 |
| DepthwiseConv2D(3, strides=2) | «(56, 56, 64)|(55, 55, 64)» | 640 |
| GlobalAveragePooling2D() | (64) | 0 |
| Dense(1000) | (1000) | 65000 |
""",
    "rnn-table": """\
Sequence of 20 words, vocabulary 1000.

| Layer | Output | Parameters |
|---|---|---|
| Embedding(1000, 64) | 20×64 | «64000|6400» |
| LSTM(128), last output | 128 | «98816|98304» |
| Dense(1, sigmoid) | 1 | «129|128» |
""",
    "bn-exam": """\
Input: 3×64×64. BatchNorm has two trainable parameters per channel.

| # | Layer | Output (C×H×W) | Trainable parameters |
|---|---|---|---|
| 1 | Conv 3×3, 16, s=2, p=1, no bias | 16×32×32 | «432|448» |
| 2 | BatchNorm | 16×32×32 | «32|64» |
| 3 | ReLU | 16×32×32 | 0 |
| 4 | Conv 3×3, 32, s=2, p=1, no bias | «32×16×16|32×15×15» | 4608 |
| 5 | BatchNorm | 32×16×16 | 64 |
| 6 | ReLU | 32×16×16 | 0 |
| 7 | Global average pooling | 32 | 0 |
| 8 | FC 10 | 10 | 330 |
""",
    "csv-like": """\
layer,kernel,stride,padding,output,params
input,,,,32x32x3,0
conv1,5x5,1,2,32x32x16,«1216|1200»
pool1,2x2,2,0,«16x16x16|15x15x16»,0
conv2,5x5,1,2,16x16x32,«12832|12800»
pool2,2x2,2,0,8x8x32,0
fc1,,,,128,262272
fc2,,,,10,1290
""",
    "squeezenet-fire": """\
Fire module, input 55×55×96, squeeze 16, expand 64 + 64.

| layer | filter | output | parameters |
|---|---|---|---|
| squeeze1x1 | 1×1×96×16 | 55×55×16 | «1552|1536» |
| expand1x1 (from squeeze1x1) | 1×1×16×64 | 55×55×64 | «1088|1024» |
""",
    "latex-booktabs": r"""\begin{table}
\centering
\begin{tabular}{llrr}
\toprule
Layer & Hyperparameters & Output & \#Params \\
\midrule
Input & -- & $(3, 32, 32)$ & 0 \\
Conv2D & $k=3,\ s=1,\ p=1,\ c=64$ & $(64, 32, 32)$ & «1\,792|1\,728» \\
MaxPool & $k=2,\ s=2$ & «$(64, 16, 16)$|$(64, 15, 15)$» & 0 \\
Conv2D & $k=3,\ s=1,\ p=1,\ c=128$ & $(128, 16, 16)$ & 73\,856 \\
AvgPool & global & $(128)$ & 0 \\
Linear & $128 \to 10$ & $(10)$ & «1\,290|1\,280» \\
\midrule
Total & & & 76\,938 \\
\bottomrule
\end{tabular}
\end{table}
""",
    "german-klausur": """\
Gegeben ist ein Bild mit 28×28 Pixeln (1 Kanal). Füllen Sie die Tabelle aus.

| Schicht | Kernel | Stride | Padding | Ausgabe | Parameter |
|---|---|---|---|---|---|
| Conv1 | 5×5, 8 Filter | 1 | 2 | 28×28×8 | «208|200» |
| MaxPool1 | 2×2 | 2 | 0 | «14×14×8|14×14×16» | 0 |
| Conv2 | 3×3, 16 Filter | 1 | 0 | 12×12×16 | «1168|1152» |
| MaxPool2 | 2×2 | 2 | 0 | 6×6×16 | 0 |
| FC | – | – | – | 10 | 5770 |
""",
    "excel-tabs": """\
Layer	Filters	Kernel	Stride	Pad	Output H	Output W	Output C	Params
Input					32	32	3	0
Conv1	16	3	1	1	32	32	16	«448|432»
Pool1		2	2	0	«16|15»	16	16	0
Conv2	32	3	1	1	16	16	32	«4640|4608»
""",
    "rf-table-only": """\
| Layer | Kernel size | Stride | Receptive field |
|---|---|---|---|
| conv1 | 7 | 2 | 7 |
| pool1 | 3 | 2 | «11|9» |
| conv2 | 3 | 1 | «19|15» |
| conv3 | 3 | 1 | «27|35» |
""",
    "keras-summary-bn": """\
Model: "sequential_1"
_________________________________________________________________
 Layer (type)                Output Shape              Param #
=================================================================
 conv2d_1 (Conv2D)           (None, 30, 30, 32)        896

 batch_normalization (Batch  (None, 30, 30, 32)        «128|64»
 Normalization)

 max_pooling2d (MaxPooling2  (None, 15, 15, 32)        0
 D)

 conv2d_2 (Conv2D)           (None, 13, 13, 64)        18496

 flatten (Flatten)           (None, 10816)             0

 dense (Dense)               (None, 10)                «108170|108160»

=================================================================
Total params: 127690 (498.79 KB)
Trainable params: 127626 (498.54 KB)
Non-trainable params: 64 (256.00 Byte)
_________________________________________________________________
""",
    "mlp-shapes": """\
Network 4-5-3 with biases.

| layer | W shape | b shape | output | # parameters |
|---|---|---|---|---|
| input | | | 4 | 0 |
| hidden | 5×4 | 5 | 5 | «25|20» |
| output | «3×5|3×4» | 3 | 3 | «18|15» |
""",
    "html-report": """\
<table><thead><tr><th>Layer</th><th>Output size</th><th>FLOPs</th><th>Params</th></tr></thead>
<tbody>
<tr><td>Input</td><td>32×32×3</td><td>–</td><td>–</td></tr>
<tr><td>Conv 3×3, 16, pad 1</td><td>32×32×16</td><td>884,736</td><td>«448|432»</td></tr>
<tr><td>MaxPool 2×2</td><td>«16×16×16|16×16×32»</td><td>–</td><td>–</td></tr>
<tr><td>Conv 3×3, 32, pad 1</td><td>16×16×32</td><td>«2,359,296|2,359,926»</td><td>4,640</td></tr>
</tbody></table>
""",
    "resnet-block-table": """\
Basic block on 56×56×64, no biases.

| Layer | Kernel | Stride | Output | Parameters |
|---|---|---|---|---|
| conv1 | 3×3, 128 | 2 | 28×28×128 | «73,728|73,856» |
| bn1 | – | – | 28×28×128 | 256 |
| conv2 | 3×3, 128 | 1 | «28×28×128|56×56×128» | 147,456 |
| bn2 | – | – | 28×28×128 | «256|128» |
""",
    "caffe-like": """\
name | type | kernel | stride | pad | top shape | #params
--- | --- | --- | --- | --- | --- | ---
data | Input | | | | 1×28×28 | 0
conv1 | Convolution | 5 | 1 | 0 | 20×24×24 | «520|500»
pool1 | Pooling (max) | 2 | 2 | 0 | «20×12×12|20×13×13» | 0
conv2 | Convolution | 5 | 1 | 0 | 50×8×8 | «25050|25000»
pool2 | Pooling (max) | 2 | 2 | 0 | 50×4×4 | 0
ip1 | InnerProduct | | | | 500 | 400500
ip2 | InnerProduct | | | | 10 | 5010
""",
    "exam-blank-filled": r"""\begin{tabular}{|l|c|c|}
\hline
\textbf{Layer} & \textbf{Output volume} & \textbf{\# parameters} \\ \hline
INPUT & $64\times64\times3$ & 0 \\ \hline
CONV7-32 (stride 2, pad 3) & $32\times32\times32$ & $(7\cdot7\cdot3+1)\cdot32 = «4736|4704»$ \\ \hline
POOL2 & $«16\times16\times32|16\times16\times3»$ & 0 \\ \hline
CONV3-64 (stride 1, pad 1) & $16\times16\times64$ & $(3\cdot3\cdot32+1)\cdot64 = «18496|18432»$ \\ \hline
FC-10 & $10$ & $(16\cdot16\cdot64+1)\cdot10 = 163850$ \\ \hline
\end{tabular}
""",
    "macs-table": """\
Input 28×28×1, 'same' convolutions.

| Layer | Output | MACs |
|---|---|---|
| Conv 3×3, 8 | 28×28×8 | «56,448|5,644» |
| MaxPool 2×2 | 14×14×8 | – |
| Conv 3×3, 16 | 14×14×16 | «225,792|225,729» |
| FC 10 | 10 | «31,360|3,136» |
""",
    "steps-sentences": """\
Input: 32 x 32 x 3

1. Conv layer, 16 filters of 5x5, stride 1, pad 2: output 32 x 32 x 16, parameters 5*5*3*16 + 16 = «1216|1200»
2. Max pool 2x2, stride 2: output «16 x 16 x 16|16 x 16 x 32», parameters 0
3. Conv layer, 32 filters of 3x3, stride 1, pad 1: output 16 x 16 x 32, parameters 3*3*16*32 + 32 = «4640|4608»
""",
    "gru-text": """\
| Layer | Input size | Output size | Parameters |
|---|---|---|---|
| nn.GRU(10, 20) | 10 | 20 | 1920 |
| nn.Linear(20, 5) | 20 | 5 | «105|100» |
""",
    "portuguese": """\
Imagem de entrada: 32×32×3.

| Camada | Saída | Parâmetros |
|---|---|---|
| Convolução 3×3, 8 filtros, padding 1 | 32×32×8 | «224|216» |
| Max pooling 2×2 | «16×16×8|15×15×8» | 0 |
| Convolução 3×3, 16 filtros, padding 1 | 16×16×16 | «1168|1152» |
| Totalmente conectada, 10 neurônios | 10 | 40970 |
""",
    "japanese": """\
入力画像は 28×28×1 とする。

| 層 | 出力サイズ | パラメータ数 |
|---|---|---|
| 畳み込み 3×3, 16 フィルタ | 26×26×16 | «160|144» |
| 最大プーリング 2×2 | «13×13×16|14×14×16» | 0 |
| 全結合 10 | 10 | «27050|27040» |
""",
    "yolo": """\
Input 416×416×3, leaky ReLU after each convolution, padding keeps the size, no biases.

| Type | Filters | Size/Stride | Output |
|---|---|---|---|
| Convolutional | 32 | 3×3/1 | 416×416×32 |
| Maxpool | | 2×2/2 | «208×208×32|208×208×64» |
| Convolutional | 64 | 3×3/1 | 208×208×64 |
| Maxpool | | 2×2/2 | «104×104×64|104×104×32» |
| Convolutional | 128 | 3×3/1 | «104×104×128|104×104×64» |
""",
    "siamese-headings": """\
Each twin gets a 105×105 grey image.

| Layer | Filter size | # Filters | Feature map size | Parameters |
|---|---|---|---|---|
| Conv1 | 10×10 | 64 | 96×96 | «6464|6400» |
| Pool1 | 2×2 | – | «48×48|47×47» | 0 |
| Conv2 | 7×7 | 128 | 42×42 | «401536|401408» |
| Pool2 | 2×2 | – | 21×21 | 0 |
""",
    "sentences-torch": """\
The network takes a 3x32x32 image.

The first layer is nn.Conv2d(3, 16, 5). Its output is 16x«28|27»x28 and it has «1216|1200» parameters.
Then nn.MaxPool2d(2) halves the map to 16x14x14.
The second convolution is nn.Conv2d(16, 32, 3, padding=1). Its output is 32x14x14 and it has «4640|4608» parameters.
After nn.MaxPool2d(2) the output is 32x7x7.
The last layer is nn.Linear(1568, 10). It has «15690|15680» parameters.
""",
    "one-layer-no-bias": """\
**Q2.** A convolutional layer without biases reads a volume of 16×16×32 and has 64 filters of size 3×3, stride 2, padding 1.

* Output volume: «8×8|9×9»×64
* Parameters: 3·3·32·64 = «18432|18496»
* Multiplications: 8·8·64·3·3·32 = «1179648|1197648»
""",  # noqa: E501
    "recurrent-counts": """\
Parameter counts of recurrent cells, input size 32, hidden size 64 (PyTorch, two bias vectors each):

| Cell | Gates | Parameters |
|---|---|---|
| nn.RNN(32, 64) | 1 | «6272|6208» |
| nn.GRU(32, 64) | 3 | «18816|18624» |
| nn.LSTM(32, 64) | 4 | «25088|24832» |
""",
    "d2l-summary": r"""```python
def layer_summary(self, X_shape):
    X = torch.randn(*X_shape)
    for layer in self.net:
        X = layer(X)
        print(layer.__class__.__name__, 'output shape:\t', X.shape)

model = LeNet()
model.layer_summary((1, 1, 28, 28))
```

```
Conv2d output shape:	 torch.Size([1, 6, 28, 28])
Sigmoid output shape:	 torch.Size([1, 6, 28, 28])
AvgPool2d output shape:	 torch.Size([1, 6, «14|13», 14])
Conv2d output shape:	 torch.Size([1, 16, 10, 10])
Sigmoid output shape:	 torch.Size([1, 16, 10, 10])
AvgPool2d output shape:	 torch.Size([1, 16, 5, 5])
Flatten output shape:	 torch.Size([1, «400|450»])
Linear output shape:	 torch.Size([1, 120])
Sigmoid output shape:	 torch.Size([1, «120|84»])
Linear output shape:	 torch.Size([1, 84])
Sigmoid output shape:	 torch.Size([1, 84])
Linear output shape:	 torch.Size([1, 10])
```

The first convolution has 5x5 kernels with padding 2, the second 5x5 kernels; pools are 2x2 with stride 2.
""",
    "french-itemize": r"""\section*{Exercice 3}
Une image RVB de taille $64\times64$ passe par les couches suivantes.
\begin{itemize}
\item Conv 5×5, 16 filtres, pas 1, sans remplissage. Taille de sortie : $«60|62»\times60\times16$. Nombre de paramètres : $(5\cdot5\cdot3+1)\cdot16 = «1216|1200»$.
\item Max-pooling 2×2, pas 2. Taille de sortie : $30\times30\times16$. Nombre de paramètres : $0$.
\item Conv 3×3, 32 filtres, pas 1, sans remplissage. Taille de sortie : $28\times28\times32$. Nombre de paramètres : $(3\cdot3\cdot16+1)\cdot32 = «4640|4680»$.
\item Couche entièrement connectée, 10 neurones. Nombre de paramètres : $(28\cdot28\cdot32+1)\cdot10 = «250890|250880»$.
\end{itemize}
""",  # noqa: E501
    "rf-worked": r"""Receptive fields of AlexNet's first layers, by $r_{l} = r_{l-1} + (k_l - 1) \cdot j_{l-1}$:

* conv1 (k = 11, s = 4): r = 1 + 10·1 = «11|10», j = 4
* pool1 (k = 3, s = 2): r = 11 + 2·4 = «19|17», j = 8
* conv2 (k = 5, s = 1): r = 19 + 4·8 = 51, j = 8
* pool2 (k = 3, s = 2): r = 51 + 2·8 = «67|76», j = «16|8»
* conv3 (k = 3, s = 1): r = 67 + 2·16 = 99, j = 16
""",
    "keras-pre-html": """\
<h2>Aufgabe 2</h2>
<p>Das Netz liest Bilder der Größe 64×64×3.</p>
<pre>
Layer (type)                 Output Shape              Param #
=================================================================
conv2d (Conv2D)              (None, 62, 62, 16)        «448|432»
_________________________________________________________________
max_pooling2d (MaxPooling2D) (None, «31|32», 31, 16)        0
_________________________________________________________________
conv2d_1 (Conv2D)            (None, 29, 29, 32)        «4640|4608»
_________________________________________________________________
global_average_pooling2d (Gl (None, 32)                0
_________________________________________________________________
dense (Dense)                (None, 5)                 «165|160»
=================================================================
Total params: «5253|5235»
Trainable params: 5,253
Non-trainable params: 0
_________________________________________________________________
</pre>
""",
    "german-abc": """\
Aufgabe 4. Ein Bild mit 48×48×3 Pixeln wird von einem CNN verarbeitet.

a) Faltungsschicht mit 12 Filtern der Größe 5×5, Schrittweite 1, Padding 2: Ausgabe «48×48×12|44×44×12», Parameter (5·5·3+1)·12 = «912|900»
b) Max-Pooling 2×2 mit Schrittweite 2: Ausgabe 24×24×12, Parameter 0
c) Faltungsschicht mit 24 Filtern der Größe 3×3, Schrittweite 2, Padding 1: Ausgabe «12×12×24|13×13×24», Parameter (3·3·12+1)·24 = 2616
d) Vollverbundene Schicht mit 10 Neuronen: Ausgabe 10, Parameter (12·12·24+1)·10 = «34570|34560»
""",  # noqa: E501
    "named-parameters": """\
LeNet for 28x28 MNIST digits. I printed the parameters with

```python
for name, p in model.named_parameters():
    print(name, tuple(p.shape), p.numel())
```

```
conv1.weight (6, 1, 5, 5) «150|156»
conv1.bias (6,) 6
conv2.weight (16, 6, 5, 5) «2400|2416»
conv2.bias (16,) «16|6»
fc1.weight (120, 400) 48000
fc1.bias (120,) 120
fc2.weight (84, 120) «10080|10164»
fc2.bias (84,) 84
fc3.weight (10, 84) 840
fc3.bias (10,) 10
```

Total: «61706|61760» parameters.
""",
    "rnn-matrices": """\
GRU with input size 8 and hidden size 16. Number of entries of each parameter:

| Parameter | Shape | Entries |
|---|---|---|
| W_xz | 8×16 | «128|182» |
| W_hz | 16×16 | 256 |
| b_z | 16 | 16 |
| W_xr | 8×16 | 128 |
| W_hr | 16×16 | «256|265» |
| b_r | 16 | 16 |
| W_xh | 8×16 | 128 |
| W_hh | 16×16 | 256 |
| b_h | 16 | 16 |
| Total | | «1200|1300» |
""",
    "german-sentences": """\
Ein Graustufenbild der Größe 28×28×1 wird verarbeitet.

Die erste Schicht ist eine Faltung mit 8 Filtern der Größe 3×3 und Padding 1. Ihre Ausgabe ist «28×28×8|26×26×8», sie hat (3·3·1+1)·8 = «80|72» Parameter.
Das Max-Pooling mit 2×2 und Schrittweite 2 verkleinert auf 14×14×8.
Die zweite Faltung hat 16 Filter der Größe 3×3 und Padding 1. Ihre Ausgabe ist 14×14×16, sie hat (3·3·8+1)·16 = «1168|1186» Parameter.
""",  # noqa: E501
    "code-comments": """\
```python
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(                     # 3 x 64 x 64
            nn.Conv2d(3, 16, 5, stride=2, padding=2), # 16 x «32|30» x 32
            nn.ReLU(),
            nn.MaxPool2d(2),                          # 16 x 16 x 16
            nn.Conv2d(16, 32, 3, padding=1),          # «32|16» x 16 x 16
            nn.ReLU(),
            nn.MaxPool2d(2),                          # 32 x 8 x 8
            nn.Flatten(),                             # «2048|2408»
            nn.Linear(2048, 10))                      # 10
```
""",
    "exam-abc-formulas": """\
**Problem 2** (10 points). A 227×227×3 image is convolved with 96 filters of size 11×11, stride 4, no padding.

(a) What is the spatial size of the output? (227 − 11)/4 + 1 = «55|56»

(b) How many parameters does the layer have? (11·11·3 + 1)·96 = «34944|34848»

(c) How many multiplications are needed? 55·55·96·11·11·3 = «105415200|105415020»
""",
    "two-architectures": r"""\begin{tabular}{lcc}
\hline
Layer & Output & Parameters \\ \hline
\multicolumn{3}{c}{\textit{Network A (input $32\times32\times3$)}} \\ \hline
CONV3-16 (p=1) & $32\times32\times16$ & «448|432» \\
POOL-2 & $16\times16\times16$ & 0 \\
FC-10 & 10 & «40970|40960» \\ \hline
\multicolumn{3}{c}{\textit{Network B (input $32\times32\times3$)}} \\ \hline
CONV5-8 (p=2) & $32\times32\times8$ & «608|600» \\
POOL-4 & «$8\times8\times8$|$16\times16\times8$» & 0 \\
FC-10 & 10 & 5130 \\ \hline
\end{tabular}
""",
    "totals-in-prose": """\
Input 28×28×1.

| Layer | Output | Parameters |
|---|---|---|
| Conv2D(8, 3) | 26×26×8 | «80|72» |
| MaxPooling2D(2) | 13×13×8 | 0 |
| Dense(10) | 10 | 13530 |

In total the network has «13,610|13,160» trainable parameters. (VGG-16 has 138,357,544 parameters in total.)
""",
    "sentences-walk": """\
We feed a 64x64 RGB image (64x64x3) into the network.

First comes a convolutional layer with 32 filters of size 5x5, stride 2 and padding 2. This produces an output of size «32x32x32|30x30x32» and needs (5*5*3+1)*32 = «2432|2400» parameters.

Next, a 2x2 max pooling with stride 2 reduces this to 16x16x32. It has no parameters.

Then a second convolutional layer with 64 filters of size 3x3, stride 1 and padding 1 follows. This produces an output of size 16x16x64 and needs (3*3*32+1)*64 = «18496|18436» parameters.

Finally, a fully connected layer with 10 neurons needs (16*16*64+1)*10 = «163850|163840» parameters.
""",  # noqa: E501
    "forward-comments": """\
```python
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)       # 6x28x28, 456 params
        self.pool = nn.MaxPool2d(2, 2)        # 6x«14|13»x14
        self.conv2 = nn.Conv2d(6, 16, 5)      # 16x10x10, «2416|2400» params
        self.pool2 = nn.MaxPool2d(2, 2)       # 16x5x5
        self.fc1 = nn.Linear(16 * 5 * 5, 120) # 120, «48120|48000» params
        self.fc2 = nn.Linear(120, 84)         # 84, 10164 params
        self.fc3 = nn.Linear(84, 10)          # 10, 850 params
```

The input is a CIFAR image, 3x32x32.
""",
    "keras-weights-list": """\
Input: vectors of length 20.

    dense/kernel:0   (20, 64)   «1280|1344»
    dense/bias:0     (64,)      64
    dense_1/kernel:0 (64, 32)   «2048|2084»
    dense_1/bias:0   (32,)      32
    dense_2/kernel:0 (32, 1)    32
    dense_2/bias:0   (1,)       «1|32»
""",
    "french-sentences": """\
Soit une image en niveaux de gris de taille 28×28×1.

La première couche est une convolution avec 6 filtres de taille 5×5 et un padding de 2. Sa sortie est «28×28×6|24×24×6» et elle a (5·5·1+1)·6 = «156|150» paramètres.
La deuxième couche est un max-pooling 2×2. Sa sortie est 14×14×6.
La troisième couche est une convolution avec 16 filtres de taille 5×5. Sa sortie est «10×10×16|11×11×16» et elle a (5·5·6+1)·16 = 2416 paramètres.
La dernière couche est entièrement connectée avec 10 neurones et elle a (10·10·16+1)·10 = 16010 paramètres.
""",  # noqa: E501
    "question-answer": """\
Q1. How many parameters does nn.Conv2d(64, 128, kernel_size=3, padding=1, bias=False) have? 64*128*3*3 = «73728|73856»

Q2. How many parameters does nn.Linear(512, 100) have? 512*100 + 100 = «51300|51200»

Q3. How many parameters does nn.BatchNorm2d(128) have? 2*128 = «256|128»
""",
    "keras-functional": """\
```python
inputs = keras.Input(shape=(28, 28, 1))                 # (28, 28, 1)
x = layers.Conv2D(32, 3, strides=2, padding="same")(inputs)  # (14, «14|13», 32)
x = layers.Conv2D(64, 3, strides=2, padding="same")(x)       # («7|8», 7, 64)
x = layers.Flatten()(x)                                      # («3136|3163»,)
x = layers.Dense(16)(x)                                      # (16,)
```
""",
    "html-channels": """\
<html><body><h2>Exercise 3</h2><p>The network gets 1×28×28 images.</p>
<table border=1>
<tr><th rowspan=2>Layer<th colspan=2>Output<th rowspan=2>Parameters
<tr><th>channels<th>size
<tr><td>conv 5×5, pad 2<td>8<td>28×28<td>«208|200»
<tr><td>max pool 2×2<td>8<td>«14×14|13×13»<td>0
<tr><td>conv 3×3, pad 1<td>16<td>14×14<td>«1168|1186»
<tr><td>max pool 2×2<td>«16|8»<td>7×7<td>0
</table></body></html>
""",
    "list-sizes": """\
Spatial sizes, starting from a 224×224×3 image:

- conv1 (k = 7, s = 2, p = 3): (224 + 6 − 7)/2 + 1 = «112|111»
- pool1 (k = 3, s = 2, p = 1): (112 + 2 − 3)/2 + 1 = «56|55»
- conv2 (k = 3, s = 2, p = 1): (56 + 2 − 3)/2 + 1 = «28|27»
""",
    "nested-solution": """\
### Solution to problem 4

Input: 128×128×3

* Layer 1 – Conv, 16 filters of size 5×5, stride 1, padding 2
    * Output dims: «128×128×16|124×124×16»
    * #Params: (5·5·3 + 1)·16 = «1216|1200»
* Layer 2 – MaxPool 4×4, stride 4
    * Output dims: «32×32×16|31×31×16»
    * #Params: 0
* Layer 3 – Conv, 32 filters of size 3×3, stride 1, padding 1
    * Output dims: 32×32×32
    * #Params: (3·3·16 + 1)·32 = «4640|4680»
* Layer 4 – FC with 20 neurons
    * Output dims: 20
    * #Params: 32·32·32·20 + 20 = 655380
""",
    "torchinfo-cols": """\
```
===================================================================================================================
Layer (type:depth-idx)        Kernel Shape     Input Shape         Output Shape        Param #      Mult-Adds
===================================================================================================================
Net                           --               [1, 3, 32, 32]      [1, 10]             --           --
├─Conv2d: 1-1                 [3, 3]           [1, 3, 32, 32]      [1, 16, 32, 32]     «448|432»          «458752|442368»
├─MaxPool2d: 1-2              2                [1, 16, 32, 32]     [1, 16, «16|15», 16]     --           --
├─Conv2d: 1-3                 [3, 3]           [1, 16, 16, 16]     [1, 32, 16, 16]     4640         «1187840|1187480»
├─Flatten: 1-4                --               [1, 32, 16, 16]     [1, 8192]           --           --
├─Linear: 1-5                 --               [1, 8192]           [1, 10]             «81930|81920»        81930
===================================================================================================================
```
""",  # noqa: E501
    "keras-residual": """\
```
Layer (type)                    Output Shape         Param #     Connected to
==================================================================================================
input_1 (InputLayer)            [(None, 32, 32, 16)] 0
__________________________________________________________________________________________________
conv2d (Conv2D)                 (None, 32, 32, 16)   «2320|2304»        input_1[0][0]
__________________________________________________________________________________________________
batch_normalization (BatchNorma (None, 32, 32, 16)   «64|32»          conv2d[0][0]
__________________________________________________________________________________________________
re_lu (ReLU)                    (None, 32, 32, 16)   0           batch_normalization[0][0]
__________________________________________________________________________________________________
conv2d_1 (Conv2D)               (None, 32, 32, 16)   2320        re_lu[0][0]
__________________________________________________________________________________________________
add (Add)                       (None, 32, 32, 16)   0           conv2d_1[0][0]
                                                                 input_1[0][0]
==================================================================================================
Total params: «4704|4740»
Trainable params: 4,672
Non-trainable params: 32
```
""",
    "hidden-state": """\
| Model | Input | Hidden | Parameters |
|---|---|---|---|
| RNN | 50 | 100 | 100·50 + 100·100 + 100 = «15100|15000» |
| GRU | 50 | 100 | 3·(100·50 + 100·100 + 100) = «45300|45000» |
| LSTM | 50 | 100 | 4·(100·50 + 100·100 + 100) = «60400|60040» |
""",
    "memory-bytes": """\
Memory of the activations in bytes (float32, 4 bytes each), input 64×64×3:

| Layer | Output | Memory |
|---|---|---|
| CONV3-16 (p=1) | 64×64×16 | 64·64·16·4 = «262144|65536» |
| POOL-2 | «32×32×16|16×16×16» | 32·32·16·4 = 65536 |
| CONV3-32 (p=1) | 32×32×32 | 32·32·32·4 = «131072|131027» |
""",
    "jax-flax": """\
```
+-----------------+----------------+-----------+
| Name            | Shape          | Size      |
+-----------------+----------------+-----------+
| Conv_0/bias     | (32,)          | 32        |
| Conv_0/kernel   | (3, 3, 1, 32)  | «288|320»       |
| Conv_1/bias     | (64,)          | 64        |
| Conv_1/kernel   | (3, 3, 32, 64) | «18432|18496»    |
| Dense_0/bias    | (256,)         | 256       |
| Dense_0/kernel  | (3136, 256)    | 802,816   |
| Dense_1/bias    | (10,)          | «10|256»        |
| Dense_1/kernel  | (256, 10)      | 2,560     |
+-----------------+----------------+-----------+
```
""",
    "one-paragraph": """\
An input of 1x28x28 goes through the following layers. The first convolution has 10 kernels of 5x5 and outputs 10x«24|28»x24 with 10*(1*5*5+1) = «260|250» parameters. The max pooling of 2x2 outputs 10x12x12. The second convolution has 20 kernels of 5x5 and outputs 20x«8|7»x8 with 20*(10*5*5+1) = «5020|5200» parameters.
""",  # noqa: E501
    "seq-model": """\
```python
model = keras.Sequential([
    keras.Input(shape=(100,)),                       # (100,)
    layers.Embedding(5000, 32),                      # (100, 32), 160000 params
    layers.LSTM(64),                                 # («64|32»,), «24832|24576» params
    layers.Dense(32, activation="relu"),             # (32,), «2080|2048» params
    layers.Dense(1, activation="sigmoid"),           # (1,), 33 params
])
```
""",
    "answers-bold": """\
**a)** The convolution layer has 32 filters of size 3x3x16, stride 1 and padding 1. Its input is 20x20x16. **Output size: «20x20x32|18x18x32»**. **Number of parameters: (3*3*16+1)*32 = «4640|4608»**.

**b)** The pooling layer is 2x2 with stride 2. **Output size: «10x10x32|9x9x32»**. **Number of parameters: 0**.
""",  # noqa: E501
}


def test_right_documents_are_right() -> None:
    """Nothing is wrong, empty or not read."""
    reports = {name: adtrace.check(_SLIP.sub(r"\1", text)) for name, text in DOCUMENTS.items()}
    assert {name: str(report) for name, report in reports.items() if report.exit_status} == {}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_wrong_number_is_found_alone(name: str) -> None:
    """At its line, or that of its item, and nothing else is blamed."""
    for slip in _SLIP.finditer(DOCUMENTS[name]):
        text = f"{DOCUMENTS[name][: slip.start()]}{slip[2]}{DOCUMENTS[name][slip.end() :]}"
        report = adtrace.check(_SLIP.sub(r"\1", text))
        before = DOCUMENTS[name][: slip.start()].split("\n")
        item = max(
            (k for k, line in enumerate(before, start=1) if line.startswith(("-", "1.", "###", "**", "* L"))), default=0
        )
        assert {one.line for one in report.mistakes} in ({len(before)}, {item}), str(report)
        assert report.exit_status == 3


def test_rows_that_are_left_out_are_not_judged() -> None:
    """What stands below an ellipsis is judged by the size above it, and nobody knows the sum."""
    table = """Input 224x224x3.

| Layer | Output | Parameters |
|---|---|---|
| Conv 3x3, 64 | 224×224×64 | 1792 |
| {0} | {0} | {0} |
| MaxPool 2x2 | 7×7×512 | 0 |
| FC 4096 | 4096 | 102764544 |
| Total | | 138357544 |
"""
    for dots in ("...", "⋮", "$\\vdots$"):
        report = adtrace.check(table.format(dots))
        assert [(one.line, one.quantity) for one in report.findings if one.state != RIGHT] == [
            (7, "size"), (7, "parameters"), (9, "parameters")]  # fmt: skip
        assert {one.state for one in report.findings} == {RIGHT, NOT_READ}


def test_a_shape_may_look_like_a_number_with_thousands() -> None:
    """20,128 are 20 steps of 128 features, and 128,000 is a number."""
    heading = "| Layer | Output | Parameters |\n|-|-|-|\n"
    table = heading + "| Embedding(1000, 128) | {} | 128,000 |\n| LSTM(64) | 64 | 49,408 |\n"
    assert adtrace.check(table.format("20,128")).exit_status == 0
    assert [one.expected for one in adtrace.check(table.format("20,182")).mistakes] == ["20×128"]


@pytest.mark.parametrize(("old", "new"), [
    ("stride 2 |", "stride 0 |"), ("| 4 | 2 | 1 | 8×8×256", "| 819200 | 6144 | 1 | 8×8×256"),
    ("| 4 | 2 | 1 | 16×16×128", "| 4 | 99999999999 | 1 | 16×16×128"), ("strides=2", "stride 0"),
    ("7×7, 64", "0×0, 64"),
])  # fmt: skip
def test_lengths_that_nobody_has_are_answered(old: str, new: str) -> None:
    """A stride of nothing ended in a traceback, windows of thousands of places between layers took minutes."""
    for name in ("resnet-rows", "latex", "dcgan", "autoencoder"):
        if old in DOCUMENTS[name]:
            report = adtrace.check(_SLIP.sub(r"\1", DOCUMENTS[name]).replace(old, new, 1))
            assert report.exit_status in (3, 4), str(report)


TWO_PROBLEMS = """## Problem 1

Input 28×28×1.

| Layer | Output | Parameters |
|---|---|---|
| Conv2D(8, 3) | 26×26×8 | 80 |
| MaxPooling2D(2) | 13×13×8 | 0 |
| Dense(10) | 10 | {} |

In total the network has 13,610 parameters.

## Problem 2

Basic block on 56×56×64, no biases.

| Layer | Kernel | Stride | Output | Parameters |
|---|---|---|---|---|
| conv1 | 3×3, 128 | 2 | 28×28×128 | {} |
| bn1 | – | – | 28×28×128 | 256 |
"""


@pytest.mark.parametrize(("numbers", "lines"), [
    (("13530", "73,728"), []), (("13520", "73,728"), [9]), (("13530", "73,856"), [19]),
])  # fmt: skip
def test_what_stands_below_a_title_is_of_the_next_table(numbers: tuple[str, str], lines: list[int]) -> None:
    """The second network has no biases, and those of the first one were blamed."""
    assert [mistake.line for mistake in adtrace.check(TWO_PROBLEMS.format(*numbers)).mistakes] == lines
