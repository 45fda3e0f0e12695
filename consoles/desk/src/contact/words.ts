import { both } from "../words";

export const say = both(
  {
    edit: "Edit", save: "Save", cancel: "Cancel", vip: "VIP: served first", attributes: "Attributes", attribute: "Attribute", value: "Value", addAttribute: "Add an attribute", remove: (name: string) => `Remove ${name}`,
    notes: "Notes about the customer", addNote: "Add", noteHint: "Colleagues see this beside every conversation.", noNotes: "No notes.", dropNote: "Remove the note",
    orders: "Orders spoken of", noOrders: "No order number was written.", awayOrders: "The shop does not answer just now.", history: "Conversations", tickets: "Tickets", noTickets: "No tickets.",
    merge: "Same person as …", mergeHint: "Both keep their conversations and are shown as one person. It can be undone.", find: "Name, e-mail, phone or visitor's number", noneFound: "No other contact has these words.", isOne: "One person with", part: "Two persons",
    block: "Block", unblock: "Unblock", blocked: (until: string) => `May not write until ${until}.`, forGood: "May not write any more.", hours: "For how long", times: { "1": "1 hour", "24": "1 day", "168": "1 week", "": "for good" }, reason: "Reason",
    export: "Download everything", erase: "Erase the customer", eraseAsk: "Everything this customer wrote, what was written to them, their profile and the notes about them are erased for good. The places in the conversations stay.", erased: (n: number) => `${n} entries were erased.`,
    status: { pending: "to be paid", paid: "paid", shipped: "on its way", delivered: "delivered", cancelled: "cancelled", refunding: "being refunded", refunded: "refunded" } as Record<string, string>,
    delivery: (day: string) => `expected ${day}`, goods: "Goods", state: "Status", price: "Total", parcel: "Parcel", sendCard: (order: string) => `Send ${order} to the customer as a card`, more: "More",
  },
  {
    edit: "编辑", save: "保存", cancel: "取消", vip: "VIP：优先接待", attributes: "自定义属性", attribute: "属性", value: "值", addAttribute: "添加属性", remove: (name) => `移除 ${name}`,
    notes: "客户备注", addNote: "添加", noteHint: "同事在该客户的每个会话旁都能看到。", noNotes: "暂无备注。", dropNote: "删除备注",
    orders: "提到的订单", noOrders: "客户还没有提到订单号。", awayOrders: "商城系统暂时无响应。", history: "历史会话", tickets: "工单", noTickets: "暂无工单。",
    merge: "合并为同一客户……", mergeHint: "双方保留各自的会话，并显示为同一个人，可以撤销。", find: "姓名、邮箱、电话或访客编号", noneFound: "没有其他符合的客户。", isOne: "与以下为同一人", part: "拆分",
    block: "拉黑", unblock: "解除拉黑", blocked: (until) => `${until} 前不能发送消息。`, forGood: "已不能再发送消息。", hours: "时长", times: { "1": "1 小时", "24": "1 天", "168": "1 周", "": "永久" }, reason: "原因",
    export: "导出全部数据", erase: "清除客户数据", eraseAsk: "该客户写过的内容、发给该客户的内容、客户资料与备注都将被永久清除，仅保留其在会话中的位置。", erased: (n) => `已清除 ${n} 条内容。`,
    status: { pending: "待付款", paid: "已付款", shipped: "运输中", delivered: "已签收", cancelled: "已取消", refunding: "退款中", refunded: "已退款" },
    delivery: (day) => `预计 ${day} 送达`, goods: "商品", state: "状态", price: "金额", parcel: "快递", sendCard: (order) => `将 ${order} 以卡片发给客户`, more: "更多",
  },
);
