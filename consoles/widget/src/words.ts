/** Everything the widget says, in both languages; a missing one is a type error. */

import type { Language } from "./protocol";

const zh = {
  open: "打开客服对话", close: "收起", write: "输入消息…", send: "发送", attach: "发送图片或文件", emoji: "表情",
  offline: "连接已断开，正在重连…消息会在恢复后发出。", person: "转人工", bot: "继续与机器人对话",
  end: "结束对话", bot_name: "智能客服", waiting: "正在为您转接人工", place: (n: number) => `前面还有 ${n - 1} 位`, comma: "，", next: "下一位就是您",
  wait: (minutes: number) => `预计等待约 ${minutes} 分钟`, joined: (name: string) => `${name} 为您服务`, handoff: "已请求人工客服",
  transferred: "正在转给另一位同事", handed_back: "由智能客服继续为您服务", closed: "对话已结束", reopened: "对话已重新开始",
  again: "直接输入即可开始新的咨询。", sending: "发送中", failed: "未送达", retry: "重试", sent: "已送达", read: "已读",
  typing: (name: string) => `${name} 正在输入`,
  left: "留言已收到，我们会尽快联系您。", tickets: "我的工单",
  ticket: (number: number, title: string, what: string) => `工单 #${number} ${title}：${what || "…"}`, opened: "已创建", answered: (name: string) => `${name} 已回复`, hold: "客服正在为您处理，请稍候", resumed: "客服回来了", went: (name: string) => `${name} 已离开`,
  older: "更早的消息", removed: "此消息已删除", upload_failed: "上传失败，请重试",
  blocked: "您目前无法在这里发送消息。",
  refused: { too_large: "文件太大（最多 10 MB）", unsupported_type: "不支持这种文件", too_many: "发送太快，请稍候" } as Record<string, string>,
  today: "今天",
  language: "English", new_messages: (n: number) => `${n} 条新消息`,
};

const en: typeof zh = {
  open: "Open support chat", close: "Close", write: "Write a message…", send: "Send", attach: "Send a picture or file", emoji: "Emoji",
  offline: "Connection lost, reconnecting… your messages will go out then.",
  person: "Talk to a person", bot: "Go on with the bot", end: "End conversation", bot_name: "Assistant", waiting: "Getting you a person",
  place: (n) => `${n - 1} ahead of you`, comma: ", ", next: "You are next", wait: (minutes) => `about ${minutes} min`, joined: (name) => `${name} is with you`,
  handoff: "You asked for a person", transferred: "Passing you on to a colleague", handed_back: "The assistant goes on",
  closed: "Conversation ended", reopened: "Conversation goes on", again: "Just write to start a new one.", sending: "Sending", failed: "Not sent",
  retry: "Retry", sent: "Delivered", read: "Read", typing: (name) => `${name} is typing`,
  left: "We have your message and will get back to you.", tickets: "My tickets",
  ticket: (number, title, what) => `Ticket #${number} ${title}: ${what || "…"}`, opened: "opened", answered: (name) => `${name} answered`, hold: "We are on it, one moment please", resumed: "We are back",
  went: (name) => `${name} has left`, older: "Earlier messages", removed: "This message was removed",
  upload_failed: "The upload failed, please retry",
  blocked: "You cannot write here at present.",
  refused: { too_large: "Too large (10 MB at most)", unsupported_type: "This kind of file is not taken", too_many: "Too fast, one moment please" },
  today: "Today", language: "中文",
  new_messages: (n) => `${n} new message${n > 1 ? "s" : ""}`,
};

export type Words = typeof zh;
export const WORDS: Record<Language, Words> = { zh, en };

/** The wished one (`auto`: the browser's) of those that there are, else the first. */
export function languageOf(wish: string, offered: Language[]): Language {
  const tag = wish === "zh" || wish === "en" ? wish : navigator.language;
  const wanted = tag.toLowerCase().startsWith("zh") ? "zh" : "en";
  return offered.includes(wanted) ? wanted : offered[0]!;
}
