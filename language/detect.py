"""Which of the house's languages a text is in."""

from typing import Literal

Language = Literal["zh", "en"]


def language_of(text: str, otherwise: Language = "zh") -> Language:
    """`zh` when at least a fifth of the letters are Han (one says as much as several Latin ones).

    A text without letters, such as a number, is in the language `otherwise`.
    """
    letters = [character for character in text if character.isalpha()]
    if not letters:
        return otherwise
    return "zh" if sum("\u3400" <= one <= "\u9fff" for one in letters) * 5 >= len(letters) else "en"
