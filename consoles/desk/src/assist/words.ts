import { both } from "../words";

export const say = both(
  {
    title: "Suggestions", source: { past: "Said before", canned: "Canned", article: "Article" }, insert: "Insert", send: "Send", dismiss: "Dismiss", wrong: "This is wrong",
    keys: "Alt+number inserts, with Shift it sends; Alt+0 dismisses; Alt+Enter takes the rest of what is typed.", none: "Nothing to suggest for what was said.", away: "Suggestions cannot be reached just now; everything else works.",
    more: "New suggestions", open: "Show all of it", shut: "Show less", rest: "Go on with", polish: "Improve", ways: { tidy: "Tidy up", shorter: "Shorter", politer: "Politer" }, nothing: "Write something first.",
    guide: "Guide", noGuide: "No guide", next: "Next", required: "required", missing: (names: string) => `Still missing before closing: ${names}`, known: "Known", mood: "Mood", turned: "The customer's mood has turned.",
    moods: (at: number) => (at < -0.3 ? "upset" : at > 0.3 ? "glad" : "neutral"), past: "Before", draft: "Filled in from the conversation; please check it.", fold: "Fold", unfold: "Unfold",
  },
  {
    title: "推荐话术", source: { past: "历史回复", canned: "快捷回复", article: "知识" }, insert: "填入", send: "发送", dismiss: "忽略", wrong: "内容有误",
    keys: "Alt+数字填入，加 Shift 直接发送；Alt+0 忽略；Alt+Enter 补全正在输入的话。", none: "当前没有值得推荐的内容。", away: "推荐服务暂时无法访问，其他功能不受影响。",
    more: "有新推荐", open: "展开", shut: "收起", rest: "补全", polish: "润色", ways: { tidy: "规范", shorter: "精简", politer: "更礼貌" }, nothing: "请先输入内容。",
    guide: "流程", noGuide: "不用流程", next: "下一步", required: "必做", missing: (names) => `结束前尚未完成：${names}`, known: "已知", mood: "情绪", turned: "客户情绪转差。",
    moods: (at) => (at < -0.3 ? "不满" : at > 0.3 ? "愉快" : "平稳"), past: "以往", draft: "已根据会话预填，请核对。", fold: "收起", unfold: "展开",
  },
);
