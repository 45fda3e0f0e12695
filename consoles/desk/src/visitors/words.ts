/** Words of the page of visitors. */
import { both } from "../words";

export const words = both(
  {
    hint: "Who is on the site and has not written. Nothing about them is kept; a minute after they leave they are gone from here. Somebody who was invited is not invited again for a day, whatever they did.",
    none: "Nobody is on the site just now. People show up here as soon as they open a page with the widget, until they write.",
    count: (n: number) => (n === 1 ? "1 visitor" : `${n} visitors`), page: "Page", site: "Site", time: "On the site", language: "Language", who: "Visitor",
    languages: { zh: "Chinese", en: "English" }, returning: "returning", fresh: "new", minutes: (n: number) => (n < 1 ? "under a minute" : `${n} min`),
    invite: "Invite", invitedBy: (name: string) => `invited by ${name}`, text: "Message", send: "Invite", cancel: "Cancel",
    begin: { zh: "您好，需要帮您看看吗？", en: "Hello! Can I help you find something?" },
    sent: "Invited. Who accepts comes to you; be online to take them.", gone: "This visitor has left.", already: "A colleague has invited this visitor already.",
  },
  {
    hint: "正在浏览网站、还没有发起咨询的访客。不保存任何记录，离开一分钟后从这里消失。邀请过的访客无论是否接受，一天内不会再次被邀请。",
    none: "现在没有访客。只要有人打开带有客服组件的页面就会出现在这里，直到开始咨询。",
    count: (n: number) => `${n} 位访客`, page: "页面", site: "站点", time: "停留时间", language: "语言", who: "访客",
    languages: { zh: "中文", en: "英文" }, returning: "回访", fresh: "新访客", minutes: (n: number) => (n < 1 ? "不到 1 分钟" : `${n} 分钟`),
    invite: "邀请", invitedBy: (name: string) => `${name} 已邀请`, text: "邀请语", send: "发出邀请", cancel: "取消",
    begin: { zh: "您好，需要帮您看看吗？", en: "Hello! Can I help you find something?" },
    sent: "已发出邀请。对方接受后会直接接入给您，请保持在线。", gone: "该访客已离开。", already: "同事已邀请过该访客。",
  },
);
