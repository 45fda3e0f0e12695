/** Words of quality inspection. */
import { both } from "../words";

export const words = both(
  {
    tabs: { "": "Overview", scores: "Scores", tasks: "My reviews", appeals: "Appeals", calibration: "Calibration", plans: "Sampling", rules: "Rules", models: "Models" } as Record<string, string>,
    loading: "Loading …", more: "More", save: "Save", cancel: "Cancel", send: "Send", back: "Back to the list", none: "–", yes: "Yes", no: "No", any: "any", bot: "Bot",
    score: "Score", machine: "Machine", subject: "Agent", ended: "Ended", group: "Group", channel: "Channel", standing: "State", hits: "Rules that hit", csat: "CSAT", band: "Grade", seen: "Read",
    fatal: "automatic fail", onlyFatal: "Automatic fails only", below: "Score below", rule: "Rule", csv: "CSV", pdf: "PDF report", conversation: "Conversation", name: "Name",
    standings: { machine: "machine only", reviewed: "reviewed", appealed: "appealed", decided: "decided" } as Record<string, string>,
    severities: { minor: "minor", moderate: "moderate", severe: "severe" } as Record<string, string>,
    roles: { customer: "Customer", agent: "Agent", bot: "Bot" } as Record<string, string>,
    overview: {
      empty: "No conversation that ended in this time was inspected. Every conversation is inspected when it is closed; choose a longer time or close one.",
      inspected: "Inspected", mean: "Mean score", fails: "Automatic fails", reviewed: "Reviewed by people", checked: "Reviewed", appealed: "Appealed", read: "Read by the agent", coverage: "Of all closed",
      over: "Score over time", people: "after review", volume: "Inspected conversations", distribution: "Distribution of scores", conversations: (n: number) => `${n} conversations`,
      bySubject: "By agent and bot", byGroup: "By group", byChannel: "By channel", heat: "Rules × agents", heatHint: "Conversations in which the rule hits. A cell opens them.",
      rules: "Rules", right: "Right", wrong: "Wrong", missed: "Missed", precision: "Precision", recall: "Recall", points: "Points",
      appeals: "Appeals", late: "late", hours: (h: string) => `${h} h until decided`, changes: "Changes", changed: (what: string, n: number) => `${what} version ${n} came into force`, kinds: { rubric: "Rules", card: "Scorecard" } as Record<string, string>,
      outcomes: { open: "open", accepted: "accepted", partly: "partly accepted", rejected: "rejected" } as Record<string, string>,
    },
    list: { empty: "Nothing matches these filters. Take one away.", assign: "Give for review to", assigned: (n: number) => `${n} given out.`, chosen: (n: number) => `${n} chosen`, choose: "Choose", start: "Start a calibration", filters: "Filters" },
    one: {
      transcript: "Conversation", lines: "Hits", noLines: "No rule hit.", card: "Scorecard", review: "Review", comment: "Comment for the agent", submit: "Submit the review", submitted: "The review counts.", preview: (s: string) => `With this review: ${s}`,
      right: "right", wrong: "wrong", missed: "A rule was missed", add: "Add", remove: "Remove", reviews: "Reviews", by: (who: string, s: string) => `${who}: ${s}`, personAnswered: "a person", unjudged: "not applicable: no language model has answered", opinions: "What the language model says", holds: "yes", holdsNot: "no", ruleAnswered: "rules", modelAnswered: "model", nobody: "needs a person", notAsked: "not asked",
      again: "Inspect anew", againHint: "By the rules that count now. Both scores stay.", others: "Earlier and later scores of this conversation", open: "Open the conversation", appeal: "Appeal", coaching: "Coaching cards", coach: "Give the agent a coaching card", coached: "The card is sent.", about: "About", general: "in general", redacted: "erased", masked: "Personal numbers are covered.",
      reviewKinds: { review: "review", second: "second review", calibration: "calibration" } as Record<string, string>, unseen: "The agent has not read it yet.", seenAt: (at: string) => `Read by the agent ${at}`, version: (r: number, c: number) => `rules ${r}, scorecard ${c || "–"}`, calibrating: "This is a calibration: your review changes no score, and others see it when the session is closed.", fails: "fails",
    },
    tasks: { empty: "No review waits for you. Choose scores in the list, or let a sampling plan give some out.", emptyDone: "You have reviewed nothing yet.", due: "Due", late: "late", open: "Open", done: "Done", kind: "Kind", all: "Everybody's", mine: "Mine" },
    appeals: { empty: "No appeal waits for a decision.", reason: "Reason", lines: "Disputed", due: "Decide by", decision: "Reason for the decision", decide: "Decide", before: "Before", after: "After", outcomes: { accepted: "Accept: the disputed lines count no longer", partly: "Accept in part: as judged in the form below", rejected: "Reject: the score stays" } as Record<string, string>, all: "All", open: "Open", final: "This decision is final.", decided: (who: string) => `Decided by ${who}` },
    mine: {
      hint: "Your own conversations as they were scored. Read each score; if a line is wrong, appeal within the days there are for it.", scores: "Scores", empty: "None of your conversations was inspected yet. That happens as soon as one is closed.",
      acknowledge: "I have read this", acknowledged: "Noted as read.", appeal: "Appeal", appealHint: "Choose the lines you disagree with and say why. There is one appeal for each score; the decision is final.", reason: "Why it is wrong", appealed: "Your appeal is on its way.", cards: "Coaching cards", noCards: "No card waits for you.", learn: "Noted", comment: "Comment (may stay empty)", trend: "My scores",
    },
    calibration: {
      hint: "Several people judge the same conversations without seeing each other's verdicts; then it shows how far they agree.", empty: "No session yet. Choose some scores in the list and start a calibration with them.", title: "Title", reviewers: "Reviewers (two or more)", expert: "Expert", noExpert: "nobody: compare with the mean", start: "Start", close: "Close the session", closed: "closed", open: "open", progress: (d: number, t: number) => `${d} of ${t} done`,
      kappa: "Kappa", kappaHint: "Cohen's for two, Fleiss' for more; 1 is full agreement, 0 is chance.", agreement: "Pairs that agree", items: "Judged by all", distance: "Mean distance in points", item: "Rule or question", mine: "My tasks", results: "Results", later: "Results come when the session is closed.",
      kinds: { rule: "Rule", question: "Question" } as Record<string, string>, chosen: (n: number) => `${n} scores chosen`,
    },
    plans: {
      hint: "A plan gives scores out for review by itself, each day or week, to whoever has the fewest open.", empty: "No plan yet. Add one to have a sample reviewed each week.", add: "New plan", how: "How", hows: { random: "at random", per_agent: "so many of each agent", risk: "at random, the risky ones more often" } as Record<string, string>, count: "How many", every: "Every", everies: { day: "day", week: "week" } as Record<string, string>,
      reviewers: "Reviewers", agents: "Only these agents (new hires, for instance)", about: "About", abouts: { agent: "people", bot: "the bot", any: "both" } as Record<string, string>, below: "Only scores below", days: "Days to review", second: "Share a second person reviews too (0–1)", active: "Active", run: "Run now", ran: (n: number) => `${n} tasks given out.`, last: "Last run", never: "never", remove: "Remove", edit: "Change",
    },
    rules: {
      version: (n: number) => `Version ${n} counts`, draft: (n: number) => `Draft: version ${n}`, noDraft: "No draft. Change a rule, and a draft begins; what counts stays as it is until you activate it.", find: "Find a rule", section: "Section", severity: "Severity", points: "Points", examples: "Examples", when: "Runs", runs: { live: "live", after: "at the end", both: "live and at the end" } as Record<string, string>,
      add: "New rule", id: "Id (a–z, 0–9, _)", text: "The rule in YAML", saved: "Kept in the draft; all examples come out right.", problems: "Not kept:", line: (n: number) => `line ${n}`, remove: "Remove from the draft", removed: "Removed from the draft.", activate: "Activate the draft", activateAsk: "From now on conversations are judged by the draft. Scores that were given stay as they are.", activated: (n: number) => `Version ${n} counts now.`, discard: "Throw the draft away", discarded: "The draft is gone.",
      changed: "changed", fresh: "new", history: "Versions", states: { draft: "draft", active: "active", retired: "retired" } as Record<string, string>, card: "Scorecard", rubric: "Rules", cardText: "The scorecard in YAML", cardSaved: "Kept as a draft.", cardActivate: "Activate the scorecard", empty: "No rule is called so.", show: "Show", by: "by",
    },
    models: {
      hint: "Small models read single messages; rules and the scorecard ask them. The figures are of five-fold cross-validation: each message was judged by a model that had not learned from its conversation.",
      empty: "No model yet. Run kefu quality train, with --labels FILE for your own labelled messages; the house takes them up within seconds.",
      tasks: { satisfaction: "Satisfaction", mood: "Mood", complaint: "Complaint", offensive: "Offensive words" } as Record<string, string>,
      labels: { dissatisfied: "dissatisfied", neutral: "neutral", satisfied: "satisfied", negative: "negative", positive: "positive", complaint: "complaint", none: "none", offensive: "offensive", clean: "clean" } as Record<string, string>,
      accuracy: "Right", majority: (s: string) => `always the commonest: ${s}`, macroF1: "Macro F1", kappa: "Cohen's kappa", off: "Confidence is off by", examples: "Messages", label: "Label", version: (d: string) => `version ${d}`,
    },
    trial: {
      title: "Back-test", hint: "Judges past conversations by the draft and by what counts. No score changes.", last: "Last conversations", start: "Start", stop: "Stop", running: (d: number, t: number) => `${d} of ${t}`, states: { running: "running", done: "done", stopped: "stopped", failed: "failed" } as Record<string, string>, cut: "cut off", mean: (a: string, b: string) => `Mean score ${a} → ${b}`, changed: (n: number, t: number) => `${n} of ${t} scores change`,
      before: "Before", after: "After", gained: "New hits", lost: "Lost hits", overlap: "Hits together with", samples: "Samples", same: "No rule hits otherwise than before.", all: "Also rules without a difference",
    },
  },
  {
    tabs: { "": "总览", scores: "质检结果", tasks: "我的复核", appeals: "申诉", calibration: "校准", plans: "抽检计划", rules: "规则", models: "模型" } as Record<string, string>,
    loading: "加载中……", more: "更多", save: "保存", cancel: "取消", send: "发送", back: "返回列表", none: "–", yes: "是", no: "否", any: "不限", bot: "机器人",
    score: "得分", machine: "机器评分", subject: "坐席", ended: "结束时间", group: "技能组", channel: "渠道", standing: "状态", hits: "命中规则", csat: "满意度", band: "等级", seen: "已读",
    fatal: "一票否决", onlyFatal: "仅一票否决", below: "得分低于", rule: "规则", csv: "CSV", pdf: "PDF 报告", conversation: "会话", name: "名称",
    standings: { machine: "仅机器", reviewed: "已复核", appealed: "申诉中", decided: "已裁定" } as Record<string, string>,
    severities: { minor: "轻微", moderate: "中等", severe: "严重" } as Record<string, string>,
    roles: { customer: "客户", agent: "坐席", bot: "机器人" } as Record<string, string>,
    overview: {
      empty: "这段时间内没有质检过的会话。会话关闭后会自动质检；请放宽时间范围，或先结束一个会话。",
      inspected: "质检会话", mean: "平均分", fails: "一票否决", reviewed: "人工复核", checked: "复核", appealed: "申诉", read: "坐席已读", coverage: "占全部已结束会话",
      over: "得分走势", people: "复核后", volume: "质检会话数", distribution: "得分分布", conversations: (n: number) => `${n} 个会话`,
      bySubject: "按坐席与机器人", byGroup: "按技能组", byChannel: "按渠道", heat: "规则 × 坐席", heatHint: "规则命中的会话数，点击单元格查看。",
      rules: "规则命中", right: "判对", wrong: "误判", missed: "漏判", precision: "准确率", recall: "召回率", points: "分值合计",
      appeals: "申诉", late: "超期", hours: (h: string) => `平均 ${h} 小时裁定`, changes: "变更", changed: (what: string, n: number) => `${what}第 ${n} 版生效`, kinds: { rubric: "规则", card: "评分表" } as Record<string, string>,
      outcomes: { open: "待裁定", accepted: "成立", partly: "部分成立", rejected: "驳回" } as Record<string, string>,
    },
    list: { empty: "没有符合条件的结果，请减少筛选条件。", assign: "分派复核给", assigned: (n: number) => `已分派 ${n} 个。`, chosen: (n: number) => `已选 ${n} 个`, choose: "选择", start: "发起校准", filters: "筛选" },
    one: {
      transcript: "会话内容", lines: "命中", noLines: "没有命中规则。", card: "评分表", review: "复核", comment: "给坐席的评语", submit: "提交复核", submitted: "复核已生效。", preview: (s: string) => `按此复核：${s}`,
      right: "正确", wrong: "误判", missed: "漏判的规则", add: "添加", remove: "移除", reviews: "复核记录", by: (who: string, s: string) => `${who}：${s}`, personAnswered: "人工", unjudged: "不适用：语言模型未作答", opinions: "语言模型的判断", holds: "是", holdsNot: "否", ruleAnswered: "规则", modelAnswered: "模型", nobody: "待人工判断", notAsked: "不适用",
      again: "重新质检", againHint: "按现行规则重新质检，两次结果都会保留。", others: "该会话的其他质检结果", open: "打开会话", appeal: "申诉", coaching: "辅导卡", coach: "给坐席发辅导卡", coached: "辅导卡已发出。", about: "关于", general: "整体表现", redacted: "已抹除", masked: "个人号码已遮盖。",
      reviewKinds: { review: "复核", second: "二次复核", calibration: "校准" } as Record<string, string>, unseen: "坐席尚未阅读。", seenAt: (at: string) => `坐席已于 ${at} 阅读`, version: (r: number, c: number) => `规则第 ${r} 版，评分表${c ? `第 ${c} 版` : "无"}`, calibrating: "这是校准：您的判断不改变得分，校准结束前他人看不到。", fails: "否决",
    },
    tasks: { empty: "没有待您复核的会话。可在质检结果中选择，或由抽检计划自动分派。", emptyDone: "您还没有复核过会话。", due: "截止", late: "已超期", open: "待办", done: "已完成", kind: "类型", all: "全部人员", mine: "我的" },
    appeals: { empty: "没有待裁定的申诉。", reason: "理由", lines: "有异议的项", due: "裁定期限", decision: "裁定理由", decide: "裁定", before: "原得分", after: "裁定后", outcomes: { accepted: "成立：有异议的项不再计分", partly: "部分成立：按下方表单重新判定", rejected: "驳回：维持原得分" } as Record<string, string>, all: "全部", open: "待裁定", final: "裁定为最终结果。", decided: (who: string) => `裁定人：${who}` },
    mine: {
      hint: "您自己的会话及其质检结果。请阅读每个结果；如有误判，可在期限内申诉。", scores: "质检结果", empty: "您还没有质检过的会话。会话关闭后即会质检。",
      acknowledge: "我已阅读", acknowledged: "已标记为已读。", appeal: "申诉", appealHint: "选择有异议的项并说明理由。每个结果只能申诉一次，裁定为最终结果。", reason: "申诉理由", appealed: "申诉已提交。", cards: "辅导卡", noCards: "没有待阅读的辅导卡。", learn: "已了解", comment: "回复（可不填）", trend: "我的得分",
    },
    calibration: {
      hint: "多人在互不可见的情况下评判同一批会话，再看彼此的一致程度。", empty: "还没有校准。请在质检结果中选择若干会话发起校准。", title: "标题", reviewers: "评判人（至少两位）", expert: "基准评判人", noExpert: "无：与平均值比较", start: "发起", close: "结束校准", closed: "已结束", open: "进行中", progress: (d: number, t: number) => `已完成 ${d}/${t}`,
      kappa: "Kappa 系数", kappaHint: "两人用 Cohen，多人用 Fleiss；1 为完全一致，0 为随机水平。", agreement: "两两一致率", items: "全员评判项", distance: "平均分差", item: "规则或问题", mine: "我的任务", results: "结果", later: "校准结束后显示结果。",
      kinds: { rule: "规则", question: "问题" } as Record<string, string>, chosen: (n: number) => `已选 ${n} 个结果`,
    },
    plans: {
      hint: "抽检计划按天或按周自动分派复核任务，优先分给待办最少的人。", empty: "还没有计划。新建一个，每周自动抽检。", add: "新建计划", how: "抽样方式", hows: { random: "随机", per_agent: "每位坐席固定数量", risk: "随机，风险高的优先" } as Record<string, string>, count: "数量", every: "周期", everies: { day: "每天", week: "每周" } as Record<string, string>,
      reviewers: "复核人", agents: "仅限这些坐席（如新人）", about: "对象", abouts: { agent: "人工", bot: "机器人", any: "全部" } as Record<string, string>, below: "仅得分低于", days: "复核期限（天）", second: "二次复核比例（0–1）", active: "启用", run: "立即执行", ran: (n: number) => `已分派 ${n} 个任务。`, last: "上次执行", never: "从未", remove: "删除", edit: "修改",
    },
    rules: {
      version: (n: number) => `第 ${n} 版生效中`, draft: (n: number) => `草稿：第 ${n} 版`, noDraft: "没有草稿。修改任一规则即生成草稿；启用之前，现行规则不变。", find: "查找规则", section: "分类", severity: "严重程度", points: "分值", examples: "样例", when: "时机", runs: { live: "实时", after: "结束后", both: "实时与结束后" } as Record<string, string>,
      add: "新建规则", id: "标识（a–z、0–9、_）", text: "规则（YAML）", saved: "已存入草稿，样例全部通过。", problems: "未保存：", line: (n: number) => `第 ${n} 行`, remove: "从草稿删除", removed: "已从草稿删除。", activate: "启用草稿", activateAsk: "此后按草稿质检；已有的得分不变。", activated: (n: number) => `第 ${n} 版已生效。`, discard: "放弃草稿", discarded: "草稿已放弃。",
      changed: "已改", fresh: "新增", history: "版本", states: { draft: "草稿", active: "生效", retired: "已停用" } as Record<string, string>, card: "评分表", rubric: "规则", cardText: "评分表（YAML）", cardSaved: "已存为草稿。", cardActivate: "启用评分表", empty: "没有这样的规则。", show: "查看", by: "由",
    },
    models: {
      hint: "小模型逐条判断消息，供规则与评分表使用。指标来自五折交叉验证：每条消息都由没有学过其所在会话的模型判断。",
      empty: "还没有模型。请运行 kefu quality train，可用 --labels 文件 提供自有标注；系统会在数秒内启用。",
      tasks: { satisfaction: "满意度", mood: "情绪", complaint: "投诉", offensive: "辱骂用语" } as Record<string, string>,
      labels: { dissatisfied: "不满意", neutral: "中性", satisfied: "满意", negative: "负面", positive: "正面", complaint: "投诉", none: "无", offensive: "辱骂", clean: "正常" } as Record<string, string>,
      accuracy: "判断正确", majority: (s: string) => `总选最常见的：${s}`, macroF1: "宏平均 F1", kappa: "Cohen kappa", off: "置信度偏差", examples: "消息数", label: "标签", version: (d: string) => `版本 ${d}`,
    },
    trial: {
      title: "回测", hint: "用草稿与现行规则分别评判历史会话，不改变任何得分。", last: "最近会话数", start: "开始", stop: "停止", running: (d: number, t: number) => `${d}/${t}`, states: { running: "进行中", done: "已完成", stopped: "已停止", failed: "失败" } as Record<string, string>, cut: "已中断", mean: (a: string, b: string) => `平均分 ${a} → ${b}`, changed: (n: number, t: number) => `${t} 个得分中 ${n} 个变化`,
      before: "现行", after: "草稿", gained: "新增命中", lost: "减少命中", overlap: "同时命中", samples: "样本", same: "各规则命中与之前一致。", all: "也显示无差异的规则",
    },
  },
);
