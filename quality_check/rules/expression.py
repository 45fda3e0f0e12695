"""`a and not (b or c)` over names, decided as soon as what is known decides it (Kleene's three-valued logic)."""

import ast
from collections.abc import Callable

Truth = bool | None
Decide = Callable[[Callable[[str], Truth]], Truth]


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


def ready(tree: ast.expr) -> Decide:
    """The expression as a function: True or False once it is certain, None while it can still go either way."""
    match tree:
        case ast.Name(id=name):
            return lambda truth: truth(name)
        case ast.UnaryOp(operand=operand):
            return _negation(ready(operand))
        case ast.BoolOp(op=op, values=values):
            return _series([ready(value) for value in values], settles=isinstance(op, ast.Or))
    raise AssertionError(tree)


def _negation(inner: Decide) -> Decide:
    def decide(truth: Callable[[str], Truth]) -> Truth:
        known = inner(truth)
        return None if known is None else not known

    return decide


def _series(parts: list[Decide], settles: bool) -> Decide:
    def decide(truth: Callable[[str], Truth]) -> Truth:
        unknown = False
        for part in parts:
            known = part(truth)
            if known is settles:
                return settles
            unknown = unknown or known is None
        return None if unknown else not settles

    return decide
