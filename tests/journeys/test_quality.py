"""A score's way through the house: flagged, scored, reviewed, appealed, decided; rules drafted, tried, activated."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.testclient import TestClient

from app.config import Settings
from tests.journeys.people import days_from_now, hear, sign_in, until

SPAN = {"since": "2000-01-01T00:00:00Z", "until": "2199-01-01T00:00:00Z"}
STEPS = ("Reviewed", "ScoreAppealed", "AppealDecided")
SHORT = {"since": days_from_now(-30), "until": days_from_now(2)}


def serve(house: TestClient, said: str, answer: str) -> str:
    """A customer writes, Mei takes over, answers and closes."""
    with house.websocket_connect("/widget/socket") as customer:
        customer.send_json({"type": "hello", "site": "demo", "language": "zh"})
        here: str = hear(customer, "welcome")["conversation"]
        customer.send_json({"type": "send", "id": f"m{here}", "text": said})
        hear(customer, "ack")
        mei = sign_in(house, "mei")
        path = f"/api/conversations/{here}"
        assert house.post(f"{path}/take", json={"id": "t"}, headers=mei).status_code == 200
        assert house.post(f"{path}/replies", json={"id": f"r{here}", "text": answer}, headers=mei).status_code == 200
        assert house.post(f"{path}/close", json={"id": "c", "reason": ""}, headers=mei).status_code == 200
    return here


def score_of(house: TestClient, conversation: str) -> dict[str, Any]:
    """Once it is there, as whoever is signed in may see it."""

    def ask() -> dict[str, Any] | None:
        found = house.get("/api/quality/inspections").json()["inspections"]
        return next((one for one in found if one["conversation"] == conversation), None)

    listed: dict[str, Any] = until(f"a score of {conversation}", ask)
    whole: dict[str, Any] = house.get(f"/api/quality/inspections/{listed['id']}").json()
    return whole


@dataclass(frozen=True)
class Story:
    """A score of Mei's with an insult in it: its conversation, its path, and the numbers of its lines by rule."""

    house: TestClient
    here: str
    score: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/api/quality/inspections/{self.score['id']}"

    @property
    def said(self) -> dict[str, Any]:
        """What the agent said."""
        last: dict[str, Any] = self.score["messages"][-1]
        return last

    def line(self, rule: str) -> int:
        return [line["rule"] for line in self.score["lines"]].index(rule)

    def seen_by(self, name: str) -> dict[str, Any]:
        """The score as they see it, signed in from now on."""
        sign_in(self.house, name)
        found: dict[str, Any] = self.house.get(self.path).json()
        return found


def test_a_score_is_flagged_reviewed_appealed_and_decided(house: TestClient) -> None:
    sign_in(house, "sue")
    with house.websocket_connect("/live") as desk:
        hear(desk, "welcome")
        here = serve(house, "我的电话是13812345678，衣服坏了", "你有病吧，这个我办不了")
        alert = hear(desk, "alert")
        assert (alert["event"]["alert"], alert["conversation"]["id"]) == ("quality", here)
    sign_in(house, "sue")
    told = house.get("/api/alerts").json()["alerts"][0]
    assert (told["conversation"], told["contact"]) == (here, alert["conversation"]["contact"])
    sign_in(house, "mei")
    story = Story(house, here, score_of(house, here))
    _agents_see_their_own_words_masked(story)
    _reviewed(story)
    _appealed_and_decided(story)
    _coached(story)


def _agents_see_their_own_words_masked(story: Story) -> None:
    score, house = story.score, story.house
    spot = score["lines"][story.line("rude_word")]["spots"][0]
    assert story.said["text"][spot["start"] : spot["end"]] == "有病吧"
    assert "13812345678" not in str(score)
    assert (score["subject"], score["fatal"], score["score"]) == ("a1", True, 0.0)
    mei = sign_in(house, "mei")
    assert house.get("/api/quality/rules").status_code == 403
    assert house.post(f"{story.path}/preview", json={}, headers=mei).status_code == 403
    assert "13812345678" in str(story.seen_by("sue")["messages"])


def _reviewed(story: Story) -> None:
    house, path, sue = story.house, story.path, sign_in(story.house, "sue")
    verdict = {"lines": {str(story.line("refuse")): False}, "answers": {"solved": "unsolved"}}
    assert house.post(f"{path}/preview", json=verdict, headers=sue).json()["fatal"] is True
    wrong = house.post(f"{path}/preview", json={"answers": {"solved": "maybe"}}, headers=sue)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "answers")
    done = house.post(f"{path}/reviews", json={**verdict, "comment": "注意用语"}, headers=sue)
    assert done.json()["score"] == 0.0
    assert house.post(f"{path}/reviews", json={"lines": {"99": True}}, headers=sue).status_code == 422


def _appealed_and_decided(story: Story) -> None:
    house, path, mei, turn = story.house, story.path, sign_in(story.house, "mei"), story.said["seq"]
    assert house.post(f"{path}/acknowledge", json={"comment": "已读"}, headers=mei).status_code == 200
    wish = {"id": "ap", "lines": [story.line("rude_word")], "turns": [turn], "reason": "客户自己先说的，我是引用"}
    lost = house.post(f"{path}/appeals", json={**wish, "turns": [10**9]}, headers=mei)
    assert (lost.status_code, lost.json()["error"]["field"]) == (422, "turns")
    appeal = house.post(f"{path}/appeals", json=wish, headers=mei)
    assert appeal.status_code == 201, appeal.text
    assert house.post(f"{path}/appeals", json=wish, headers=mei).status_code == 409
    decision = {"outcome": "accepted", "decision": "属引用，不计"}
    at = f"/api/quality/appeals/{appeal.json()['id']}/decision"
    assert house.post(at, json=decision, headers=mei).status_code == 403

    sue = sign_in(house, "sue")
    (waiting,) = house.get("/api/quality/appeals?state=open").json()["appeals"]
    assert (waiting["agent"], waiting["before"], waiting["turns"]) == ("a1", 0.0, [turn])
    decided = house.post(at, json=decision, headers=sue).json()
    assert decided["fatal"] is False
    assert decided["score"] > 50
    assert house.post(at, json=decision, headers=sue).status_code == 409
    now = story.seen_by("sue")
    assert (now["standing"], now["machine"], now["seen_at"]) == ("decided", 0.0, None)
    kinds = [event["kind"] for event in house.get(f"/api/conversations/{story.here}").json()["events"]]
    assert {"Flagged", "Scored", "ScoreAcknowledged"} < set(kinds)
    assert [kind for kind in kinds if kind in STEPS] == list(STEPS)


def _coached(story: Story) -> None:
    house, sue = story.house, sign_in(story.house, "sue")
    card = {"id": "k", "rule": "rude_word", "text": "请勿引用辱骂"}
    assert house.post(f"{story.path}/coaching", json=card, headers=sue).status_code == 201
    mei = sign_in(house, "mei")
    (mine,) = house.get("/api/quality/coaching?seen=false").json()["coaching"]
    seen = house.post(f"/api/quality/coaching/{mine['id']}/acknowledge", json={"comment": "好"}, headers=mei)
    assert seen.status_code == 200
    assert house.get("/api/quality/coaching?seen=false").json()["coaching"] == []


def test_what_a_company_s_systems_know_alerts_at_once_and_is_scored(house: TestClient) -> None:
    sue = sign_in(house, "sue")
    with house.websocket_connect("/live") as desk, house.websocket_connect("/widget/socket") as customer:
        hear(desk, "welcome")
        customer.send_json({"type": "hello", "site": "demo", "language": "zh"})
        here = hear(customer, "welcome")["conversation"]
        customer.send_json({"type": "send", "id": "m1", "text": "耳机坏了"})
        hear(customer, "ack")
        path = f"/api/conversations/{here}"
        body = {"id": "k1", "attributes": {"order_value": 1299, "level": "gold", "urgent": True}}
        assert house.patch(f"{path}/attributes", json=body, headers=sue).status_code == 200
        alert = hear(desk, "alert")
        assert (alert["conversation"]["id"], "高额订单投诉" in alert["event"]["detail"]) == (here, True)
    for name, value in (("csat", 5), ("Level", "x"), ("level", ["x"]), ("level", "a\x00b"), ("level", "x" * 401)):
        wrong = house.patch(f"{path}/attributes", json={"id": "k2", "attributes": {name: value}}, headers=sue)
        assert (wrong.status_code, wrong.json()["error"]["field"].split(".")[0]) == (422, "attributes"), name
    gone = {"id": "k3", "attributes": {"level": None}}
    assert house.patch(f"{path}/attributes", json=gone, headers=sue).status_code == 200
    assert house.post(f"{path}/take", json={"id": "t"}, headers=sue).status_code == 200
    assert house.post(f"{path}/close", json={"id": "c", "reason": ""}, headers=sue).status_code == 200
    known = score_of(house, here)["attributes"]
    assert (known["order_value"], known["urgent"], "level" in known) == (1299, True, False)


def test_agents_see_their_own_and_figures_add_up(house: TestClient) -> None:
    here = serve(house, "发票呢", "您好，马上为您开具，请问还有其他可以帮您的吗？祝您愉快")
    sign_in(house, "sue")
    score = score_of(house, here)
    told = house.get("/api/quality/overview", params={**SHORT, "timezone": "Asia/Shanghai"}).json()
    assert (told["total"]["inspections"], told["rows"][0]["inspections"], sum(told["distribution"])) == (1, 1, 1)
    assert told["by_subject"][0]["key"] == "a1"
    assert told["coverage"] == {"closed": 1, "inspected": 1}
    assert [row["conversations"] for row in told["rules"]].count(1) == len(told["rules"]) > 0
    rule = told["rules"][0]["rule"]
    (week,) = house.get(f"/api/quality/overview/rules/{rule}", params={**SHORT, "by": "week"}).json()["rows"]
    assert (week["inspections"], week["conversations"], week["precision"]) == (1, 1, None)
    assert house.get("/api/quality/models").json() == {"models": []}
    too_long = house.get("/api/quality/overview", params=SPAN)
    assert too_long.status_code == 422
    sheet = house.get("/api/quality/inspections.csv").text.splitlines()
    assert sheet[0].lstrip("\ufeff").startswith("conversation,ended_at,subject,name")
    assert f"{here}," in sheet[1]
    assert "a1,Mei" in sheet[1]
    local = {"words": "zh", "timezone": "Asia/Shanghai"}
    head, row = house.get("/api/quality/inspections.csv", params=local).text.splitlines()
    assert head.startswith("\ufeff会话,结束时间,坐席标识,坐席")
    ended = datetime.fromisoformat(score["ended_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{here},{ended:%Y-%m-%d %H:%M:%S},a1,Mei" in row
    assert "否,优秀,仅机器" in row
    assert house.get("/api/quality/inspections.csv?timezone=Nowhere").status_code == 422
    for words in ("zh", "en"):
        printed = house.get("/api/quality/report.pdf", params={**SHORT, "words": words})
        assert printed.content.startswith(b"%PDF")
    sign_in(house, "bob")
    assert house.get(f"/api/quality/inspections/{score['id']}").status_code == 403
    assert house.get("/api/quality/inspections").json()["inspections"] == []
    assert house.get("/api/quality/overview", params=SHORT).json()["total"]["inspections"] == 0


NEW_RULE = """id: says_wait
name: {zh: 让客户等, en: Makes the customer wait}
severity: minor
score: -3
when:
  said: {role: agent, keyword: {words: [稍等]}}
hits: [[{agent: 请稍等}]]
misses: [[{agent: 好的}]]
"""


def test_a_rule_is_drafted_tried_on_the_past_and_activated(house: TestClient) -> None:
    here = serve(house, "在吗", "请稍等")
    sue = sign_in(house, "sue")
    score = score_of(house, here)
    assert house.post("/api/quality/trials", json={"last": 10}, headers=sue).status_code == 409
    bad = house.put("/api/quality/rules/says_wait", json={"text": NEW_RULE.replace("请稍等", "你好")}, headers=sue)
    assert bad.json()["problems"][0]["field"] == "says_wait.hits[0]"
    odd = house.put("/api/quality/rules/says_wait", json={"text": NEW_RULE + "colour: red\n"}, headers=sue)
    assert odd.json()["problems"][0]["field"] == "colour"
    assert odd.json()["problems"][0]["line"] == 9
    kept = house.put("/api/quality/rules/says_wait", json={"text": NEW_RULE}, headers=sue).json()
    assert (kept["problems"], kept["edition"]["version"], kept["edition"]["state"]) == ([], 2, "draft")
    started = house.post("/api/quality/trials", json={"last": 10}, headers=sue).json()

    path = f"/api/quality/trials/{started['id']}"
    trial = until("the trial's end", lambda: house.get(path).json(), lambda trial: trial["state"] == "done")
    row = next(one for one in trial["result"]["rules"] if one["rule"] == "says_wait")
    assert (row["before"], row["after"], row["gained"]) == (0, 1, 1)
    assert row["gained_samples"][0]["conversation"] == here
    assert house.get(f"/api/quality/inspections/{score['id']}").json()["score"] == score["score"]
    assert house.post("/api/quality/editions/rubric/activate", headers=sue).status_code == 200
    assert house.post("/api/quality/editions/rubric/activate", headers=sue).status_code == 409
    newer = house.post(f"/api/quality/inspections/{score['id']}/again", headers=sue).json()
    assert "says_wait" in newer["rules"]
    assert [one["id"] for one in newer["others"]] == [score["id"]]
    sign_in(house, "mei")
    assert house.put("/api/quality/rules/says_wait", json={"text": NEW_RULE}, headers=sue).status_code == 403


def test_samples_are_given_out_and_a_calibration_tells_how_far_people_agree(house: TestClient) -> None:
    here = serve(house, "在吗", "这个我办不了")
    sue = sign_in(house, "sue")
    score = score_of(house, here)
    plan = {"name": "weekly", "how": "risk", "count": 5, "reviewers": ["s1"]}
    assert house.post("/api/quality/plans", json={**plan, "reviewers": ["nobody"]}, headers=sue).status_code == 422
    made = house.post("/api/quality/plans", json={**plan, "active": False}, headers=sue).json()
    assert house.post(f"/api/quality/plans/{made['id']}/run", headers=sue).json() == {"given": 1}
    (task,) = house.get("/api/quality/reviews?state=open").json()["reviews"]
    assert (task["origin"], task["inspection"], task["reviewer"]) == (made["id"], score["id"], "s1")
    done = house.post(f"/api/quality/reviews/{task['id']}", json={"answers": {"solved": "solved"}}, headers=sue)
    assert done.status_code == 200
    again = house.post(f"/api/quality/reviews/{task['id']}", json={}, headers=sue)
    assert again.status_code == 409

    body = {"id": "cal", "title": "七月校准", "inspections": [score["id"]], "reviewers": ["s1", "a2"]}
    assert house.post("/api/quality/calibrations", json=body, headers=sue).status_code == 201
    (mine,) = house.get("/api/quality/calibrations/cal").json()["mine"]
    number = next(n for n, line in enumerate(score["lines"]) if line["rule"] == "refuse")
    verdict = {"lines": {str(number): True}, "answers": {"solved": "solved"}}
    house.post(f"/api/quality/reviews/{mine['id']}", json=verdict, headers=sue)
    assert house.get(f"/api/quality/inspections/{score['id']}").json()["standing"] == "reviewed"
    told = house.get("/api/quality/calibrations/cal").json()
    assert [one["state"] for one in told["progress"]].count("done") == 1
    assert told["results"]["kappa"] is None
    assert all(told["item_names"][one["item"]]["zh"] for one in told["results"]["by_item"])
    assert house.post("/api/quality/calibrations/cal/close", headers=sue).status_code == 200
    sign_in(house, "bob")
    assert house.get("/api/quality/calibrations/cal").status_code == 403


def test_a_rule_is_found_for_marked_messages(house: TestClient) -> None:
    here = [
        serve(house, f"第{n}次问，退款呢", said)
        for n, said in enumerate(("您找厂家吧", "这个要找厂家的", "好的，马上办"))
    ]
    sue = sign_in(house, "sue")
    for talk in here[:2]:
        seq = score_of(house, talk)["messages"][-1]["seq"]
        assert house.post("/api/quality/examples", json={"name": "推诿", "seq": seq}, headers=sue).status_code == 201
    assert house.post("/api/quality/examples", json={"name": "推诿", "seq": 10**9}, headers=sue).status_code == 422
    score_of(house, here[2])
    listed = house.get("/api/quality/examples", params={"name": "推诿"}).json()
    assert (listed["names"], len(listed["examples"])) == ({"推诿": 2}, 2)
    found = house.post("/api/quality/proposals", json={"name": "推诿"}, headers=sue).json()
    assert (found["marked"], found["others"]) == (2, 1)
    words = next(one for one in found["proposals"] if one["kind"] == "words")
    assert (words["found"], words["wrong"]) == (2, 0)
    kept = house.put("/api/quality/rules/new_rule", json={"text": words["rule"]}, headers=sue).json()
    assert kept["problems"] == []
    gone = listed["examples"][0]["id"]
    assert house.delete(f"/api/quality/examples/{gone}", headers=sue).status_code == 204
    assert house.delete(f"/api/quality/examples/{gone}", headers=sue).status_code == 404
    mei = sign_in(house, "mei")
    assert house.post("/api/quality/proposals", json={"name": "推诿"}, headers=mei).status_code == 403


def test_rules_are_read_before_anybody_asks_for_them(house: TestClient, settings: Settings) -> None:
    with closing(sqlite3.connect(settings.var / "kefu.db")) as store:
        active = "SELECT kind FROM quality_editions WHERE state = 'active'"
        kinds = until("rules that are active", lambda: store.execute(active).fetchall())
    assert ("rubric",) in kinds
