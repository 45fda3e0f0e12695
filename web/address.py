"""Where a request comes from."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class ClientAddress:
    """Behind a proxy the client is whom the proxy names in `header`, in the last entry: what stands before it may have
    been written by anybody. Without such a header it is who is connected."""

    def __init__(self, app: ASGIApp, header: str) -> None:
        self._app = app
        self._header = header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and (told := Headers(scope=scope).getlist(self._header)):
            scope = {**scope, "client": (told[-1].rpartition(",")[2].strip(), 0)}
        await self._app(scope, receive, send)
