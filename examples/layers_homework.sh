#!/bin/sh
# The layer questions of five homeworks: output sizes, parameters, multiplications and receptive fields.
# Under each command stands what is in its answer; a test runs them all.

# 28×28×1 through CONV3-10 with padding 1, pooling, the same again, and three outputs.
adtrace layers "CONV3-10 | POOL-2 | CONV3-10 | POOL-2 | FLATTEN | FC-3" --input 28x28x1 --columns size,params --format text
# ⌊(28+2·1-3)/1⌋+1 = 28×28×10
# 3·3·1·10+10 =   100
# 3·3·10·10+10 =   910
# 490·3+3 = 1,473

# The receptive field of three convolutions of 5×5 with stride 1 is L(K-1)+1 = 13.
adtrace layers "Conv(k=5) *3" --input 64x64 --columns field --format text
# 9+4·1 = 13

# A transposed convolution of 2×2 on 2×2.
adtrace layers "ConvTranspose2d(1, 1, 2, bias=False)" --input 1,2,2 --format text
# (2-1)·1-2·0+2 = 1×3×3

# A 21×12 image, a kernel of 4×5, stride 4.
adtrace layers "CONV4x5-1(4,0)" --input 21x12 --columns size --format text
# 17/4 and 7/4 are not whole: the last row and the last three columns of the padded input are not read
# = 5×2×1

# 32×32×3 through two blocks of convolution, ReLU and pooling.
adtrace layers "CONV3-10, ReLU, POOL-2, CONV3-20(3,2), ReLU, POOL-2, FLATTEN, FC-10" --input 32x32x3 --let "CONVk-N(s,p): s=1,p=1" --format text
# ⌊(16+2·2-3)/3⌋+1 = 6×6×20
# 3·3·10·20+20 = 1,820
# 180·10+10 = 1,810
# total   3,910
# total   343,080

# 96 kernels of 10×10 on 205×205×10 with stride 3: parameters and multiplications.
adtrace layers "CONV10-96(3,0)" --input 205x205x10 --format text
# 10·10·10·96+96 = 96,096
# 66·66·96·1000 = 418,176,000

# An input of 48×64×10 and a weight of 3×3×10×20: the answer has 20 channels, 20 biases, 5,133,600 multiplications.
adtrace layers "CONV3-20(1,0)" --input 48x64x10 --format text
# = 46×62×20
# 3·3·10·20+20 = 1,820
# 46·62·20·90 = 5,133,600

# 256×256×3: 64 kernels of 8×8 with stride 2, pooling of 5×5, 128 kernels of 4×4 with padding 1 and without biases.
adtrace layers "CONV8-64(2,0), POOL-5, Conv2d(64, 128, 4, padding=1, bias=False)" --input 256x256x3 --columns size,params,activations --format text
# = 125×125×64
# = 25×25×64
# = 24×24×128
# 4·4·64·128 = 131,072
# 24·24·128 =    73,728
