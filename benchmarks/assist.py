"""How well agent assist would have served the agents of given conversations, and how fast."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from agent_assist.adapters.files import Case
from agent_assist.ports import Line
from agent_assist.rules.actions import ActionModel, signs
from agent_assist.rules.dialogue import Dialogue, Moment, Role, Turn, agent_moments, answers_of, customer_moments
from agent_assist.rules.learning import learn_acts
from agent_assist.rules.measures import Bm25, plain_ranks, ranked, recalls, reply_ranks, shared
from agent_assist.rules.repertoire import Repertoire
from agent_assist.rules.replies import ReplyModel, learn_replies
from agent_assist.rules.rouge import MEASURES, mean_rouge
from agent_assist.rules.solved import whole
from agent_assist.rules.summary import gist
from agent_assist.rules.waiting import Waiting, learn_waiting
from agent_assist.rules.worth import is_quiet
from knowledge.adapters.index import TantivyIndex
from knowledge.ports import Passage, Wish
from knowledge.service.search import Search

TIMED: Final = 500
LEARNED: Final = 300  # conversations the bench learns from
CROWD: Final = 200  # conversations at once, in each of which the customer writes every EVERY seconds
EVERY: Final = 20.0
WATCHED: Final = 15.0  # seconds of the crowd, and of the loop without it
TICK: Final = 0.002
SEED: Final = 7
HEADS: Final = (
    "订单退款快递发票商品地址客服时间价格优惠会员支付物流仓库颜色尺码质量保修安装售后换货运费活动账号密码短信电话"
)
WORDS: Final = ("的", "了", "吗", "请问", "您好", "可以", *("".join(pair) for pair in product(HEADS, HEADS)))
SENTENCES: Final = 3
ROLES: Final[dict[str, tuple[Role, ...]]] = {
    "overall": ("customer", "agent", "bot"),
    "customer": ("customer",),
    "agent": ("agent", "bot"),
}


def measure(train: Sequence[Dialogue], test: Sequence[Dialogue]) -> dict[str, Any]:
    """Figures of replies, silence, next actions and speed, learned from one file and asked on the other."""
    talks = [answers_of(one) for one in train]
    started = time.process_time()
    model = learn_replies(talks)
    seconds = time.process_time() - started
    ranks = reply_ranks(model, test)
    if not ranks:
        raise ValueError("no customer's turn is answered by an agent in the test file")
    plain = plain_ranks(Bm25.learn([reply for talk in talks for _, reply in talk]), test)
    replies = {"asked": len(ranks), **recalls(ranks), "bm25": recalls(plain), "training_cpu_seconds": seconds}
    report: dict[str, Any] = {"replies": replies, "suggestion": _speed(model, train, test)}
    started = time.process_time()
    if waiting := learn_waiting(train):
        report["silence"] = {**_silence(waiting, test), "training_cpu_seconds": time.process_time() - started}
    started = time.process_time()
    if actions := learn_acts(train):
        seconds = time.process_time() - started
        report["next_action"] = {**_actions(actions, test), "training_cpu_seconds": seconds}
    return report


def _speed(model: ReplyModel, train: Sequence[Dialogue], test: Sequence[Dialogue]) -> dict[str, Any]:
    """Milliseconds from a customer's turn to the replies found among all of the training file's."""
    lines = [
        Line("past", f"{one.id}:{number}", turn.text, moment.asked)
        for one in train
        for number, (moment, turn) in enumerate(agent_moments(one))
        if moment.asked and turn.text
    ]
    known = Repertoire.of(lines, model)
    spent = []
    for moment, _ in [found for one in test for found in customer_moments(one)][:TIMED]:
        started = time.perf_counter(), time.thread_time()
        known.match(moment, "", 10)
        spent.append((time.perf_counter() - started[0], time.thread_time() - started[1]))
    return {"among": len(lines), **percentiles(spent)}


def percentiles(seconds: Sequence[tuple[float, float]]) -> dict[str, float]:
    """The median and the slowest hundredth of (elapsed, of the processor); on a busy machine only the latter tells."""
    told = np.array(seconds) * 1000
    return {
        f"p{at}_{name}": float(np.percentile(told[:, column], at))
        for column, name in enumerate(("ms", "cpu_ms"))
        for at in (50, 99)
    }


def _silence(waiting: Waiting, test: Sequence[Dialogue]) -> dict[str, float]:
    """Customer's turns that nobody answered before the next one, against those we stay silent at."""
    heard = [(moment, not answered) for one in test for moment, answered in customer_moments(one)]
    truth, chances = [quiet for _, quiet in heard], [waiting.chance(moment) for moment, _ in heard]
    told = shared(truth, [is_quiet(moment, waiting) for moment, _ in heard])
    return {"asked": len(heard), **told, **ranked(truth, chances), "least": waiting.least}


def _actions(model: ActionModel, test: Sequence[Dialogue]) -> dict[str, Any]:
    ranks, spent = [], []
    for one in test:
        for moment, turn in agent_moments(one):
            if turn.action:
                started = time.perf_counter(), time.thread_time()
                names = [name for name, _ in model.shares(signs(moment))]
                spent.append((time.perf_counter() - started[0], time.thread_time() - started[1]))
                ranks.append(names.index(turn.action) + 1 if turn.action in names else len(names) + 1)
    found = recalls(ranks, (1, 3))
    right = {"accuracy": found["recall@1"], "recall@3": found["recall@3"]}
    return {"asked": len(ranks), "labels": len(model.names), **right, **(percentiles(spent) if spent else {})}


def measure_summaries(cases: Sequence[Case]) -> dict[str, Any]:
    """ROUGE F1 against people's summaries by role, beside the first three and the longest three turns. Raises
    ValueError without a case."""
    if not cases:
        raise ValueError("there is no conversation in the file")
    report: dict[str, Any] = {"cases": len(cases)}
    for role in dict.fromkeys(role for case in cases for role in case.references):
        of_role = [case for case in cases if role in case.references]
        told = {"ours": [[one.text for one in gist(case.dialogue.turns, role)] for case in of_role]}
        told["lead3"] = [_turns(case, role)[:SENTENCES] for case in of_role]
        told["longest3"] = [sorted(_turns(case, role), key=len, reverse=True)[:SENTENCES] for case in of_role]
        report[role] = {
            "cases": len(of_role),
            **{way: _mean([" ".join(one) for one in texts], of_role, role) for way, texts in told.items()},
        }
    return report


def _turns(case: Case, role: str) -> list[str]:
    return [turn.text for turn in case.dialogue.turns if turn.text and turn.role in ROLES[role]]


def _mean(told: Sequence[str], cases: Sequence[Case], role: str) -> dict[str, float]:
    found = [mean_rouge(text, case.references[role]) for text, case in zip(told, cases, strict=True)]
    return {name: sum(one[name] for one in found) / len(found) for name in MEASURES}


def bench(answers: int, passages: int, turns: int, folder: Path) -> dict[str, Any]:
    """Time of one suggestion among made-up past answers and passages, on one thread: words, model, like cases and
    library; then how much longer the event loop makes others wait while a crowd is served on that thread."""
    chance = np.random.default_rng(SEED)
    dialogues = [_made(chance, f"d{number}") for number in range(LEARNED)]
    model = learn_replies([answers_of(one) for one in dialogues])
    started = time.process_time()
    lines = [Line("past", str(number), _sentence(chance, 14), _sentence(chance, 10), "zh") for number in range(answers)]
    known = Repertoire.of(lines, model)
    report: dict[str, Any] = {"answers": answers, "passages": passages}
    report["building_cpu_seconds"] = time.process_time() - started
    index = TantivyIndex(folder)
    index.lock()
    for number in range(passages):
        text = _sentence(chance, 40)
        index.replace(f"p{number}", [Passage(f"p{number}", 0, text, question=_sentence(chance, 8), language="zh")])
    index.commit(1)
    library = Search(index)

    def suggest() -> None:
        said = [_sentence(chance, size) for size in (10, 12, 20, 40)]
        moment = Moment(asked=said[0], said=said[1], earlier=said[2], told=said[3], nth=2, newest=said[0][:8])
        known.match(moment, "zh", 10)
        known.close(whole(moment), "zh", 30)
        for text in (moment.newest, moment.asked):
            library.say(Wish(text, "staff"))

    spent = []
    for _ in range(turns):
        started_both = time.perf_counter(), time.thread_time()
        suggest()
        spent.append((time.perf_counter() - started_both[0], time.thread_time() - started_both[1]))
    report |= {**percentiles(spent), "memory_mb": psutil.Process().memory_info().rss / 2**20}
    report["crowd"] = asyncio.run(_crowd(suggest))
    library.close()
    return report


async def _crowd(suggest: Callable[[], None]) -> dict[str, float]:
    """What a tick of the event loop waits, in milliseconds, without suggestions and with those of a crowd."""
    alone = await _waits()
    loop, thread = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    stopped, done = loop.time() + WATCHED, 0

    async def serve() -> None:
        nonlocal done
        while loop.time() < stopped:
            due = loop.time() + EVERY / CROWD
            await loop.run_in_executor(thread, suggest)
            done += 1
            await asyncio.sleep(due - loop.time())

    _, busy = await asyncio.gather(serve(), _waits())
    thread.shutdown()
    told = {"conversations": CROWD, "wanted_a_second": CROWD / EVERY, "served_a_second": done / WATCHED}
    for name, waits in (("alone", alone), ("crowd", busy)):
        told |= {f"wait_p{at}_ms_{name}": float(np.percentile(waits, at)) for at in (50, 99)}
    return told


async def _waits() -> list[float]:
    loop, found = asyncio.get_running_loop(), list[float]()
    stopped = loop.time() + WATCHED
    while (before := loop.time()) < stopped:
        await asyncio.sleep(TICK)
        found.append((loop.time() - before - TICK) * 1000)
    return found


def _made(chance: np.random.Generator, name: str) -> Dialogue:
    """Four questions and answers."""
    turns = [Turn(role, _sentence(chance, 10)) for _ in range(4) for role in ("customer", "agent")]
    return Dialogue(name, tuple(turns))


def _sentence(chance: np.random.Generator, size: int) -> str:
    """Words of a service talk, the frequent ones far more often, as in any language (Zipf's law)."""
    places = np.minimum(chance.zipf(1.3, size) - 1, len(WORDS) - 1)
    return "".join(WORDS[place] for place in places)
