"""The trainer's loop over HTTP: who may, what is taught and taken back, and what is refused."""

import pytest
from fastapi.testclient import TestClient

from app.config import Settings
from desk.store.staff import Staff
from tests.journeys.people import hire, sign_in

FILE = "nlu:\n- intent: refund\n  examples: |\n    - 我那笔钱麻烦退一下哈\n    - kindly send my money back\n"


@pytest.fixture
async def settings(settings: Settings) -> Settings:
    """With a trainer."""
    await hire(settings, Staff("t1", "tia", "Tia", "trainer", ("zh",), (), 0))
    return settings


def test_only_a_trainer_trains(house: TestClient) -> None:
    sue = sign_in(house, "sue")
    assert house.get("/api/training/inbox").status_code == 403
    assert house.post("/api/training/versions", headers=sue).status_code == 403
    sign_in(house, "tia")
    assert house.get("/api/training/inbox").json() == {"groups": [], "waiting": 0}
    assert house.get("/api/training/versions").json() == {"versions": []}


def test_examples_in_and_out(house: TestClient) -> None:
    tia = sign_in(house, "tia")
    part = {"seq": 1, "part": 0, "intent": "refund"}
    assert house.post("/api/training/labels/part", json=part, headers=tia).json()["error"]["field"] == "part"
    part["intent"] = "no_such_intent"
    assert house.post("/api/training/labels/part", json=part, headers=tia).json()["error"]["field"] == "intent"
    before = {one["id"]: one["examples"] for one in house.get("/api/training/intents").json()["intents"]}
    taken = house.post("/api/training/examples", json={"name": "mine.yml", "text": FILE}, headers=tia)
    assert taken.json() == {"taught": 2, "left_out": []}
    after = {one["id"]: one["examples"] for one in house.get("/api/training/intents").json()["intents"]}
    assert after["refund"] == before["refund"] + 2
    exported = house.get("/api/training/examples.yml").text
    assert "    - kindly send my money back" in exported
    first, second = house.get("/api/training/examples").json()["examples"]
    assert house.delete(f"/api/training/examples/{first['id']}", headers=tia).status_code == 204
    assert house.delete(f"/api/training/examples/{first['id']}", headers=tia).status_code == 404
    assert house.get("/api/training/examples").json()["examples"] == [second]


@pytest.mark.parametrize(
    ("path", "body", "status", "field", "message"),
    [
        (
            "examples",
            {"name": "mine.yml", "text": FILE.replace("refund", "refnd")},
            422,
            "text",
            "mine.yml:2: no intent",
        ),
        ("examples", {"name": "mine.yml", "text": FILE + "    - 你好\n"}, 422, "text", "is refund here, greet at"),
        ("examples", {"text": ""}, 422, "text", ""),
        ("labels", {"seqs": [1], "intent": "refnd"}, 422, "intent", "no intent is called refnd"),
        ("labels", {"seqs": [], "intent": "refund"}, 422, "seqs", ""),
        ("dismissals", {"seqs": [2**63]}, 422, "seqs.0", ""),
        ("versions/1/work", None, 409, None, "only a version that has worked"),
        ("versions/0/work", None, 404, None, "there is no such version"),
    ],
)
def test_what_is_refused(
    house: TestClient, path: str, body: object, status: int, field: str | None, message: str
) -> None:
    answer = house.post(f"/api/training/{path}", json=body, headers=sign_in(house, "tia"))
    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (status, field)
    assert message in error["message"]
    assert house.get("/api/training/examples").json()["examples"] == []
