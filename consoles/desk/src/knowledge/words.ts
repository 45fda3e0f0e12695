import { both } from "../words";
import type { Taken } from "./calls";

type Refusals = Record<string, ((about: Record<string, string | number>) => string) | undefined>;

export const say = both(
  {
    tabs: { library: "Library", ask: "Ask", gaps: "Unanswered", usage: "Use" }, add: "Question and answer", upload: "Import documents", find: "Find by title", folder: "Folder", allFolders: "all folders",
    states: { all: "all", published: "published", draft: "draft", proposed: "proposed", archived: "archived", removed: "removed" }, state: "State", title: "Title", passages: "Passages", changed: "Changed", language: "Language", anyLanguage: "as the text is", languages: { zh: "Chinese", en: "English" },
    audience: "For whom", audiences: { public: "customers and staff", staff: "staff only" }, tags: "Tags", tagsHint: "Apart by commas; without any they are suggested from the content.", since: "Valid from", until: "Valid to", link: "Link for customers",
    none: "The library is empty. Import documents, or write the first question with its answer: the bot and agents answer from here at once.", noneFound: "Nothing fits. Look in another folder or state.", more: "More",
    drop: "Drop files here, or choose them", dropHint: "pdf, docx, xlsx, pptx, csv, md, txt, html, or a zip of them; up to 10 MB each.", choose: "Choose files", publish: "Publish at once", outcomes: { new: "new", changed: "new version", same: "unchanged", refused: "refused" }, importing: (done: number, all: number) => `Importing ${done} of ${all}`, imported: (n: number, refused: number) => `${n === 1 ? "1 passage is in" : `${n} passages are in`}${refused ? `; ${refused === 1 ? "1 file was" : `${refused} files were`} refused` : ""}`,
    question: "Question", answer: "Answer", save: "Save", cancel: "Cancel", close: "Close", edit: "Edit", describe: "Details", publishOne: "Publish", takeBack: "Back to draft", archive: "Archive", remove: "Remove", removeAsk: (title: string) => `Remove “${title}”? Nobody is answered from it any more.`, accept: "Accept", decline: "Decline", proposePairs: "Propose questions", proposedNow: (n: number) => (n ? `${n === 1 ? "1 question is" : `${n} questions are`} proposed; see “proposed” in the library.` : "Nothing new to propose from this document."),
    page: (n: number) => `page ${n}`, pages: (n: number) => (n === 1 ? "1 page" : `${n} pages`), scanned: (pages: number[]) => `no text on page ${pages.join(", ")} (scanned)`, versions: "Versions", made: { version: (n: string) => `version ${n} again`, conversation: () => "from a conversation", document: () => "from a document" }, alike: "Other entries answer the same", contradicts: "says otherwise", version: (n: number) => `version ${n}`, restore: "Make this the next version", looking: (n: number) => `You look at version ${n}.`, kinds: { text: "text", row: "table row", pair: "question" },
    askLabel: "Ask as a customer would", askHint: "An answer comes with its source. Below the threshold the library says that it does not know.", asCustomer: "as a customer", asStaff: "as staff", askNow: "Ask", sure: (share: string) => `${share} sure`, unknown: "The library does not know.", write: "Write the answer", nearest: "Nearest passages",
    gapsNone: "Nothing stayed unanswered. Questions that neither the bot nor the library can answer are gathered here, the most frequent first.", times: (n: number) => (n === 1 ? "asked once" : `asked ${n} times`), dismiss: "Needs no answer", last: "last", conversations: "In conversations", questions: (n: number) => (n === 1 ? "1 unanswered question" : `${n} unanswered questions`),
    days: (n: number) => `${n} days`, period: "Period", usageNone: "No answer has been given from the library in this time. Import documents and publish them; each answer that the bot or an agent gives from them is counted here.", answers: "Answers given and judged, by day", entry: "Entry", share: "Share helpful", use: { given: "given", helpful: "helpful", unhelpful: "not helpful", used: "used by agents", clicked: "opened" }, date: "Day",
    refusals: {
      large: ({ megabytes }) => `larger than ${megabytes} MB`, empty: () => "the file is empty", ending: ({ ending, taken }) => `${ending} is not taken; ${taken} are`, nameless: ({ taken }) => `a file without ending is not taken; ${taken} are`,
      mismatch: ({ ending }) => `the name says ${ending}, the content does not`, office: () => "encrypted, or of an old Office format", macros: () => "it carries macros", coding: () => "not text in UTF-8, UTF-16 or GB 18030",
      damaged: () => "damaged, or not what its name says", encrypted: () => "encrypted", entries: ({ most }) => `the archive has more than ${most} entries`, bomb: () => "the archive expands beyond all measure", outside: () => "its name leads out of the archive",
      scanned: () => "scanned pages without text", wordless: () => "it holds no text", passages: ({ most }) => `more than ${most} passages`, limits: ({ seconds }) => `it takes more than ${seconds} seconds, too much memory, or is damaged`, unread: ({ error }) => `it cannot be read (${error})`,
    } as Refusals,
  },
  {
    tabs: { library: "知识库", ask: "问答测试", gaps: "未解答", usage: "使用情况" }, add: "新建问答", upload: "导入文档", find: "按标题查找", folder: "目录", allFolders: "全部目录",
    states: { all: "全部", published: "已发布", draft: "草稿", proposed: "待确认", archived: "已归档", removed: "已删除" }, state: "状态", title: "标题", passages: "段落", changed: "更新时间", language: "语言", anyLanguage: "按内容识别", languages: { zh: "中文", en: "英文" },
    audience: "可见范围", audiences: { public: "客户与员工", staff: "仅员工" }, tags: "标签", tagsHint: "用逗号分隔；不填则根据内容推荐。", since: "生效日期", until: "失效日期", link: "给客户的链接",
    none: "知识库还是空的。导入文档，或写下第一条问答：机器人和坐席立刻就能用它回答。", noneFound: "没有符合的内容，换个目录或状态看看。", more: "更多",
    drop: "把文件拖到这里，或选择文件", dropHint: "支持 pdf、docx、xlsx、pptx、csv、md、txt、html，或它们的 zip；单个不超过 10 MB。", choose: "选择文件", publish: "立即发布", outcomes: { new: "新增", changed: "新版本", same: "无变化", refused: "未导入" }, importing: (done, all) => `正在导入 ${done} / ${all}`, imported: (n, refused) => `已导入 ${n} 个段落${refused ? `；${refused} 个文件未导入` : ""}`,
    question: "问题", answer: "答案", save: "保存", cancel: "取消", close: "关闭", edit: "编辑", describe: "属性", publishOne: "发布", takeBack: "转为草稿", archive: "归档", remove: "删除", removeAsk: (title) => `删除“${title}”？之后不再用它回答任何人。`, accept: "采纳", decline: "不采纳", proposePairs: "抽取问答", proposedNow: (n) => (n ? `已抽取 ${n} 条问答，在“待确认”中等待采纳。` : "这份文档没有新的问答可抽取。"),
    page: (n) => `第 ${n} 页`, pages: (n) => `共 ${n} 页`, scanned: (pages) => `第 ${pages.join("、")} 页没有文字（扫描件）`, versions: "历史版本", made: { version: (n) => `恢复自版本 ${n}`, conversation: () => "来自会话", document: () => "抽取自文档" }, alike: "其他条目回答了同样的问题", contradicts: "说法不一致", version: (n) => `版本 ${n}`, restore: "恢复为新版本", looking: (n) => `正在查看版本 ${n}。`, kinds: { text: "正文", row: "表格行", pair: "问答" },
    askLabel: "像客户一样提问", askHint: "回答附带出处；把握不足时，知识库会说不知道。", asCustomer: "以客户身份", asStaff: "以员工身份", askNow: "提问", sure: (share) => `把握 ${share}`, unknown: "知识库里没有答案。", write: "补充答案", nearest: "最接近的段落",
    gapsNone: "没有未解答的问题。机器人和知识库都答不上来的问题会汇总在这里，问得最多的排在最前。", times: (n) => `问过 ${n} 次`, dismiss: "无需解答", last: "最近", conversations: "出自会话", questions: (n) => `共 ${n} 个未解答的提问`,
    days: (n) => `近 ${n} 天`, period: "时间范围", usageNone: "这段时间还没有用知识库回答过。导入并发布文档后，机器人和坐席用它给出的每次回答都会计入这里。", answers: "每日回答与评价", entry: "条目", share: "有帮助比例", use: { given: "已回答", helpful: "有帮助", unhelpful: "没帮助", used: "坐席采用", clicked: "被查看" }, date: "日期",
    refusals: {
      large: ({ megabytes }) => `超过 ${megabytes} MB`, empty: () => "文件是空的", ending: ({ ending, taken }) => `不支持 ${ending}，支持 ${taken}`, nameless: ({ taken }) => `文件没有扩展名，支持 ${taken}`,
      mismatch: ({ ending }) => `扩展名是 ${ending}，内容却不是`, office: () => "文件已加密，或是旧版 Office 格式", macros: () => "文件含有宏", coding: () => "不是 UTF-8、UTF-16 或 GB 18030 文本",
      damaged: () => "文件已损坏，或与扩展名不符", encrypted: () => "文件已加密", entries: ({ most }) => `压缩包内超过 ${most} 个文件`, bomb: () => "压缩包解压后过大", outside: () => "文件名指向压缩包之外",
      scanned: () => "扫描件，没有文字", wordless: () => "没有文字内容", passages: ({ most }) => `超过 ${most} 个段落`, limits: ({ seconds }) => `读取超过 ${seconds} 秒、占用内存过多，或文件已损坏`, unread: ({ error }) => `无法读取（${error}）`,
    },
  },
);

/** Why a file was refused; what the page has no words for, in the platform's. */
export const reasonOf = ({ code, about, reason }: Taken): string => say.value.refusals[code ?? ""]?.(about ?? {}) ?? reason;

/** The kind and the id of what a version was made of, as the platform notes it: "as version 2", "conversation …, messages …", "document …, passage …". */
const made = (note: string): string[] => /^(?:as )?(version|conversation|document) (\w+)/.exec(note)?.slice(1) ?? [];

/** What a version was made of, in words. */
export const madeOf = (note: string): string => {
  const [what, which] = made(note);
  return what ? say.value.made[what as "version"](which!) : note;
};

/** The conversation a version was made of; "" when it was made of something else. */
export const conversationOf = (note: string): string => (made(note)[0] === "conversation" ? made(note)[1]! : "");
