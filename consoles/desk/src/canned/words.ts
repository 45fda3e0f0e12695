import { both } from "../words";

export const say = both(
  {
    fresh: "New canned reply", find: "Find by shortcut, title or text", shortcut: "Shortcut", shortcutHint: "Typed after / in a reply; no spaces.", title: "Title", text: "Text",
    scope: "For whom", scopes: { personal: "Only me", group: "A group", company: "Everybody" }, group: "Group", language: "Language", anyLanguage: "any", languages: { zh: "Chinese", en: "English" },
    variables: "Put in", names: { "contact.name": "customer's name", "contact.email": "customer's e-mail", "contact.phone": "customer's phone", "agent.name": "my name", "conversation.id": "conversation", site: "site" },
    uses: (n: number) => `used ${n === 1 ? "once" : `${n} times`}`, save: "Save", cancel: "Cancel", edit: "Edit", remove: "Remove", removeAsk: (title: string) => `Remove “${title}”? It cannot be brought back.`,
    none: "No canned reply yet. Write the first one: the agent types / and its shortcut in a reply.", noneFound: "None has these words.",
  },
  {
    fresh: "新建快捷回复", find: "按短语、标题或内容查找", shortcut: "短语", shortcutHint: "回复时输入 / 加短语，不含空格。", title: "标题", text: "内容",
    scope: "适用范围", scopes: { personal: "仅自己", group: "技能组", company: "全公司" }, group: "技能组", language: "语言", anyLanguage: "不限", languages: { zh: "中文", en: "英文" },
    variables: "插入变量", names: { "contact.name": "客户姓名", "contact.email": "客户邮箱", "contact.phone": "客户电话", "agent.name": "我的姓名", "conversation.id": "会话编号", site: "站点" },
    uses: (n) => `已使用 ${n} 次`, save: "保存", cancel: "取消", edit: "编辑", remove: "删除", removeAsk: (title) => `删除“${title}”？删除后无法恢复。`,
    none: "还没有快捷回复。新建第一条后，客服在回复中输入 / 加短语即可使用。", noneFound: "没有包含这些词的快捷回复。",
  },
);
