import { both } from "../words";

export const say = both(
  {
    tabs: { inbox: "To label", examples: "Examples", versions: "Models" },
    waiting: (n: number) => `${n} messages wait; alike ones stand together, the most frequent first.`,
    empty: "Nothing waits. Messages that the bot did not understand, was unsure of, passed on or was rated badly for are gathered here as customers write.",
    why: { not_understood: "not understood", unsure: "unsure", several: "several wishes", handed_off: "passed on after it", unhelpful: "answer did not help", low_rating: "rated badly", quality: "lost points in inspection" },
    times: (n: number) => `${n} messages`, intent: "Should have been understood as", choose: "Choose an intent", sure: (share: string) => `${share} sure`, guesses: "The bot's guesses: a click labels", as: (intent: string) => `Label as ${intent}`,
    label: (n: number) => (n === 1 ? "Label" : `Label ${n}`), dismiss: "Nothing to learn", labelled: (n: number, intent: string) => `${n} labelled as ${intent}.`, dismissed: "Put aside.", parts: "Taken for several wishes; each can be set right", partAs: (text: string) => `“${text}” should have been understood as`, set: "Set right", open: "Conversation", all: "All messages", has: (n: number) => `${n} examples`,
    examplesHint: "What people have taught. One in five is held out: it measures new models and is never trained on.", examplesNone: "Nothing has been taught yet. Label messages, or import a training file of Rasa's.",
    text: "Sentence", heldout: "Held out", trained: "Trained on", use: "Use", by: "By", at: "When", remove: "Remove", exported: "Export as Rasa YAML", imported: "Import Rasa YAML", took: (n: number) => (n === 1 ? "1 example is in." : `${n} examples are in.`), leftOut: (kinds: string[]) => ` Only examples are taught; left out: ${kinds.join(", ")}.`, leftKind: (one: { kind: string; count: number; line: number }) => `${one.count} × ${one.kind} (${one.count > 1 ? "from line" : "line"} ${one.line})`, find: "Find",
    start: "Train a new model", startHint: "It is trained beside the working one, measured on held-out sentences and scripted conversations, and put to work only when it is not worse.", making: (n: number) => `Version ${n} is being made`,
    stages: { "": "Getting ready", train: "Training (1 of 3)", measure: "Measuring understanding (2 of 3)", rehearse: "Playing conversations (3 of 3)" }, starter: "Started by", version: "Version", state: "State",
    states: { making: "being made", failed: "failed", refused: "worse, not used", running: "working", retired: "retired" }, taught: "Sentences", understanding: "Understanding", dialogues: "Conversations", work: "Put to work", workAsk: (n: number) => `Version ${n} answers customers again. Turns in hand are finished.`,
    first: "the model it came with", changed: (mended: number, broken: number) => `${mended} mended, ${broken} broken`, none: "No model has been trained here yet. The one that works came with the house.", atWork: (n: number) => `Version ${n} answers now.`, of: (n: number) => `of ${n}`, measured: "not measured",
  },
  {
    tabs: { inbox: "待标注", examples: "已标注语料", versions: "模型版本" },
    waiting: (n) => `共 ${n} 条待标注；相近的归在一起，最多的排在最前。`,
    empty: "没有待标注的消息。机器人没听懂、没把握、转了人工或被差评的消息会自动汇总到这里。",
    why: { not_understood: "没听懂", unsure: "没把握", several: "多个诉求", handed_off: "之后转人工", unhelpful: "回答没帮助", low_rating: "被差评", quality: "质检扣分" },
    times: (n) => `${n} 条消息`, intent: "应理解为", choose: "选择意图", sure: (share) => `把握 ${share}`, guesses: "机器人的猜测，点击即标注", as: (intent) => `标注为 ${intent}`,
    label: (n) => (n === 1 ? "标注" : `标注 ${n} 条`), dismiss: "无需学习", labelled: (n, intent) => `已将 ${n} 条标注为 ${intent}。`, dismissed: "已搁置。", parts: "被拆成多个诉求，可逐个纠正", partAs: (text) => `“${text}”应理解为`, set: "纠正", open: "查看会话", all: "全部消息", has: (n) => `${n} 条语料`,
    examplesHint: "人工教给机器人的语料。每五条留出一条用于评测，不参与训练。", examplesNone: "还没有标注语料。先标注消息，或导入 Rasa 的训练文件。",
    text: "句子", heldout: "留作评测", trained: "参与训练", use: "用途", by: "标注人", at: "时间", remove: "移除", exported: "导出 Rasa YAML", imported: "导入 Rasa YAML", took: (n) => `已导入 ${n} 条语料。`, leftOut: (kinds) => `导入只收语料，未导入：${kinds.join("、")}。`, leftKind: (one) => `${one.kind} ${one.count} 处（${one.count > 1 ? "自第" : "第"} ${one.line} 行${one.count > 1 ? "起" : ""}）`, find: "查找",
    start: "训练新模型", startHint: "新模型与当前模型并行训练，用留出的句子和脚本会话对比评测，不差于当前模型才会上线。", making: (n) => `正在制作版本 ${n}`,
    stages: { "": "准备中", train: "训练中（1/3）", measure: "评测理解能力（2/3）", rehearse: "演练会话（3/3）" }, starter: "发起人", version: "版本", state: "状态",
    states: { making: "制作中", failed: "失败", refused: "不如当前，未上线", running: "使用中", retired: "已停用" }, taught: "语料条数", understanding: "理解准确率", dialogues: "会话完成率", work: "切换到此版本", workAsk: (n) => `版本 ${n} 将重新接待客户，进行中的回复会先完成。`,
    first: "系统自带模型", changed: (mended, broken) => `改对 ${mended} 条，改错 ${broken} 条`, none: "这里还没有训练过模型，当前使用系统自带的模型。", atWork: (n) => `已切换到版本 ${n}。`, of: (n) => `共 ${n} 项`, measured: "未评测",
  },
);
