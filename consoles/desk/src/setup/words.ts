/** Words of the setup of sites and tickets. */
import { both } from "../words";

export const words = both(
  {
    sites: {
      hint: "A site is a place where the widget stands: data-site names it. Changes hold within two seconds, for pages that are opened from then on.", none: "No sites yet: the widget stands nowhere. Add one to let a page embed it.",
      add: "New site", languages: "Languages that the widget offers", language: { zh: "Chinese", en: "English" },
      people: "People", group: "Customers go to", anybody: "anybody", ownHours: "Office hours of its own (otherwise the company's)", badHours: "Hours open before they close and do not overlap; the time zone has a name such as Europe/Berlin.", origins: "Pages of", offers: "Offers of help", taken: "There is a site with this id.", sure: (name: string) => `${name} no longer shows the widget; its conversations stay.`,
      title: { zh: "Title in Chinese", en: "Title in English" }, greeting: { zh: "Welcome in Chinese", en: "Welcome in English" }, quick: { zh: "Quick replies in Chinese, one a line", en: "Quick replies in English, one a line" },
      color: "Colour (#rrggbb)", originsHint: "Origins that may embed it, one a line: https://shop.example, or * for all", badOrigin: "An origin is a scheme and a host, without a path: https://shop.example. Or *.",
      secret: "Secret that signs the site's own users (at least 32 bytes)", secretThere: "New secret (there is one; empty keeps it)", without: "Without a secret", short: "At least 32 bytes.",
      noOffers: "The widget offers nothing by itself here.", addOffer: "Add an offer", offer: (n: number) => `Offer ${n}`, event: "After the page's event (empty: none is needed)", text: { zh: "Text in Chinese", en: "Text in English" },
      pages: "On addresses that hold, one a line (none: on all)", after: "After seconds", again: "Again after hours", badOffer: "An offer's id stands for one offer; texts are in both languages.",
    },
    types: {
      hint: "A kind of ticket has fields of its own and a workflow: its states and where each may lead. Changes hold within two seconds; tickets keep what they have.",
      none: "No kinds of tickets yet. Add one so that work can be written down.", add: "New kind", zh: "Name in Chinese", en: "Name in English", id: "Id (a–z, 0–9, - and _)",
      group: "Goes to group", nobody: "no group", fields: "Fields", states: "States", noFields: "No fields: a title and a text are enough.",
      addField: "Add a field", addState: "Add a state", field: (n: number) => `Field ${n}`, state: (n: number) => `State ${n}`, kind: "Kind", required: "Required", choices: "Choices", choice: (n: number) => `Choice ${n}`, choiceId: "Id, as tickets keep it", addChoice: "Add a choice", up: "Up",
      kinds: { text: "text", number: "number", date: "date", choice: "choice" }, stateKinds: { open: "open", waiting: "waits (clocks stand still)", done: "done" },
      first: "Tickets begin here", moves: "May go on to", nowhere: "Nowhere: there is no other state.",
      taken: "There is a kind with this id.", twice: "This id is taken above.", noChoices: "A choice needs something to choose from.", noEnd: "One state at least ends a ticket.",
      isRetired: "retired", again: "Use again", deleted: "Deleted: there was no ticket of this kind.", retired: "Retired: no more tickets of this kind are opened; those that there are go on.",
      sure: (name: string) => `No more tickets of the kind ${name} can be opened. If there are any, it is retired and they go on; otherwise it is deleted.`,
      promised: "A ticket promise (SLA) is for this kind. Take the kind out there first, on the page Service hours and levels.", needed: "Tickets by mail or wishes to be called are of this kind, as the company's file says. Name another there first.",
      stuck: "Tickets are in a state that you took out. Move them on first.", free: "Tickets by mail and wishes to be called are of this kind; they come without fields, so none may be required.",
    },
  },
  {
    sites: {
      hint: "站点是放置客服组件的地方，由 data-site 指定。修改两秒内生效，对之后打开的页面起作用。", none: "还没有站点，组件无处可放。添加一个，网页就能嵌入组件。",
      add: "新建站点", languages: "组件提供的语言", language: { zh: "中文", en: "英文" },
      people: "人工服务", group: "客户归属技能组", anybody: "不限", ownHours: "使用单独的工作时间（否则按公司工作时间）", badHours: "每段时间的开始要早于结束，且不能重叠；时区请填写名称，如 Europe/Berlin。", origins: "允许的网页", offers: "主动邀请", taken: "已有相同编号的站点。", sure: (name: string) => `${name} 将不再显示客服组件，已有会话保留。`,
      title: { zh: "中文标题", en: "英文标题" }, greeting: { zh: "中文欢迎语", en: "英文欢迎语" }, quick: { zh: "中文快捷按钮，每行一个", en: "英文快捷按钮，每行一个" },
      color: "颜色（#rrggbb）", originsHint: "允许嵌入的来源，每行一个，如 https://shop.example；* 表示全部", badOrigin: "来源由协议和域名组成，不含路径，如 https://shop.example，或 *。",
      secret: "网站用户身份签名密钥（至少 32 字节）", secretThere: "新密钥（已设置，留空则不变）", without: "不使用密钥", short: "至少 32 字节。",
      noOffers: "组件不会主动邀请。", addOffer: "添加邀请", offer: (n: number) => `邀请 ${n}`, event: "在网页事件之后（留空则不需要）", text: { zh: "中文内容", en: "英文内容" },
      pages: "地址包含以下内容时，每行一个（留空为所有页面）", after: "多少秒之后", again: "多少小时后可再次邀请", badOffer: "每个邀请的编号不能重复，中英文内容都要填写。",
    },
    types: {
      hint: "每种工单有自己的字段和流程（状态以及允许的流转）。修改两秒内生效，已有工单保留原有内容。",
      none: "还没有工单类型。添加一个，就可以记录要跟进的事情。", add: "新建类型", zh: "中文名称", en: "英文名称", id: "编号（a–z、0–9、- 和 _）",
      group: "归属技能组", nobody: "不指定", fields: "字段", states: "状态", noFields: "没有字段：只需标题和内容。",
      addField: "添加字段", addState: "添加状态", field: (n: number) => `字段 ${n}`, state: (n: number) => `状态 ${n}`, kind: "类别", required: "必填", choices: "选项", choice: (n: number) => `选项 ${n}`, choiceId: "编号（工单中保存）", addChoice: "添加选项", up: "上移",
      kinds: { text: "文本", number: "数字", date: "日期", choice: "单选" }, stateKinds: { open: "处理中", waiting: "等待（计时暂停）", done: "完结" },
      first: "新工单从这里开始", moves: "可以流转到", nowhere: "没有其他状态可去。",
      taken: "已有相同编号的类型。", twice: "上面已有相同编号。", noChoices: "单选字段至少要有一个选项。", noEnd: "至少要有一个完结状态。",
      isRetired: "已停用", again: "重新启用", deleted: "已删除：没有这种类型的工单。", retired: "已停用：不再新建此类工单，已有工单照常处理。",
      sure: (name: string) => `将不能再新建“${name}”类工单。已有此类工单时停用该类型，工单照常处理；没有则直接删除。`,
      promised: "有工单时限（SLA）指定了该类型，请先在“服务时间与水平”页面中移除。", needed: "公司配置文件指定邮件工单或回电请求使用该类型，请先在文件中改用其他类型。",
      stuck: "有工单处于被移除的状态，请先将它们流转走。", free: "邮件工单和回电请求使用此类型，它们没有字段内容，因此不能有必填字段。",
    },
  },
);
