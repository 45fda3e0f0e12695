/** What the platform refuses with, in Chinese; English readers get its own sentence. What is not here has the words of its code.
 * A `{}` is whatever is named there, in the same order in both. */
const REFUSALS: Readonly<Record<string, string>> = {
  "a code of the authenticator, or a recovery code": "请输入验证器中的动态码或恢复码",
  "a colleague has this conversation": "该会话由同事处理",
  "a time that is still to come": "请填写将来的时间",
  "a document changes by being imported again": "文档需要重新导入才能修改",
  "another ticket that was not merged itself": "请选择另一张未被合并的工单",
  "another group's id, or nothing": "请选择其他技能组，或留空",
  "either a colleague or a group": "请选择一位同事或一个技能组",
  "nobody here has this id": "没有这位同事",
  "no group has this id": "该技能组已不存在",
  "no reason has this id": "该咨询类型已不存在",
  "no role has this name": "该角色已不存在",
  "no time zone has this name": "没有这个时区",
  "no ticket type has this id": "该工单类型已不存在",
  "nothing here can translate just now": "暂时无法翻译",
  "only who holds the conversation or supervises may do this": "只有当前处理人或主管可以这样做",
  "programs have no second factor": "程序令牌没有两步验证",
  "somebody changed this entry meanwhile; read it again": "同事刚刚修改了该条目，请重新打开",
  "somebody changed this ticket meanwhile; read it again": "同事刚刚修改了该工单，请重新打开",
  "somebody has this role": "仍有人员使用该角色",
  "the conversation store does not answer; please try again": "会话库暂时没有响应，请重试",
  "the folder already has a document of this name": "该目录下已有同名文档",
  "the present password is wrong": "当前密码不正确",
  "the shop does not answer just now": "商城暂时没有响应",
  "this ticket was merged into another one, which goes on": "该工单已合并，请在保留的工单中继续处理",
  "there is no draft to activate": "没有可启用的草稿",
  "there is no draft to try: change a rule first": "没有可试运行的草稿，请先修改规则",
  "there is no such contact": "该客户已不存在",
  "there is no such conversation": "该会话不存在",
  "there is no such entry": "该条目已不存在",
  "there is no such file": "该文件已不存在",
  "there is no such rule": "该规则已不存在",
  "there is no such session": "该登录已结束",
  "there is no such ticket": "该工单不存在",
  "there is no such token": "该令牌已吊销",
  "there is no such webhook": "该 Webhook 已删除",
  "there is one already; switch it off first": "已开启两步验证，请先关闭",
  "these are one person already": "这些资料已合并为同一客户",
  "these are not one person": "这些资料并未合并",
  "they take no part in this conversation": "对方已不在此会话中",
  "this code does not fit; is the phone's clock right?": "动态码不匹配，请检查手机时间",
  "this code is wrong or was used": "动态码错误或已使用",
  "this file is empty": "文件是空的",
  "this link was used or is too old; ask for another": "链接已使用或已过期，请重新获取",
  "this one is not yours to use": "这条快捷回复不属于您",
  "this view is somebody else's": "这是他人的视图",
  "this visitor has left": "访客已离开",
  "this visitor was invited within the last day": "一天内已邀请过该访客",
  "tickets by mail or wishes to be called are of this type": "邮件工单或回电工单正在使用该类型",
  "a text of at most {} characters is needed": "请填写不超过 {} 个字符的文字",
  "after `from`, and at most {} days": "结束日期须晚于开始日期，且相隔不超过 {} 天",
  "at least {} characters": "至少 {} 个字符",
  "files of an answer have at most {} bytes together": "一次回复的文件合计不超过 {} 字节",
  "from {} it goes on to nowhere": "状态“{}”之后不能再变更",
  "from {} it goes on to {}": "状态“{}”之后只能变为：{}",
  "it failed again: {}": "再次失败：{}",
  "named by {}; tell which group takes its place": "仍被使用（{}），请选择接替的技能组",
  "no ticket has this id": "该工单不存在",
  "no ticket type is called {}": "没有工单类型“{}”",
  "no type is called {}": "没有工单类型“{}”",
  "nobody here has the id {}": "没有编号为“{}”的同事",
  "the promise {} is for this type; take it out there first": "服务承诺“{}”正在使用该工单类型，请先在承诺中移除",
  "this field is required": "此项必填",
  "tickets are in the state {}": "仍有工单处于状态“{}”",
  "type {} has no state {}": "工单类型“{}”没有状态“{}”",
  "type {} has no such field": "工单类型“{}”没有此字段",
  "type {} is retired; no more tickets of it are opened": "工单类型“{}”已停用，不能再新建",
};

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const SHAPES = Object.entries(REFUSALS)
  .filter(([english]) => english.includes("{}"))
  .map(([english, chinese]): [RegExp, string] => [new RegExp(`^${english.split("{}").map(literal).join("(.+)")}$`), chinese]);

/** The platform's sentence in Chinese, with what it names; undefined for one that is not known here. */
export function inChinese(sentence: string): string | undefined {
  if (sentence in REFUSALS) return REFUSALS[sentence];
  for (const [shape, chinese] of SHAPES) {
    const named = sentence.match(shape)?.slice(1);
    if (named) return chinese.replace(/\{\}/g, () => named.shift()!);
  }
  return undefined;
}
