/** Words of the setup of tickets. */
import { both } from "../words";

export const words = both(
  {
    wrong: "Something has to be put right; it is marked.",
    types: {
      hint: "A kind of ticket has fields of its own and a workflow: its states and where each may lead. Changes hold within two seconds; tickets keep what they have.",
      none: "No kinds of tickets yet. Add one so that work can be written down.", add: "New kind", zh: "Name in Chinese", en: "Name in English", id: "Id (a–z, 0–9, - and _)",
      group: "Goes to group", nobody: "no group", fields: "Fields", states: "States", noFields: "No fields: a title and a text are enough.",
      addField: "Add a field", addState: "Add a state", field: (n: number) => `Field ${n}`, state: (n: number) => `State ${n}`, kind: "Kind", required: "Required", choices: "Choices, one a line", up: "Up",
      kinds: { text: "text", number: "number", date: "date", choice: "choice" }, stateKinds: { open: "open", waiting: "waits (clocks stand still)", done: "done" },
      first: "Tickets begin here", moves: "May go on to", nowhere: "Nowhere: there is no other state.",
      taken: "There is a kind with this id.", twice: "This id is taken above.", noChoices: "A choice needs something to choose from.", noEnd: "One state at least ends a ticket.",
      stuck: "Tickets are in a state that you took out. Move them on first.", free: "Tickets by mail and wishes to be called are of this kind; they come without fields, so none may be required.",
    },
  },
  {
    wrong: "有内容需要修改，已标出。",
    types: {
      hint: "每种工单有自己的字段和流程（状态以及允许的流转）。修改两秒内生效，已有工单保留原有内容。",
      none: "还没有工单类型。添加一个，就可以记录要跟进的事情。", add: "新建类型", zh: "中文名称", en: "英文名称", id: "编号（a–z、0–9、- 和 _）",
      group: "归属技能组", nobody: "不指定", fields: "字段", states: "状态", noFields: "没有字段：只需标题和内容。",
      addField: "添加字段", addState: "添加状态", field: (n: number) => `字段 ${n}`, state: (n: number) => `状态 ${n}`, kind: "类别", required: "必填", choices: "选项，每行一个", up: "上移",
      kinds: { text: "文本", number: "数字", date: "日期", choice: "单选" }, stateKinds: { open: "处理中", waiting: "等待（计时暂停）", done: "完结" },
      first: "新工单从这里开始", moves: "可以流转到", nowhere: "没有其他状态可去。",
      taken: "已有相同编号的类型。", twice: "上面已有相同编号。", noChoices: "单选字段至少要有一个选项。", noEnd: "至少要有一个完结状态。",
      stuck: "有工单处于被移除的状态，请先将它们流转走。", free: "邮件工单和回电请求使用此类型，它们没有字段内容，因此不能有必填字段。",
    },
  },
);
