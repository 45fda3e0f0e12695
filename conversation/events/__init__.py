"""Every fact of a conversation, and who may see it.

A fact is a frozen dataclass in the past tense. Its audience is the widest circle that may see it; a field can narrow
that circle for itself, and says with WORDS that it carries what people wrote, so that erasure finds it:
`text: Annotated[str, WORDS, Audience.STAFF]`.
"""

from typing import Final

from conversation.events.desk import (
    AgentAccepted,
    AlertRaised,
    ContactBlocked,
    HoldChanged,
    ParticipantJoined,
    ParticipantLeft,
    Prioritised,
    Tagged,
    TicketMoved,
    TicketOpened,
    Whispered,
    WrappedUp,
)
from conversation.events.fact import WORDS, Audience, Event, Fact, hidden_from, written_by_people
from conversation.events.talk import (
    AgentAssigned,
    AgentReplied,
    Attachment,
    BotMessage,
    BotReplied,
    Button,
    Card,
    Choice,
    ContactIdentified,
    ConversationClosed,
    ConversationReopened,
    ConversationStarted,
    Entity,
    HandedBack,
    HandoffRequested,
    MessageLeft,
    MessageReceived,
    MessagesRead,
    NoteAdded,
    Rated,
    RatingAsked,
    Redacted,
    ReturnedToQueue,
    Transferred,
)

KINDS: Final[dict[str, type[Fact]]] = {kind.__name__: kind for kind in Fact.__subclasses__()}

__all__ = [
    "KINDS",
    "WORDS",
    "AgentAccepted",
    "AgentAssigned",
    "AgentReplied",
    "AlertRaised",
    "Attachment",
    "Audience",
    "BotMessage",
    "BotReplied",
    "Button",
    "Card",
    "Choice",
    "ContactBlocked",
    "ContactIdentified",
    "ConversationClosed",
    "ConversationReopened",
    "ConversationStarted",
    "Entity",
    "Event",
    "Fact",
    "HandedBack",
    "HandoffRequested",
    "HoldChanged",
    "MessageLeft",
    "MessageReceived",
    "MessagesRead",
    "NoteAdded",
    "ParticipantJoined",
    "ParticipantLeft",
    "Prioritised",
    "Rated",
    "RatingAsked",
    "Redacted",
    "ReturnedToQueue",
    "Tagged",
    "TicketMoved",
    "TicketOpened",
    "Transferred",
    "Whispered",
    "WrappedUp",
    "hidden_from",
    "written_by_people",
]
