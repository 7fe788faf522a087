"""The formula language as written: precedence, places of mistakes, and the way back to text."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.engine.formula.parser import MAX_HEIGHT, MAX_LENGTH, FormulaError, parse
from desktop_app.engine.formula.printer import number_text, to_text
from desktop_app.engine.formula.syntax import Call, Name, Number, walk
from tests.engine.plans import problem, value


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("-2^2", 4),
        ("2^-2", 0.25),
        ("2^3^2", 64),
        ("-2^3", -8),
        ("1-2-3", -4),
        ("2*3%", 0.06),
        ("50%^2", 0.25),
        ("-50%", -0.5),
        ("10%%", 0.001),
        ("8/4/2", 1),
        ("1+2*3=7", 1),
        ("1=1=1", 1),
        ("2>1<>0", 1),
        ("+--3", 3),
        ("2 × 3 ÷ 4 − 1", 0.5),
        ("=1+1", 2),
        (" = 1 + 1 ", 2),
        ("if(1 > 2; 3; 4)", 4),
        ("SUM(1,2)+sUm(3)", 6),
        (".5+1.", 1.5),
        ("1e3+1E-1", 1000.1),
        ("(((7)))", 7),
    ],
)
def test_excel_gives_the_same(text: str, result: float) -> None:
    assert value(text)[0] == pytest.approx(result, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "span", "word"),
    [
        ("", (0, 0), "empty"),
        ("   ", (0, 3), "empty"),
        ("=", (0, 1), "empty"),
        ("1 +", (3, 3), "ends too early"),
        ("(1 + 2", (0, 1), "not closed"),
        ("SUM(1, 2", (3, 4), "not closed"),
        ("1 2", (2, 3), "operator is missing"),
        ("a b", (2, 3), "operator is missing"),
        ("1 + ) + 2", (4, 5), "cannot stand here"),
        ("1 & 2", (2, 3), "“&” cannot stand here"),
        ("A1:B2", (2, 3), "“:” cannot stand here"),
        ("{1}", (0, 1), "“{” cannot stand here"),
        ('LOOKUP("gpus', (7, 12), "closing quote"),
        ("1e999", (0, 5), "too large"),
        ("SUM(1,,2)", (6, 7), "cannot stand here"),
        ("2 ** 3", (3, 4), "cannot stand here"),
    ],
)
def test_a_mistake_points_at_its_place(text: str, span: tuple[int, int], word: str) -> None:
    with pytest.raises(FormulaError, match=word) as caught:
        parse(text)
    assert caught.value.span == span


def test_names_may_be_of_any_script_and_case() -> None:
    assert parse("Größe_2.a") == Name("Größe_2.a", (0, 9))
    assert parse("価格 * 2").args[0] == Name("価格", (0, 2))


def test_spans_cover_the_parts() -> None:
    text = "= price * (gpus + 2)"
    spans = [text[slice(*part.span)] for part in walk(parse(text)) if isinstance(part, (Name, Number))]
    assert spans == ["price", "gpus", "2"]
    assert isinstance(call := parse("MAX(a, -b)"), Call)
    assert (call.span, call.args[1].span) == ((0, 10), (7, 9))


def test_long_sums_are_refused_in_words_before_they_are_a_danger() -> None:
    row = "+".join(["a"] * MAX_HEIGHT)
    assert parse(row)
    with pytest.raises(FormulaError, match="SUM"):
        parse(row + "+a")
    with pytest.raises(FormulaError, match="at most") as caught:
        parse("1" * (MAX_LENGTH + 1))
    assert caught.value.span == (MAX_LENGTH, MAX_LENGTH + 1)


def test_the_longest_texts_take_no_time() -> None:
    started = time.perf_counter()
    for piece in ("(", "IF(", "-", "a+", "a%", '"', "1,111", "1 ", "  ", "$", "a.", "2^", "<>", "é"):
        text = piece * (MAX_LENGTH // len(piece))
        try:
            parse(text)
        except FormulaError:
            continue
    assert time.perf_counter() - started < 5


leaves = st.sampled_from(("a", "b", "2", "0.5", "3%"))
trees = st.recursive(
    leaves,
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda it: f"({it[0]}){it[1]}({it[2]})")
        | inner.map(lambda it: f"-({it})")
        | inner.map(lambda it: f"({it})%")
        | st.tuples(inner, inner).map(lambda it: f"MAX({it[0]},{it[1]})")
        | st.tuples(inner, st.sampled_from(("=", "<", ">=", "<>")), inner).map(
            lambda it: f"({it[0]}){it[1]}({it[2]})"
        )
    ),
    max_leaves=12,
)


def worth(text: str) -> float:
    """A reading of the formula that shares nothing with the engine's."""
    given = {"a": 1.5, "b": -0.25}

    def of(part: object) -> float:
        match part:
            case Number(number):
                return number
            case Name(name):
                return given[name]
            case Call("neg", (inner,)):
                return -of(inner)
            case Call("%", (inner,)):
                return of(inner) / 100
            case Call("MAX", (left, right)):
                return float(np.maximum(of(left), of(right)))
            case Call(sign, (left, right)):
                x, y = of(left), of(right)
                with np.errstate(all="ignore"):
                    return float(
                        {
                            "+": lambda: x + y,
                            "-": lambda: x - y,
                            "*": lambda: x * y,
                            "/": lambda: np.divide(x, y),
                            "^": lambda: np.power(x, y),
                            "=": lambda: x == y,
                            "<>": lambda: x != y,
                            "<": lambda: x < y,
                            ">=": lambda: x >= y,
                        }[sign]()
                    )
        raise AssertionError(part)

    return of(parse(text))


@given(trees)
def test_printed_formulas_mean_the_same(text: str) -> None:
    printed = to_text(parse(text), str)
    again = printed.replace("≥", ">=").replace("≠", "<>").replace("≤", "<=")
    assert worth(again) == pytest.approx(worth(text), nan_ok=True)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (-1234.5, "-1,234.5"), (1e15, "1e+15"), (0.00001, "1e-05"), (999.1234567, "999.123457")],
)
def test_numbers_are_printed_for_people(number: float, text: str) -> None:
    assert number_text(number) == text


def test_true_and_false_are_numbers() -> None:
    assert value("IF(AND(TRUE, true), 1, 2)") == 1
    assert value("IF(FALSE, 1, 2)") == 2


def test_arguments_may_be_left_out_between_commas_where_a_spreadsheet_has_zero() -> None:
    assert value("FV(0.11/12, 35, -2000, , 1)") == pytest.approx(82_846.25, abs=0.005)
    assert value("PMT(8%/12, 10, 10000,, 1)") == pytest.approx(-1_030.16, abs=0.005)
    assert problem("MAX(1,,2)").span == (6, 7)


def test_a_unit_inside_a_formula_is_told_where_to_go() -> None:
    assert "as a driver" in problem("10 kW * 3").message
