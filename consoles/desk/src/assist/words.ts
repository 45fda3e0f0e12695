import { both } from "../words";

export const say = both(
  {
    title: "Suggestions", source: { past: "Said before", canned: "Canned", bot: "The bot's answer", faq: "FAQ", article: "Article", similar: "Solved before" }, insert: "Insert", send: "Send", dismiss: "Dismiss", wrong: "This is wrong",
    keys: "Alt+number inserts, with Shift it sends; Alt+0 dismisses; Alt+Enter takes the rest of what is typed.", none: "Nothing to suggest for what was said.", away: "Suggestions cannot be reached just now; everything else works.",
    more: "New suggestions", open: "Show all of it", read: "Read the source", shut: "Show less", rest: "Go on with", polish: "Improve", ways: { tidy: "Tidy up", shorter: "Shorter", politer: "Politer" }, nothing: "Write something first.",
    guide: "Guide", noGuide: "No guide", next: "Next", required: "required", missing: (names: string) => `Still missing before closing: ${names}`, known: "Known", mood: "Mood", turned: "The customer's mood has turned.",
    moods: (at: number) => (at < -0.3 ? "upset" : at > 0.3 ? "glad" : "neutral"), past: "Before", draft: "Filled in from the conversation; please check it.", fold: "Fold", unfold: "Unfold",
    acts: { transfer: "Transfer", ticket: "Open a ticket", hand_back: "Back to the bot", close: "Close" } as Record<string, string>, usual: "Usually now",
    briefing: "What came before", fromBot: "From the bot", fromColleague: (name: string) => `From ${name || "a colleague"}`, wished: "Wish", tried: "Tried", done: "Done", stands: "Last said", promised: "Promised",
    reasons: { asked: "asked for a person", customer_asked: "asked for a person", rule: "by a rule", not_understood: "was not understood", unhappy: "was upset", engine_unavailable: "the bot was away" } as Record<string, string>, customer: "Customer", openOrders: "Open orders", openTickets: "Open tickets",
    spent: (sum: string) => `${sum} spent`, talks: (n: number) => (n === 1 ? "first conversation" : `${n} conversations`), rated: (stars: string) => `rates ${stars} of 5`,
    translate: "Translate", theirs: "Their message", translated: "Translation", noTranslation: "Nothing here can translate just now.", unfinished: (names: string) => `The guide is not finished: ${names}. Close all the same?`,
    who: "Source or agent", total: "Total", period: "Period", days: (n: number) => `${n} days`, nothingYet: "Nothing was suggested yet. Suggestions come from canned replies, past answers and the knowledge base as agents talk with customers.",
    triggered: (share: string, answers: number) => `${share} of ${answers} answers had suggestions.`, proposals: "What agents keep saying", noProposals: "Nothing yet. What several agents say again and again in conversations that end well is proposed here as a canned reply or a question of the library.", times: (n: number, agents: number) => `said ${n} times by ${agents === 1 ? "one agent" : `${agents} agents`}`, keep: "Make it a canned reply", keepFaq: "Put it into the library",
    columns: { answers: "Answers", offered: "Offered", shown: "Shown", used: "Used", edited: "Edited", ignored: "Ignored", dismissed: "Dismissed", wrong: "Wrong", acceptance: "Accepted", distance: "Changed", saved: "Seconds saved an answer" },
  },
  {
    title: "推荐话术", source: { past: "历史回复", canned: "快捷回复", bot: "机器人答案", faq: "常见问题", article: "知识", similar: "相似已解决" }, insert: "填入", send: "发送", dismiss: "忽略", wrong: "内容有误",
    keys: "Alt+数字填入，加 Shift 直接发送；Alt+0 忽略；Alt+Enter 补全正在输入的话。", none: "当前没有值得推荐的内容。", away: "推荐服务暂时无法访问，其他功能不受影响。",
    more: "有新推荐", open: "展开", read: "查看原文", shut: "收起", rest: "补全", polish: "润色", ways: { tidy: "规范", shorter: "精简", politer: "更礼貌" }, nothing: "请先输入内容。",
    guide: "流程", noGuide: "不用流程", next: "下一步", required: "必做", missing: (names) => `结束前尚未完成：${names}`, known: "已知", mood: "情绪", turned: "客户情绪转差。",
    moods: (at) => (at < -0.3 ? "不满" : at > 0.3 ? "愉快" : "平稳"), past: "以往", draft: "已根据会话预填，请核对。", fold: "收起", unfold: "展开",
    acts: { transfer: "转接", ticket: "建工单", hand_back: "转回机器人", close: "结束会话" } as Record<string, string>, usual: "此时通常",
    briefing: "此前情况", fromBot: "由机器人转来", fromColleague: (name) => `由${name || "同事"}转来`, wished: "诉求", tried: "已尝试", done: "已处理", stands: "最后答复", promised: "已承诺",
    reasons: { asked: "要求人工", customer_asked: "要求人工", rule: "按规则转接", not_understood: "机器人没听懂", unhappy: "情绪不满", engine_unavailable: "机器人暂不可用" } as Record<string, string>, customer: "客户", openOrders: "进行中的订单", openTickets: "未结工单",
    spent: (sum) => `累计消费 ${sum}`, talks: (n) => (n === 1 ? "首次咨询" : `${n} 次会话`), rated: (stars) => `平均评分 ${stars}`,
    translate: "翻译", theirs: "客户消息", translated: "译文", noTranslation: "暂时无法翻译。", unfinished: (names) => `流程尚未完成：${names}。仍要结束吗？`,
    who: "来源或客服", total: "合计", period: "时间", days: (n) => `近 ${n} 天`, nothingYet: "还没有产生推荐。客服与客户对话时，推荐来自快捷回复、历史回复与知识库。",
    triggered: (share, answers) => `${answers} 条回复中 ${share} 有推荐。`, proposals: "大家常说的话", noProposals: "暂时没有。多名客服在结果良好的会话里反复说的话，会在这里建议存为快捷回复或知识问答。", times: (n, agents) => `${agents} 人说过 ${n} 次`, keep: "设为快捷回复", keepFaq: "加入知识库",
    columns: { answers: "回复", offered: "推荐", shown: "展示", used: "直接采用", edited: "修改后采用", ignored: "未采用", dismissed: "忽略", wrong: "有误", acceptance: "采用率", distance: "修改幅度", saved: "每条节省秒数" },
  },
);
