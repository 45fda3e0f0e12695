"""What leaves the house for a language model."""

from aiohttp import web
from aiohttp.test_utils import TestServer

from language.llm import OpenAiCompatible


async def test_numbers_of_persons_are_masked_before_a_model_gets_them() -> None:
    asked = list[str]()

    async def complete(request: web.Request) -> web.Response:
        asked.append((await request.json())["messages"][1]["content"])
        return web.Response(text='data: {"choices": [{"delta": {"content": "好"}}]}\n\ndata: [DONE]\n\n')

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    async with TestServer(app) as server:
        told = ("我的电话是13812345678，邮箱 li.lei@example.com", "身份证 110101199003078515，退款三天到账。")
        assert await OpenAiCompatible(str(server.make_url("/v1")), "m").ask("只用中文回答。", told) == "好"
    for secret in ("13812345678", "li.lei@example.com", "110101199003078515"):
        assert secret not in asked[0]
    assert "退款三天到账" in asked[0]
