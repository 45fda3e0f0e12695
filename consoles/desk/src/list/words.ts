import { both } from "../words";

export const say = both(
  {
    search: "Search (/)", searchHint: "Type to filter the list; Enter searches every message.",
    everywhere: (q: string) => `Search all messages for “${q}”`, hits: (n: number, more: boolean) => `${n}${more ? "+" : ""} message${n > 1 ? "s" : ""} found`,
    noHits: "No message has all of these words. Try fewer or other words.", back: "Back to the list", by: "Said by", anyone: "anyone", customer: "customer", bot: "bot", agent: "agent",
    filter: "Filter", apply: "Show", clear: "Clear the filter", save: "Keep as a view", name: "Name of the view", shared: "For everybody", remove: "Remove view",
    removeAsk: (name: string) => `Remove the view “${name}”? The conversations stay.`, needName: "A view needs a name.", filtered: "Filtered",
    any: "any", status: "Status", open: "open", closed: "closed", holder: "In the hands of", heldBy: { bot: "the bot", queue: "the queue", agent: "an agent" },
    agentIs: "Agent", me: "me", group: "Group", tag: "Tag", language: "Language", languages: { zh: "Chinese", en: "English" }, channel: "Channel", site: "Site",
    priority: "Priority at least", unread: "Unread only",
    todo: "To do", todoEmpty: "Nothing to do: reminders you set and notes that name you appear here.", due: (when: string) => `due ${when}`,
    done: "Done", mentioned: (name: string) => `${name} named you`,
    hold: "on hold", accept: "accept", draft: "Draft:",
  },
  {
    search: "搜索（/）", searchHint: "输入可筛选列表，按 Enter 搜索全部消息。",
    everywhere: (q) => `在全部消息中搜索“${q}”`, hits: (n, more) => `找到 ${n}${more ? "+" : ""} 条消息`,
    noHits: "没有消息同时包含这些词，请减少或更换关键词。", back: "返回列表", by: "发言人", anyone: "任何人", customer: "客户", bot: "机器人", agent: "客服",
    filter: "筛选", apply: "显示", clear: "清除筛选", save: "保存为视图", name: "视图名称", shared: "所有人可见", remove: "删除视图",
    removeAsk: (name) => `删除视图“${name}”？会话本身不受影响。`, needName: "请填写视图名称。", filtered: "筛选结果",
    any: "不限", status: "状态", open: "进行中", closed: "已结束", holder: "当前处理", heldBy: { bot: "机器人", queue: "队列", agent: "客服" },
    agentIs: "客服", me: "我", group: "技能组", tag: "标签", language: "语言", languages: { zh: "中文", en: "英文" }, channel: "渠道", site: "站点",
    priority: "优先级不低于", unread: "仅未读",
    todo: "待办", todoEmpty: "暂无待办：您设置的提醒和提到您的备注会出现在这里。", due: (when) => `${when} 到期`,
    done: "完成", mentioned: (name) => `${name} 提到了您`,
    hold: "等候中", accept: "待接受", draft: "草稿：",
  },
);
