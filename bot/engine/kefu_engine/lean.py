"""Rasa's graph without its scheduler: what runs for a message is known beforehand, so it is planned once."""

from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class PlannedRunner:
    """Stands in for DaskGraphRunner: the same nodes in the same order, called directly (docs/engine.md)."""

    def __init__(self, runner: DaskGraphRunner) -> None:
        self._runner = runner
        self._plans: dict[tuple[str, ...], list[tuple[str, Any]]] = {}

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        """As GraphRunner.run."""
        plan = self._plans.get(tuple(targets))
        if plan is None:
            plan = self._plans[tuple(targets)] = self._plan(targets)
        found = dict(inputs)
        for name, node in plan:
            arguments = {parameter: found[source] for parameter, source in node._inputs.items()}
            found[name] = node._fn(node._component, **arguments)
        return {target: found[target] for target in targets}

    def _plan(self, targets: list[str]) -> list[tuple[str, Any]]:
        schema = self._runner._graph_schema.minimal_graph_schema(targets)
        planned: dict[str, Any] = {}

        def visit(name: str) -> None:
            if name in planned or name not in schema.nodes:
                return
            for source in schema.nodes[name].needs.values():
                visit(source)
            planned[name] = self._runner._instantiated_nodes[name]

        for target in targets:
            visit(target)
        return list(planned.items())
