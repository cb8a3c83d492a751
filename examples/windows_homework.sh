#!/bin/sh
# The questions of a homework on windows: which kernel, stride, padding and dilation; what a convolution comes to.
# Under each command stands what is in its answer; a test runs them all.

# An 8-kernel without dilation halves 64: which stride and padding?
adtrace window --in 64 --out 32 --set k=8,d=1 --find s,p --format text
# ⌊(64+2·3-1·7-1)/2⌋+1 = 32
# There is no other answer.

# With dilation 7 and stride 2: which kernel and padding?  A family.
adtrace window --in 64 --out 32 --set d=7,s=2 --find k,p --format text
# p = ⌊7·(k-1)/2⌋ for k = 1, 2, …, 64 (64 answers)

# 205×205×10 becomes 66×66×96 with stride 3 and no padding: three kernels do, one of them divides exactly.
adtrace window --in 205 --out 66 --set s=3,p=0 --find k --format text
# ⌊(205+2·0-1·9-1)/3⌋+1 = 66
# These 3 are all.
adtrace window --in 205 --out 66 --set s=3,p=0 --find k --exact --format text
# There is no other answer.

# Pooling with windows side by side; one configuration a line.
adtrace window --case "2a: i=32,o=8,p=0,k=s" --case "2b: i=32,k=8,s=4 find o" --case "3a: i=8,o=4,p=0 find k,s" --case "3b: i=8,o=4,p=2,d=2 find k,s" --case "3c: i=8,o=4,p=1 find k,s" --format text
# 2a  32  0  1  4  4  8
# (k, s) = (1, 2), (2, 2), (5, 1)
# (k, s) = (2, 3), (3, 2), (5, 1)
# (k, s) = (3, 2), (4, 2), (7, 1)

# An input of 256×256 with 8×8 kernels and stride 2, then 5×5 max-pooling, then 4×4 kernels and padding 1.
adtrace window --in 256x256 --set k=8,s=2,p=0 --find o --format text
# ⌊(256+2·0-1·7-1)/2⌋+1 = 125
adtrace window --in 25x25 --set k=4,s=1,p=1 --find o --format text
# ⌊(25+2·1-1·3-1)/1⌋+1 = 24

# Full, same and valid convolution of (1, 2, 3, 4) with (1, 0, 2), products written out.
adtrace convolve "[1,2,3,4]" "[1,0,2]" --modes full,same,valid --format text
# 1·2 + 2·0 + 3·1 = 5
# (1, 2, 5, 8, 6, 8)
# (2, 5, 8, 6)
# (5, 8)

# What a filter of edges makes of a frame: deep learning does not flip the kernel.
adtrace convolve "[[0,0,0,0,0],[0,3,3,3,0],[0,3,3,3,0],[0,3,2,3,0],[0,3,2,3,0],[0,0,0,0,0]]" "[[1,-1],[1,-1]]" --no-flip --format text
# 0·1 + 3·(-1) + 0·1 + 3·(-1) = -6
# [-3 0 0 3; -6 0 0 6; -6 1 -1 6; -6 2 -2 6; -3 1 -1 3]

# Max-pooling with a window of 3 and stride 2.
adtrace convolve "1,6,2,8,1,2,7; 1,6,2,8,1,2,5; 0,5,8,1,5,7,1; 1,7,1,3,5,8,0; 5,2,4,4,5,8,4; 8,2,3,7,3,8,2; 1,2,3,6,5,9,6" --pool max --size 3 --stride 2 --format text
# max(5, 8, 4, 3, 8, 2, 5, 9, 6) = 9
# [8 8 7; 8 8 8; 8 7 9]
