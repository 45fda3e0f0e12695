"""The house put together: which rooms stand on the ground, and who hears what."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from agent_assist.api.hall import Assist
from agent_assist.service.memory import Memory
from agent_assist.service.suggest import Suggest
from app.config import Settings
from app.wiring.assist import open_assist
from app.wiring.bot import open_vision, open_workers
from app.wiring.channels import open_sites
from app.wiring.desk import DeskRooms, open_desk
from app.wiring.ground import Ground, open_ground
from app.wiring.knowledge import open_knowledge
from app.wiring.quality import PAUSE_SECONDS, open_quality
from app.wiring.shop import open_business
from app.wiring.training import School, open_school
from bot.service.bot import Bot
from bot.service.review import Review
from channels.service import Channels, Sites
from conversation.events import Fact, Redacted
from conversation.projection import PAUSE_SECONDS as PAUSE
from conversation.projection import Projection, Take
from conversation.reader import Reader
from conversation.share import Handler
from desk.service.asked import Asked
from desk.service.automation import Automation
from desk.service.contacts import Contacts
from desk.service.desk import Desk
from desk.service.reports import Reports
from desk.service.search import Search
from desk.service.visitors import Visitors
from desk.service.webhooks import Webhooks
from knowledge.api.hall import KnowledgeHall
from knowledge.service.noticing import Noticing
from quality_check.api.hall import Quality
from quality_check.service.scoring import Scoring
from quality_check.service.watch import Watch

# Who hears what: the whole wiring between the rooms.
WIRING: Final[Mapping[str, frozenset[type[Fact]]]] = {
    "bot": Bot.HEARS,
    "desk": Desk.HEARS | Contacts.HEARS | Asked.HEARS | Visitors.HEARS,
    "search": Search.HEARS,
    "reports": Reports.HEARS,
    "webhooks": Webhooks.HEARS,
    "automation": Automation.HEARS,
    "quality": Watch.HEARS,
    "training": Review.HEARS,
    "scoring": Scoring.HEARS | {Redacted},
    "knowledge": Noticing.HEARS,
    "assist": Suggest.HEARS,
    "answers": Memory.HEARS,
}
HASTE: Final[Mapping[str, float]] = {"quality": PAUSE_SECONDS}
ROOMS: Final = tuple(WIRING)


@dataclass(frozen=True, slots=True)
class House:
    """One process of kefu, running."""

    ground: Ground
    channels: Channels
    sites: Sites
    desk: DeskRooms
    quality: Quality
    knowledge: KnowledgeHall
    assist: Assist
    school: School
    readers: Mapping[str, Reader | Projection]


@asynccontextmanager
async def following(readers: Iterable[Reader | Projection]) -> AsyncIterator[None]:
    """They follow the log until the end, and then finish what is in hand."""
    async with AsyncExitStack() as closing:
        for reader in readers:
            reader.start()
            closing.push_async_callback(reader.stop)
        yield


@asynccontextmanager
async def open_house(settings: Settings, rooms: tuple[str, ...] = ROOMS) -> AsyncIterator[House]:
    """Start the named rooms; at the end they finish what is in hand."""
    async with (
        open_ground(settings) as ground,
        open_sites(ground) as sites,
        open_business(ground) as shop_url,
        open_workers(ground, shop_url, here="bot" in rooms) as workers,
        open_desk(ground, shop_url, sites, routes="desk" in rooms) as desk,
        open_quality(ground, desk.desk.routing, plans="desk" in rooms) as quality,
        open_knowledge(settings, ground.log.transactions) as knowledge,
        open_assist(ground, desk, knowledge.search, workers) as assist,
        open_school(ground.log, settings) as school,
    ):
        bot = Bot(ground.log, ground.tail, workers, knowledge.answers, open_vision(ground), sites.group_of)
        acting: dict[str, Mapping[type[Fact], Handler]] = {
            "bot": bot.handlers,
            "desk": {
                **desk.desk.handlers,
                **desk.tools.contacts.handlers,
                **Asked(ground.log, desk.tickets).handlers,
                **desk.visitors.handlers,
            },
            "scoring": {**quality.scoring.handlers, Redacted: quality.reviews.forget},
            "assist": assist.suggest.handlers,
        }
        keeping: dict[str, Take] = {
            "search": desk.tools.search.take,
            "reports": desk.tools.reports.take,
            "webhooks": desk.admin.webhooks.take,
            "automation": desk.admin.automation.take,
            "quality": quality.watch.take,
            "training": school.review.take,
            "knowledge": Noticing(ground.log, knowledge.uses, knowledge.library, knowledge.search).take,
            "answers": assist.memory.take,
        }
        shares, tail = ground.shares, ground.tail
        readers: dict[str, Reader | Projection] = {
            name: Reader(name, acting[name], shares=shares, tail=tail)
            if name in acting
            else Projection(name, WIRING[name], keeping[name], shares=shares, tail=tail, pause=HASTE.get(name, PAUSE))
            for name in rooms
        }
        async with following(readers.values()):
            yield House(ground, Channels(ground.log), sites, desk, quality, knowledge, assist, school, readers)
