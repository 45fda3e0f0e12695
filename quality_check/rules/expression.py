"""`a and not (b or c)` over names, decided as soon as what is known decides it (Kleene's three-valued logic)."""

import ast
from collections.abc import Callable

Truth = bool | None


def parse(text: str) -> ast.expr:
    """The expression's tree. Raises ValueError unless it is names joined by and, or, not and brackets."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{text!r} is no expression of and, or, not and brackets") from error
    for node in ast.walk(tree):
        if not isinstance(node, ast.BoolOp | ast.UnaryOp | ast.Name | ast.And | ast.Or | ast.Not | ast.Load):
            raise ValueError(f"{text!r} may hold names, and, or, not and brackets only")
    return tree


def names(tree: ast.expr) -> list[str]:
    """The names in it, first use first."""
    return list(dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))


def decide(tree: ast.expr, truth: Callable[[str], Truth]) -> Truth:
    """True or False once it is certain, None while it can still go either way."""
    match tree:
        case ast.Name(id=name):
            return truth(name)
        case ast.UnaryOp(operand=operand):
            known = decide(operand, truth)
            return None if known is None else not known
        case ast.BoolOp(op=op, values=values):
            settles = isinstance(op, ast.Or)
            known_values = [decide(value, truth) for value in values]
            if settles in known_values:
                return settles
            return None if None in known_values else not settles
    raise AssertionError(tree)
