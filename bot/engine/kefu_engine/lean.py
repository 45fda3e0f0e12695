"""What Rasa works out anew for every message although it stays the same for a model, worked out once."""

from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import Slot


def settle(domain: Domain) -> None:
    """A loaded domain no longer changes, so whether it is empty need not be asked by writing it out whole."""
    empty = domain.is_empty()
    domain.is_empty = lambda: empty


def _copy_slot(slot: Slot) -> Slot:
    """As copy.copy does, without the detour of pickling; each prediction copies all slots several times."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


Slot.__copy__ = _copy_slot


class PlannedRunner:
    """Stands in for DaskGraphRunner: the same nodes in the same order, called directly (docs/engine.md).

    What runs for a message is known beforehand, so there is nothing to schedule.
    """

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
