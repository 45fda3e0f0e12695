"""Words that texts and questions have whatever they are about."""

from typing import Final

from knowledge.rules.terms import stems

_CHINESE: Final = """
请问 你好 您好 想 问 一下 下 的 了 吗 呢 么 嘛 啊 吧 呀 是 有 在 和 与 及 就 都 也 还 要 会
能 可以 可 能不能 可不可以 是不是 有没有 什么 啥 怎么 怎样 如何 咋 哪 哪个 哪些 哪里 哪儿 谁 为什么
为何 多少 几 多 多久 多大 多长 多高 怎么办 怎么样 是否 时候 我 我们 你 你们 您 他 它 这 那 这个
那个 一个 个 需要 进行 关于 对于 如果 应该 得 给 把 被 让 用 到 去 来 说 做 办 知道 他们 或者
支持 以及 以下 使用 通过 根据 相关 提供 没有
"""
_ENGLISH: Final = """
a an the is are was were be been am do does did can could will would shall
should may might must i me my we our you your it its this that these those
of to in on at for from by with about as and or if so then there here how
what which who whom when where why much many long please tell know want need
get have has had any some not no hi hello us they them per all their
"""
EMPTY: Final = frozenset(one for word in f"{_CHINESE}{_ENGLISH}".split() for one in (word, *stems(word)))
