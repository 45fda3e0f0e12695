import { both } from "../words";

type Named = { number: number; title: string };

export const say = both(
  {
    title: "Tickets", fresh: "New ticket", type: "Type", subject: "Title", text: "What is to be done", priority: "Priority", open: "Open the ticket", cancel: "Cancel", required: "required",
    opened: (n: number) => `Ticket #${n} is open.`, priorities: { low: "low", normal: "normal", high: "high", urgent: "urgent" },
    lists: { open: "Open", mine: "Mine", unassigned: "Unassigned", watching: "Watched", late: "Late", all: "All" }, list: "Tickets", table: "Table", board: "Board", look: "How to show them",
    state: "State", assignee: "Assignee", group: "Group", updated: "Changed", clock: "Service level", number: "No.", nobody: "nobody", any: "any", search: "Words in title or text",
    none: "No ticket is in this list. Open one here, or from a conversation's menu.", more: "Show more", csv: "Download as CSV", chosen: (n: number) => `${n} chosen`, choose: (n: number) => `Choose ticket ${n}`, apply: "Apply", keep: "as it is",
    bulk: (done: number, refused: string) => `${done} changed${refused && `; not changed: ${refused}`}`,
    saveView: "Keep as a view", viewName: "Name of the view", shared: "For everybody", removeView: (name: string) => `Remove the view ${name}`,
    back: "All tickets", conversation: "Conversation", contact: "Contact", watch: "Watch", unwatch: "Watch no longer", links: "Links", addLink: "Add a link", linkTo: "Ticket number or order number",
    kinds: { related: "related to", blocks: "blocks", duplicate: "duplicate of", order: "order" } as Record<string, string>, noTicket: "No ticket has this number.", removeLink: "Remove the link",
    merge: "Merge into another", mergeInto: "Number of the ticket that stays", mergedInto: "This ticket was merged into another one:", mergeAct: "Merge", merged: "Merged", toConversation: "Open the conversation",
    itself: "That is this ticket itself.", mergeAsk: (from: Named, into: Named) => `#${from.number} ${from.title} ends as merged and points to #${into.number} ${into.title}. That one stays as it is and takes over who watches and what is linked; what was written in #${from.number} stays there. A merge cannot be undone.`,
    comments: "What happened", note: "Internal note", answer: "To the customer", noteHint: "Only colleagues see this.", answerHint: "The customer sees this in the widget, and gets it by mail when their address is known.", send: "Add",
    clocks: { first_response: "First response", next_response: "Next response", resolution: "Resolution" },
    due: (time: string) => `${time} left`, late: (time: string) => `${time} late`, paused: "stands still", met: "met", breached: "missed", save: "Save",
    stale: "Somebody changed this ticket meanwhile; it was read again.", details: "Details",
    did: {
      opened: "opened the ticket", changed: "changed", commented: "wrote", linked: "changed the links", watched: "changed who watches", merged: "merged", warned: "Time is running out:", breached: "The time has passed:",
    } as Record<string, string>,
    customer: "Customer", isPublic: "customer sees it", here: "Tickets of this person", noneHere: "No tickets.", move: "Move to",
    column: { open: "Open", waiting: "Waiting", done: "Done" },
  },
  {
    title: "工单", fresh: "新建工单", type: "类型", subject: "标题", text: "需要处理的事项", priority: "优先级", open: "创建工单", cancel: "取消", required: "必填",
    opened: (n) => `工单 #${n} 已创建。`, priorities: { low: "低", normal: "普通", high: "高", urgent: "紧急" },
    lists: { open: "未完成", mine: "我的", unassigned: "未分配", watching: "我关注的", late: "已超时", all: "全部" }, list: "工单列表", table: "列表", board: "看板", look: "显示方式",
    state: "状态", assignee: "处理人", group: "技能组", updated: "更新时间", clock: "服务时限", number: "编号", nobody: "未分配", any: "不限", search: "标题或内容关键词",
    none: "此列表中没有工单。可在此新建，或从会话菜单中创建。", more: "显示更多", csv: "下载 CSV", chosen: (n) => `已选 ${n} 个`, choose: (n) => `选择工单 ${n}`, apply: "应用", keep: "不变",
    bulk: (done, refused) => `已修改 ${done} 个${refused && `；未修改：${refused}`}`,
    saveView: "保存为视图", viewName: "视图名称", shared: "所有人可见", removeView: (name) => `删除视图 ${name}`,
    back: "全部工单", conversation: "会话", contact: "客户", watch: "关注", unwatch: "取消关注", links: "关联", addLink: "添加关联", linkTo: "工单编号或订单号",
    kinds: { related: "相关", blocks: "阻塞", duplicate: "重复于", order: "订单" }, noTicket: "没有此编号的工单。", removeLink: "移除关联",
    merge: "合并到其他工单", mergeInto: "保留的工单编号", mergedInto: "此工单已合并到：", mergeAct: "合并", merged: "已合并", toConversation: "打开会话",
    itself: "这就是当前工单。", mergeAsk: (from, into) => `#${from.number} ${from.title} 将标为已合并，并指向 #${into.number} ${into.title}。后者保持不变，并接收关注人和关联；#${from.number} 的处理记录仍留在原工单。合并后无法撤销。`,
    comments: "处理记录", note: "内部备注", answer: "回复客户", noteHint: "仅同事可见。", answerHint: "客户会在聊天窗口中看到；已知邮箱时还会收到邮件", send: "添加",
    clocks: { first_response: "首次响应", next_response: "再次响应", resolution: "解决" },
    due: (time) => `剩余 ${time}`, late: (time) => `超时 ${time}`, paused: "已暂停", met: "已达成", breached: "未达成", save: "保存",
    stale: "该工单已被他人修改，已重新读取。", details: "详情",
    did: { opened: "创建了工单", changed: "修改了", commented: "写道", linked: "修改了关联", watched: "修改了关注", merged: "合并了", warned: "即将超时 ·", breached: "已超时 ·" },
    customer: "客户", isPublic: "客户可见", here: "该客户的工单", noneHere: "暂无工单。", move: "移至",
    column: { open: "处理中", waiting: "等待中", done: "已完成" },
  },
);
