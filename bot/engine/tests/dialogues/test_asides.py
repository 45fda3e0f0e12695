"""What is said beside the matter is told as such: the platform looks nothing up for a greeting."""

import pytest

from kefu_engine.turn import Ask


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("早上好", True),
        ("thanks a lot", True),
        ("how are you", True),
        ("保修多久", False),
        ("我要退款", False),
    ],
)
async def test_an_aside_is_told_as_such(engine, text, aside):
    turn = await engine.turn(Ask(text, None, {"conversation": text, "cause": "1"}, None))
    assert turn["aside"] is aside
