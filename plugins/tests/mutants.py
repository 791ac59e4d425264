"""The small changes of one module that cosmic-ray can think of and that a test could notice."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

# What is compared by identity (enum members, None) has no order, and what is compared with a text is not ordered by it.
_ORDER_FOR_IDENTITY: Final = re.compile(r"ReplaceComparisonOperator_Is(Not)?_(Lt|LtE|Gt|GtE)$")
_ORDER_FOR_EQUALITY: Final = re.compile(r"ReplaceComparisonOperator_(Not)?Eq_(Lt|LtE|Gt|GtE)$")
_CONSTANT: Final = re.compile(r"_?[A-Z][A-Z0-9_]*")
_INVERSE: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.In: ast.NotIn,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
}
_OPPOSITE: Final = {**_INVERSE, **{value: key for key, value in _INVERSE.items()}}


@dataclass(frozen=True)
class Mutant:
    """One changed text of a module: what is around the change, and the lines that differ as they were and became."""

    row: int
    inside: str
    code: str
    became: str
    text: str

    @property
    def name(self) -> tuple[str, str, str]:
        """What names the change without its row, which moves with every edit above it."""
        return self.inside, self.code, self.became


def mutants(text: str) -> list[Mutant]:
    """Return the changed texts of a module, one for each meaning that differs from that of the text."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    nodes = list(ast_nodes(get_ast(text)))
    with_texts = _comparisons_with_texts(ast.parse(text))
    meanings = {None, _meaning(text)}
    found = []
    for name in operator_names():
        operator = get_operator(name)
        # An operator that takes arguments replaces variables by named ones, and none are named here.
        if operator.arguments() or _ORDER_FOR_IDENTITY.search(name):
            continue
        positions = [start for node in nodes for start, _ in operator().mutation_positions(node)]
        for occurrence, start in enumerate(positions):
            if _ORDER_FOR_EQUALITY.search(name) and any(low <= start < high for low, high in with_texts):
                continue
            changed = mutate_code(text, operator(), occurrence)
            meaning = _meaning(changed)
            if meaning not in meanings:
                meanings.add(meaning)
                found.append(_mutant(text, changed))
    return sorted(found, key=lambda each: (each.row, each.became))


def _meaning(text: str) -> str | None:
    """Return the syntax tree without what no test should tell from another; None for a text that is not Python."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    return ast.dump(_Normal().visit(tree))


class _Normal(ast.NodeTransformer):
    """Leaves out what mypy sees to, and writes alike what says the same."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # `dataclass` is told what must not be written (frozen, slots).
        node.decorator_list = []
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        # cosmic-ray takes the `*` before keyword-only parameters for a product.
        node.args = [ast.arg(each.arg) for each in (*node.posonlyargs, *node.args, *node.kwonlyargs)]
        node.defaults += [each for each in node.kw_defaults if each is not None]
        node.posonlyargs, node.kwonlyargs, node.kw_defaults = [], [], []
        return self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        # They differ for equal objects that are not one, which is by chance with the strings of a test.
        alike = {ast.Is: ast.Eq, ast.IsNot: ast.NotEq}
        node.ops = [alike.get(type(each), type(each))() for each in node.ops]
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        inner = node.operand
        if not isinstance(node.op, ast.Not):
            return node
        if isinstance(inner, ast.Compare) and len(inner.ops) == 1:
            inner.ops = [_OPPOSITE[type(inner.ops[0])]()]
            return inner
        return node


def _comparisons_with_texts(tree: ast.AST) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return from where to where the operators stand that compare with a literal text or a named constant."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for left, right in pairwise((node.left, *node.comparators)):
                if _is_text(left) or _is_text(right):
                    end = left.end_lineno or left.lineno, left.end_col_offset or left.col_offset
                    found.append((end, (right.lineno, right.col_offset)))
    return found


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    return isinstance(node, ast.Name) and _CONSTANT.fullmatch(node.id) is not None


def _mutant(text: str, changed: str) -> Mutant:
    before, after = text.splitlines(), changed.splitlines()
    start = 0
    while before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    code, became = (
        " ".join(line.strip() for line in lines[start : len(lines) - end]).strip() for lines in (before, after)
    )
    return Mutant(start + 1, inside(ast.parse(text), start + 1), code, became, changed)


def inside(tree: ast.AST, row: int) -> str:
    """Return the dotted name of the function or class around a row; empty at the module's own level."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno <= row <= (node.end_lineno or 0):
            return ".".join(filter(None, (node.name, inside(node, row))))
    return ""
