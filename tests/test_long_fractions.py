"""Fractions that are put off: whatever is asked of one, the answer is that of the fraction computed at once."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest
from flint import arb, fmpq

import adtrace
from adtrace.limits import EXACT_BITS
from adtrace.numbers import NeedsPrecision, Singular, exact
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import Long, ball, exact_integer, precision, resolved, sign
from adtrace.numbers.rounding import fixed, legible, significant
from adtrace.numbers.value import Value
from adtrace.settings import HALF_EVEN, HALF_UP

CALL = CERTIFIED.functions
OPERATIONS = ("add", "sub", "mul", "div")


def drawn(pick: random.Random) -> Fraction:
    """A decimal of sixty digits, or a number that is 0, 1, or near to them."""
    if pick.random() < 0.3:
        return Fraction(pick.choice([0, 1, -1, 2, 10, Fraction(1, 3), Fraction(1, 2**70)]))
    return Fraction(pick.randint(-(10**60), 10**60), 10 ** pick.randint(40, 60))


def number(x: Fraction) -> fmpq:
    """The fraction in adtrace's arithmetic."""
    return fmpq(x.numerator, x.denominator)


def carried_out(name: str, x: Fraction, y: Fraction) -> Fraction:
    """The operation in Python's own fractions."""
    return {"add": x.__add__, "sub": x.__sub__, "mul": x.__mul__, "div": x.__truediv__}[name](y)


@pytest.mark.parametrize("seed", range(20))
def test_a_fraction_that_is_put_off_is_the_fraction(seed: int) -> None:
    """Its sign, its ball, its digits and the number itself are those of Python's fractions, after any operations."""
    pick = random.Random(seed)
    pool: list[tuple[Any, Fraction]] = [(number(x), x) for x in (drawn(pick) for _ in range(6))]
    with precision(128):
        for _ in range(60):
            (ours, x), (other, y) = pick.choice(pool), pick.choice(pool)
            name = pick.choice(OPERATIONS)
            if name == "div" and y == 0:
                with pytest.raises(Singular):
                    CALL["div"](ours, other)
                continue
            z = carried_out(name, x, y)
            if max(abs(z.numerator), z.denominator).bit_length() > EXACT_BITS - 10:
                continue
            made = CALL[name](ours, other)
            assert sign(made) == (z > 0) - (z < 0)
            assert (ball(made) - number(z)).contains(0)
            assert resolved(CALL["neg"](made)) == number(-z)
            if pick.random() < 0.3:
                assert fixed(made, 5, HALF_UP) == fixed(number(z), 5, HALF_UP)
                assert significant(made, 7, HALF_EVEN) == significant(number(z), 7, HALF_EVEN)
                assert float(Value(made, lambda bits, made=made: made)) == float(z)
                assert exact_integer(made) == (z.numerator if z.denominator == 1 else None)
                assert resolved(made) == number(z) == resolved(made)
            pool.append((made, z))
        assert all(resolved(made) == number(z) for made, z in pool)


PROGRAMS = [
    "x*y*x*y*x*y*x*y - (x*y)*(x*y)*(x*y)*(x*y)",
    "abs(x*x*x*x*x*x - (x*x*x)*(x*x*x))*y + x",
    "relu(x^20 - (x^4)^5) + sin(x*x*x*x*x*x*x*x - (x^2)^4) + y",
    "max(x*x*x*x*x*x*x, (x*x)*(x*x)*(x*x)*x)*exp(y)",
    "(x*x*x*x*x*x*x*y*y*y*y*y)/(x*x*x*x*x*x*x*y*y*y*y*y)*exp(1) - exp(1)",
    "1/7*(x*y*x*y*x*y*x*y)/(y*x*y*x*y*x*y*x) + 0.12345*(x*x*x*x*x*x*x*x)/((x*x)^4)",
    "atan2(y*y*y*y*y*y - (y*y*y)^2, -x*x*x*x*x*x)",
    "cos(pi*(x*x*x*x*x*x)/((x*x*x)^2)/3) + sqrt((x*x*x*x*x)^2)*y",
    "log2((x/x*y*x*x*x*x*8)/(y*x*x*x*x))*y*y*y*y*y*y*y",
    "ln((x*x*x*x*x*x*y)/(x*x*x*x*x*x)/y)*pi + pi*(x*x*x*x*x*x*x)",
    "x^200*y^200/(x*y)^199 - heaviside(x*x*x*x*x*x - (x*x*x)*(x*x*x))",
    "(x*x*x*x*x*x - (x*x*x)*(x*x*x))*exp(y) + tanh(x*x*x*x*x*x*x)",
]
LONG = {"x": "1.2345678901234567890123456789012345678901", "y": "-0.987654321098765432109876543210987654321"}


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_table_is_that_of_fractions_computed_at_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is put off, every table, note and exact value stays as it is with nothing put off."""
    shown = []
    for bits in (EXACT_BITS, 512, 3):
        monkeypatch.setattr(exact, "_SHORT", bits)
        trace = adtrace.trace(text, at=LONG, seed="each")
        tables = [
            trace.table(digits=digits, rounding=rounding, numbers=numbers)
            for digits in (0, 4, 60)
            for rounding in (HALF_EVEN, HALF_UP)
            for numbers in ("short", "fixed")
        ]
        values = [trace.value, trace.tangent, *trace.gradient.values()]
        shown.append((tables, [(str(value), value.exact, float(value)) for value in values]))
    assert shown[0] == shown[1] == shown[2]


def test_a_zero_in_long_decimals_is_a_kink() -> None:
    """x^k less x^k, computed in two ways with long decimals, is exactly 0: a kink, a tie, and no divisor."""
    both = "x*x*x*x*x*x*x*x*x*x*x*x", "(x*x*x*x)*(x*x*x*x)*(x*x*x*x)"
    at = {"x": LONG["x"]}
    zero = adtrace.trace(" - ".join(both[:1]) + f" - ({both[1]})", at=at, sharing=False)
    assert zero.value.exact == 0
    assert "= 0 " in zero.table(format="text")
    assert "abs'(0)" in adtrace.trace(f"abs({both[0]} - {both[1]} + x - {at['x']})", at=at, sharing=False).table()
    assert "tie" in adtrace.trace(f"max({both[0]}, {both[1]} + x - {at['x']})", at=at, sharing=False).table()
    with pytest.raises(adtrace.DomainError):
        adtrace.trace(f"1/({both[0]} - {both[1]})", at=at, sharing=False)


def test_a_tie_at_a_long_denominator() -> None:
    """0.12345 that comes about through fractions of a thousand digits is known to be a tie, and to end."""
    product = "*".join(["x"] * 20)
    trace = adtrace.trace(f"0.12345*({product})/({product})", at={"x": LONG["x"]}, sharing=False)
    assert f"{trace.value:.4f}" == "0.1234"
    assert trace.value.rounded(4, HALF_UP) == "0.1235"
    assert "= 0.12345 " in trace.table(digits=5, format="text")


@pytest.mark.parametrize("decimals", [0, 3, 20])
def test_what_is_printed_in_its_own_digits_is_found(decimals: int) -> None:
    """Every small fraction, and every decimal with so many digits, is computed from its ball's hint; others are not."""
    pick = random.Random(decimals)
    with precision(128):
        third = exact._fraction(fmpq(1, 3**400))
        back = exact._fraction(fmpq(3**400))
        for p, q in [(pick.randint(1, 99), pick.randint(1, 99)) for _ in range(200)] + [(7, 97), (1, 97), (1, 64)]:
            made = CALL["mul"](CALL["mul"](fmpq(p, -q), third), back)
            assert legible(made, decimals) == fmpq(p, -q)
        ended = fmpq(pick.randint(1, 10**decimals), 10**decimals)
        assert legible(CALL["mul"](CALL["mul"](ended, third), back), decimals) == ended
        other = CALL["add"](third, fmpq(1, 7919))
    assert legible(other, decimals) is other
    assert other.number is None


def test_putting_off_ends() -> None:
    """What is put off neither grows without bound nor is computed by recursion: factors, signs, the logistic map."""
    with precision(128):
        x, true = exact._fraction(fmpq(10**200 + 1, 10**200)), Fraction(10**200 + 1, 10**200)
        product, signed = x, x
        for _ in range(100):
            product = CALL["mul"](product, x)
            assert isinstance(product, arb) or product.bits <= 2 * EXACT_BITS
        assert isinstance(product, arb)
        for _ in range(6_000):
            signed = CALL["neg"](signed)
        assert resolved(signed) == number(true)
        logistic: Any = fmpq(1, 3)
        for _ in range(2_000):
            logistic = CALL["mul"](CALL["mul"](fmpq(7, 2), logistic), CALL["sub"](fmpq(1), logistic))
            if not ball(logistic).rel_accuracy_bits() > 20:
                break
        assert isinstance(logistic, arb)


def test_a_zero_is_not_lost_beside_a_ball() -> None:
    """An exact zero or one that was put off is one beside a ball, too, however long the fractions about it are."""
    with precision(128):
        x = exact._fraction(fmpq(10**200 + 1, 10**200))
        square, other = CALL["mul"](x, x), CALL["mul"](x, x)
        zero, one = CALL["sub"](square, other), CALL["div"](square, other)
        root = arb(2).sqrt()
        assert type(zero) is type(one) is Long
        assert CALL["mul"](zero, root) == 0
        assert CALL["add"](zero, root) is root
        assert CALL["mul"](root, one) is root
        assert CALL["exp"](zero) == 1
        assert CALL["ln"](one) == 0
        with pytest.raises(Singular):
            CALL["div"](root, zero)
        with pytest.raises(NeedsPrecision):
            sign(CALL["sub"](CALL["mul"](square, root), CALL["mul"](root, other)))


def test_what_is_past_the_bound_is_sharp() -> None:
    """A difference far below its operands, and too long to be kept as a fraction, has a ball of its own: its sign is
    decided at the first precision.
    """
    whole = Fraction(2**3900, 3**2500)
    cut = Fraction(whole.numerator * 10**500 // whole.denominator, 10**500)
    with precision(128):
        difference = CALL["sub"](exact._fraction(number(whole)), exact._fraction(number(cut)))
        assert sign(difference) == 1
        assert type(resolved(difference)) is arb
        assert ball(difference).rel_accuracy_bits() > 120
        assert (ball(difference) - number(whole - cut)).contains(0)
