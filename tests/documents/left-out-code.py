import math

# 
w = 0.8
x = 1.5
b = -0.4
# forward
m = w*x  # 1.2000
a = sigmoid(z)  # 0.6900
L = a**2  # 0.4761
# backward
dL = 1  # 1
da = 2*a*dL  # 1.3799
dz = a*(1 - a)*da  # 0.2952
dm = dz  # 0.2952
db = dz  # 0.2952
dx = w*dm  # 0.2361
dw = x*dm  # 0.4428
