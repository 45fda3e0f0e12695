"""Custom actions, run in this process instead of over a second HTTP hop."""

from contextvars import ContextVar
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

failures: ContextVar[list[BaseException]] = ContextVar("failures")
"""What actions of the present turn raised; Rasa itself logs an action's exception and goes on without its reply."""


class InProcess(EndpointConfig):
    """Rasa's action endpoint without a server."""

    def __init__(self) -> None:
        super().__init__("in-process")
        self._executor = ActionExecutor()
        self._executor.register_package("kefu_engine.actions")

    async def request(self, *, json: dict[str, Any], **_: Any) -> dict[str, Any] | None:
        """Run one action; a form's rejection is passed on as the action server would."""
        try:
            return await self._executor.run(json)  # type: ignore[no-any-return]
        except ActionExecutionRejection as rejection:
            body = f'{{"error": "rejected", "action_name": "{rejection.action_name}"}}'
            raise ClientResponseError(400, str(rejection), body) from rejection
        except Exception as error:
            failures.get().append(error)
            raise
