"""Formulas of a model: written once as plain arithmetic, shown as SQL, as a cell of a workbook or in words.

A formula is a Python expression of a small kind: numbers, names, ``+ - * /``, brackets, ``min``,
``max``, ``a if gegeven(x) else b``, and ``som(a)`` or ``som(a * b)`` over the functions of a product.
"""

import ast
from collections.abc import Callable
from functools import cached_property
from typing import ClassVar

DECIMALS = 12
"""Decimals that the database keeps in a step. Amounts are far below 10^9, so nothing is lost that a
cent can show, and a half cent such as 86,70 / 60 = 1,445 is exact."""

MACROS = f"""
-- Exact arithmetic in {DECIMALS} decimals: DuckDB divides decimals as floats, and money is never a float.
-- What goes into maal and deel is made vast first.
CREATE MACRO vast(x) AS CAST(x AS DECIMAL(38, {DECIMALS}));
CREATE MACRO maal(a, b) AS CAST(a * b AS DECIMAL(38, {DECIMALS}));
CREATE MACRO geheel_van(x) AS CAST(x * 1{"0" * DECIMALS} AS HUGEINT);
-- Rounded half up in the last decimal; nothing when the divisor is zero.
CREATE MACRO deel(a, b) AS CAST(
    ((geheel_van(a) * 1{"0" * DECIMALS} + geheel_van(b) // 2) // nullif(geheel_van(b), 0))::DECIMAL(38, 0)
    * 0.{"0" * (DECIMALS - 1)}1 AS DECIMAL(38, {DECIMALS}));
"""


class Formula:
    """One formula; raises ``ValueError`` when its text is anything but the small language above."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise ValueError(f"de formule '{text}' is niet te lezen") from error
        self.sql()

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"

    @cached_property
    def names(self) -> frozenset[str]:
        """The inputs and steps that the formula uses."""
        functions = {n.func for n in ast.walk(self._tree) if isinstance(n, ast.Call)}
        return frozenset(
            n.id for n in ast.walk(self._tree) if isinstance(n, ast.Name) and n not in functions
        )

    def sql(self) -> str:
        """SQL over columns that carry the names."""
        return _Sql().visit(self._tree)

    def excel(self, cell: Callable[[str], str], cells: Callable[[str], str]) -> str:
        """A cell formula without its ``=``.

        Args:
            cell: the address of the cell with the value of a name.
            cells: the range with the values of a name over all functions, for ``som``.
        """
        return _Excel(cell, cells).visit(self._tree)

    def words(
        self,
        title: Callable[[str], str],
        total: Callable[[list[str]], str] | None = None,
        given: Callable[[str], bool] | None = None,
    ) -> str:
        """The formula in Dutch, or with figures filled in.

        Args:
            title: what to write for a name.
            total: what to write for ``som`` over these names; a description when left out.
            given: whether an input was given, to write only the branch that was taken.
        """
        return _Words(title, total, given).visit(self._tree)


class _Writer:
    """Walks through a formula; a subclass says how each piece is written."""

    signs: ClassVar = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}

    def visit(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self.number(str(value))
            case ast.Name(id=name):
                return self.name(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in self.signs:
                return self.operation(self.signs[type(op)], left, right)
            case ast.Call(func=ast.Name(id="min" | "max" as kind), args=[first, second]):
                return self.extreme(kind, self.visit(first), self.visit(second))
            case ast.Call(
                func=ast.Name(id="som"),
                args=[ast.BinOp(left=ast.Name(id=one), op=ast.Mult(), right=ast.Name(id=two))],
            ):
                return self.total([one, two])
            case ast.Call(func=ast.Name(id="som"), args=[ast.Name(id=one)]):
                return self.total([one])
            case ast.IfExp(
                test=ast.Call(func=ast.Name(id="gegeven"), args=[ast.Name(id=name)]),
                body=body,
                orelse=other,
            ):
                return self.choice(name, self.visit(body), self.visit(other))
        raise ValueError(f"dit mag niet in een formule: {ast.unparse(node)}")

    def number(self, text: str) -> str:
        return text

    def name(self, name: str) -> str:
        raise NotImplementedError

    def operation(self, sign: str, left: ast.expr, right: ast.expr) -> str:
        return f"{self._bracketed(left, sign)} {sign} {self._bracketed(right, sign, right=True)}"

    def extreme(self, kind: str, first: str, second: str) -> str:
        raise NotImplementedError

    def total(self, names: list[str]) -> str:
        raise NotImplementedError

    def choice(self, given: str, yes: str, no: str) -> str:
        raise NotImplementedError

    def _bracketed(self, node: ast.expr, sign: str, *, right: bool = False) -> str:
        text = self.visit(node)
        inner = self.signs.get(type(node.op), "") if isinstance(node, ast.BinOp) else ""
        looser = inner in ("+", "-") and (sign in ("*", "/") or (right and sign == "-"))
        return f"({text})" if looser or (right and sign == "/" and inner) else text


class _Sql(_Writer):
    def number(self, text: str) -> str:
        return f"{text}::DECIMAL(38, {DECIMALS})"

    def name(self, name: str) -> str:
        return name

    def operation(self, sign: str, left: ast.expr, right: ast.expr) -> str:
        one, two = self.visit(left), self.visit(right)
        if sign in "*/":
            return f"{'maal' if sign == '*' else 'deel'}({one}, {two})"
        return f"({one} {sign} {two})"

    def extreme(self, kind: str, first: str, second: str) -> str:
        # least() and greatest() skip an empty value; here nothing known stays nothing known.
        function = "least" if kind == "min" else "greatest"
        return (
            f"CASE WHEN {first} IS NOT NULL AND {second} IS NOT NULL"
            f" THEN {function}({first}, {second}) END"
        )

    def total(self, names: list[str]) -> str:
        return f"som_{'_x_'.join(names)}"

    def choice(self, given: str, yes: str, no: str) -> str:
        return f"CASE WHEN {given} IS NOT NULL THEN {yes} ELSE {no} END"


class _Excel(_Writer):
    def __init__(self, cell: Callable[[str], str], cells: Callable[[str], str]) -> None:
        self._cell, self._cells = cell, cells

    def name(self, name: str) -> str:
        return self._cell(name)

    def extreme(self, kind: str, first: str, second: str) -> str:
        return f"{kind.upper()}({first},{second})"

    def total(self, names: list[str]) -> str:
        return f"SUMPRODUCT({','.join(self._cells(name) for name in names)})"

    def choice(self, given: str, yes: str, no: str) -> str:
        return f"IF(ISBLANK({self._cell(given)}),{no},{yes})"


class _Words(_Writer):
    signs: ClassVar = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: ":"}

    def __init__(
        self,
        title: Callable[[str], str],
        total: Callable[[list[str]], str] | None,
        given: Callable[[str], bool] | None,
    ) -> None:
        self._title, self._total, self._given = title, total, given

    def name(self, name: str) -> str:
        return self._title(name)

    def _bracketed(self, node: ast.expr, sign: str, *, right: bool = False) -> str:
        text = self.visit(node)
        sum_in_product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        needed = (sign in "×:" and sum_in_product) or (right and isinstance(node, ast.BinOp))
        return f"({text})" if needed or isinstance(node, ast.Call) else text

    def extreme(self, kind: str, first: str, second: str) -> str:
        return f"de {'laagste' if kind == 'min' else 'hoogste'} van {first} en {second}"

    def total(self, names: list[str]) -> str:
        if self._total is not None:
            return self._total(names)
        return f"de som over alle functies van {' × '.join(self._title(n) for n in names)}"

    def choice(self, given: str, yes: str, no: str) -> str:
        if self._given is not None:
            return yes if self._given(given) else no
        return f"{no}; of, als {self._title(given)} is opgegeven: {yes}"
