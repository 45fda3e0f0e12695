"""The first start: somebody who may sign in, and where everything is."""

from pathlib import Path
from secrets import token_urlsafe
from typing import Final
from uuid import uuid4

from rich.console import Console
from rich.panel import Panel

from app.config import Settings
from app.pages import DESK, WIDGET
from app.wiring.ground import open_roster
from desk.store.staff import Staff
from web.sessions import Passwords

LOGIN: Final = "admin"


def _kept(settings: Settings) -> Path:
    return settings.var / "first-password"


async def first_person(settings: Settings) -> None:
    """A house without an admin gets one, who also takes conversations; the password is kept in var until it is
    changed. People may be there already: `kefu demo` brings some."""
    async with open_roster(settings) as roster:
        if any(one.role == "admin" or one.login == LOGIN for one in await roster.all(gone=True)):
            return
        password = token_urlsafe(12)
        admin = Staff(f"a{uuid4().hex}", LOGIN, "Admin", "admin", ("zh", "en"), (), 5)
        await roster.add(admin, Passwords().hash(password))
    kept = _kept(settings)
    kept.touch(mode=0o600)
    kept.write_text(password)


class Welcome:
    """What `kefu up` prints once the doors are open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def show(self) -> None:
        """Print it."""
        here = f"http://{self._settings.host}:{self._settings.port}"
        kept = _kept(self._settings)
        lines = [f"customers  {here}/        a shop page with the widget", f"agents     {here}/desk/"]
        if kept.exists():
            lines.append(f"sign in    {LOGIN} / {kept.read_text()}    (then: kefu agent password {LOGIN})")
        if not (WIDGET / "widget.js").exists() or not DESK.exists():
            lines.append("[red]the front-ends are not built: python3 scripts/bootstrap.py consoles[/red]")
        if not self._settings.engine_urls and not self._settings.model_path().exists():
            lines.append("[red]the bot has no model yet: kefu bot train[/red]")
        Console().print(Panel("\n".join(lines), title="kefu 客服", expand=False))
