"""What emoji say, as words: one for each feeling or gesture, so that what is learned of one face holds for its like."""

MEANINGS = {
    "angry": "😡😠🤬👿💢😤🤯🖕",
    "sad": "😞😢😭😩😫🙁☹😔😖😣💔😓😥😰",
    "happy": "😊😀😃😄😁🙂☺😇😋",
    "haha": "😂🤣😆😹",
    "love": "😍🥰😘🤗😻❤💕💖💗💓💞🧡💛💚💙💜🌹💐",
    "ok": "👍👌✅✔☑🆗🤝💪",
    "bad": "👎🤮🤢💩",
    "no": "❌🙅✖🚫",
    "thanks": "🙏🙇",
    "wave": "👋",
    "great": "🎉👏💯🥳⭐🌟",
    "what": "❓❔⁉🤔😕🤷",
    "help": "🆘",
    "parcel": "📦🚚🛵",
    "money": "💰💵💴💸💳",
}
WORDS = str.maketrans({sign: f" {word} " for word, signs in MEANINGS.items() for sign in signs})


def in_words(text: str) -> str:
    """The text with a word in the place of each emoji whose meaning is plain; the others stay."""
    return text if text.isascii() else text.translate(WORDS)
