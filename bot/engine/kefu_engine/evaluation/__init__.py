"""How well a pipeline understands, on anybody's examples (docs/evaluation.md)."""
