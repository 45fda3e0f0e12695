/** What the second script says: forms and tickets. */

const zh = {
  rate: "这次服务怎么样？", rating: (n: number) => `${n} 星`, comment: "还想说点什么？（可不填）", submit: "提交", thanks: "感谢您的评价！",
  leave: "留言", leave_text: "您的问题", leave_contact: "邮箱或电话", leave_name: "称呼（可不填）", contact_bad: "请填写有效的邮箱或电话。",
  opens: (when: string) => `我们将于 ${when} 上班。`,
  tickets: "我的工单", none: "您还没有工单。需要后续处理的问题，客服会为您创建工单，进度显示在这里。", failed: "暂时无法读取，请稍后再试。", retry: "重试",
  updated: (when: string) => `更新于 ${when}`, you: "我", answer: "补充说明", send: "发送", chat: "开始咨询", no: "不用了", call: "请给我回电",
};

const en: typeof zh = {
  rate: "How did we do?", rating: (n) => `${n} star${n > 1 ? "s" : ""}`, comment: "Anything to add? (optional)", submit: "Submit", thanks: "Thank you for your feedback!",
  leave: "Leave a message", leave_text: "Your question", leave_contact: "E-mail or phone", leave_name: "Your name (optional)", contact_bad: "A valid e-mail address or phone number is needed.",
  opens: (when) => `We are back ${when}.`,
  tickets: "My tickets", none: "You have no ticket. When something takes longer, we open one for you and its progress shows here.", failed: "This cannot be read just now. Please try again.", retry: "Retry",
  updated: (when) => `changed ${when}`, you: "You", answer: "Add something", send: "Send", chat: "Chat now", no: "No, thanks", call: "Please call me back",
};

export type MoreWords = typeof zh;
export const MORE: Record<"zh" | "en", MoreWords> = { zh, en };
