import { both } from "../words";

export const say = both(
  {
    monitoring: (name: string) => `You are reading along. ${name} does not see you.`,
    taking: "You take part in this conversation beside its agent.", accept: (s: number) => `Accept (${s} s)`, held: "The customer is on hold.",
    tags: "Tags", addTag: "Add a tag", removeTag: (tag: string) => `Remove the tag ${tag}`, participants: (names: string) => `Also writing: ${names}`, dismiss: (name: string) => `Dismiss ${name}`,
    canned: "Canned replies (/)", cannedNone: "No canned reply fits.", colleagues: "Colleagues", whisperHint: "Only the agent and supervisors see this.", whisperTo: (name: string) => `Whisper to ${name}`,
    warned: (found: string) => `This should not be sent: ${found}.`, sendAnyway: "Send anyway", change: "Change it",
    replyHint: "Write to the customer. / for canned replies, Enter sends, Shift+Enter starts a new line.", noteHint: "Only colleagues see this note. @ names a colleague.",
    categories: { rude: "rude", promise: "a promise", private: "private contact" } as Record<string, string>,
    until: "When", inHours: (n: number) => `in ${n} h`, tomorrow: "tomorrow 9:00", nextWeek: "in a week", at: "at", snoozeNote: "What for",
    skill: "Needed skill", level: "Priority",
    reason: "What it was about", summary: "Summary", resolved: "The question is resolved", later: "Later", finish: "Finish", took: (time: string) => `Since the end: ${time}`,
    colleague: "Colleague", conference: "They see the conversation and may write to the customer beside you.", ask: "Ask without the customer: write a note and name the colleague with @.",
    free: "free", full: "full", callWished: "wants to be called",
    card: "Card", cardTitle: "Title", cardRows: "Rows, one a line: name: value", cardLink: "Link (https://…)", cardAdd: "Put it into the reply", cardRemove: (title: string) => `Remove the card ${title}`,
  },
  {
    monitoring: (name) => `您正在旁听，${name} 看不到您。`,
    taking: "您正与当前客服一起参与此会话。", accept: (s) => `接受（${s} 秒）`, held: "客户正在等候。",
    tags: "标签", addTag: "添加标签", removeTag: (tag) => `移除标签 ${tag}`, participants: (names) => `共同接待：${names}`, dismiss: (name) => `请 ${name} 退出`,
    canned: "快捷回复（/）", cannedNone: "没有匹配的快捷回复。", colleagues: "同事", whisperHint: "仅当前客服与主管可见。", whisperTo: (name) => `密语给 ${name}`,
    warned: (found) => `以下内容不宜发送：${found}。`, sendAnyway: "仍然发送", change: "修改",
    replyHint: "回复客户。/ 调出快捷回复，Enter 发送，Shift+Enter 换行。", noteHint: "备注仅同事可见，@ 可提到同事。",
    categories: { rude: "不礼貌", promise: "过度承诺", private: "私下联系" },
    until: "时间", inHours: (n) => `${n} 小时后`, tomorrow: "明天 9:00", nextWeek: "一周后", at: "指定时间", snoozeNote: "事项",
    skill: "所需技能", level: "优先级",
    reason: "咨询类型", summary: "小结", resolved: "问题已解决", later: "稍后填写", finish: "完成", took: (time) => `结束后已用时：${time}`,
    colleague: "同事", conference: "对方可以看到会话，并与您一起回复客户。", ask: "不想让客户看到？写备注并用 @ 提到同事。",
    free: "空闲", full: "已满", callWished: "希望回电",
    card: "卡片", cardTitle: "标题", cardRows: "内容，每行一项，格式为 名称: 值", cardLink: "链接（https://…）", cardAdd: "加入回复", cardRemove: (title) => `移除卡片 ${title}`,
  },
);
