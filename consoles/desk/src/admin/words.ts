/** The administration's words; names of permissions and acts stand in names.ts. */
import { both } from "../words";

export const words = both(
  {
    add: "Add", save: "Save", cancel: "Cancel", remove: "Remove", edit: "Change", close: "Close", saved: "Saved.", gone: "Removed.",
    name: "Name", active: "Active", off: "off", on: "on", sure: (what: string) => `Remove “${what}” for good?`, yes: "Yes, remove",
    copy: "Copy", copied: "Copied.", never: "never", loading: "Loading …", seconds: "seconds", all: "All",
    roles: {
      hint: "A role is a set of permissions. Built-in roles can be changed, except admin; changes hold from the next request on.",
      add: "New role", permissions: "Permissions", built: "built in", own: "own", name: "Name (letters, digits; at most 16)", count: (n: number) => `${n} permissions`, reset: "As built in",
    },
    tokens: {
      hint: "A program signs in with a token: Authorization: Bearer kefu_…. It may do what its scopes say and no more.",
      none: "No program has a token yet. Issue one to let a script or another system use the API.",
      add: "Issue a token", scopes: "Scopes", by: "Issued by", created: "Issued", used: "Last used", withdraw: "Withdraw",
      once: "This is the token. It is shown this once; keep it in a safe place.", issued: "Issued.",
    },
    hooks: {
      hint: "Each chosen fact is POSTed to the address, signed with the secret, and repeated until it arrives (up to 7 times in about 7 hours).",
      none: "Nobody is told yet. Add an address to tell another system what happens here.",
      add: "New webhook", url: "Address (https://…)", kinds: "Facts", test: "Test", log: "Delivery log", secret: "This is the secret that signs each call. It is shown this once.",
      answered: (status: number) => `It answered with status ${status}.`, silent: (error: string) => `No answer: ${error}`,
      noLog: "Nothing has been sent yet. Press Test, or wait for the next fact of the chosen kinds.",
      fact: "Fact", state: "State", tries: "Tries", status: "Status", next: "Next try", retry: "Send again",
      states: { waiting: "waiting", delivered: "delivered", failed: "failed" },
    },
    rules: {
      hint: "When one of these facts happens and all conditions hold, the acts are done once. What a rule does never sets off a rule.",
      none: "No rules yet. A rule can tag, prioritise, queue, note, close or open a ticket by itself.",
      add: "New rule", on: "When it happens", when: "If all of these hold", always: "No condition: always", then: "Then", after: "Only when nothing else happened for", atOnce: "0 is at once",
      condition: "Add a condition", act: "Add an act", try: "Rehearse on", days: "days", trying: "Looking at the past …",
      tried: (n: number, c: number) => (n ? `It would have applied ${n} times, in ${c === 20 ? "20 or more" : c} conversations:` : "It would not have applied once."),
      is: { equals: "is", not: "is not", contains: "contains", at_least: "is at least" } as Record<string, string>,
      fields: { group: "Group", language: "Language", channel: "Channel", site: "Site", text: "Text of the message", priority: "Priority", tag: "Tag", status: "Status", holder: "Who holds it", agent: "Agent" } as Record<string, string>,
      acts: { tag: "Tag it", prioritise: "Set the priority", queue: "Queue it for a group", note: "Leave a note", close: "Close it", ticket: "Open a ticket" } as Record<string, string>,
      priorities: ["normal", "raised", "VIP", "urgent"], anyGroup: "any group", title: "Title", value: "Value", type: "Type",
    },
    sessions: { title: (name: string) => `Where ${name} is signed in`, own: "Where I am signed in", none: "Nowhere.", opened: "Since", address: "Address", browser: "Browser", end: "End", current: "this one", ended: "Ended." },
    staff: {
      hint: "Who is switched off is signed out at once; their conversations go back to the queue.",
      find: "Find by name or login", skills: "Skills", skillsHint: "separated by commas", password: "New password (10 characters or more)", setPassword: "Set password", passwordSet: "The password is set; they have to sign in again.",
      sessions: "Sessions", off: "Switch off", onAgain: "Switch on", offSure: (name: string) => `Switch ${name} off? They are signed out at once.`, noneFound: "Nobody is called so.", add: "Add somebody", inactive: "switched off", showOff: "Also those switched off",
    },
    audit: {
      acts: "In conversations", changes: "Settings and people", none: "Nobody has acted on a conversation yet. Once somebody takes, transfers, supervises or closes one, it stands here.",
      noChanges: "Nothing was changed yet. Changes of people, roles, tokens, webhooks, rules and settings are kept here for good.", subject: "On what", detail: "How it is since", filter: "Filter by person or act", noneFound: "Nothing matches the filter.",
    },
  },
  {
    add: "添加", save: "保存", cancel: "取消", remove: "删除", edit: "修改", close: "关闭", saved: "已保存。", gone: "已删除。",
    name: "名称", active: "启用", off: "已停用", on: "启用中", sure: (what: string) => `确定永久删除“${what}”？`, yes: "确定删除",
    copy: "复制", copied: "已复制。", never: "从未", loading: "加载中……", seconds: "秒", all: "全部",
    roles: {
      hint: "角色是一组权限。内置角色也可修改（管理员除外），修改从下一次请求起生效。",
      add: "新建角色", permissions: "权限", built: "内置", own: "自定义", name: "名称（字母、数字，最多 16 个字符）", count: (n: number) => `${n} 项权限`, reset: "恢复内置",
    },
    tokens: {
      hint: "程序用令牌登录：Authorization: Bearer kefu_……，只能做权限范围内的事。",
      none: "还没有程序令牌。签发一个，脚本或其他系统就可以调用接口。",
      add: "签发令牌", scopes: "权限范围", by: "签发人", created: "签发时间", used: "最近使用", withdraw: "吊销",
      once: "这就是令牌，只显示这一次，请妥善保存。", issued: "已签发。",
    },
    hooks: {
      hint: "所选事件会以 POST 发送到该地址，并用密钥签名；失败会重试（约 7 小时内最多 7 次）。",
      none: "还没有通知任何系统。添加一个地址，即可把这里发生的事告诉其他系统。",
      add: "新建 Webhook", url: "地址（https://……）", kinds: "事件", test: "测试", log: "投递日志", secret: "这是签名密钥，只显示这一次。",
      answered: (status: number) => `对方返回状态码 ${status}。`, silent: (error: string) => `没有应答：${error}`,
      noLog: "还没有发送过。点击“测试”，或等待下一个所选事件。",
      fact: "事件", state: "状态", tries: "次数", status: "状态码", next: "下次重试", retry: "重新发送",
      states: { waiting: "等待中", delivered: "已送达", failed: "失败" },
    },
    rules: {
      hint: "当所选事件发生且全部条件成立时，执行一次动作。规则做的事不会再触发规则。",
      none: "还没有规则。规则可以自动打标签、调优先级、转人工、写备注、结束会话或建工单。",
      add: "新建规则", on: "当发生", when: "且全部满足", always: "无条件：总是执行", then: "则执行", after: "仅当之后无其他动静达", atOnce: "0 表示立即",
      condition: "添加条件", act: "添加动作", try: "回放最近", days: "天", trying: "正在回放……",
      tried: (n: number, c: number) => (n ? `会执行 ${n} 次，涉及 ${c === 20 ? "20 个以上" : `${c} 个`}会话：` : "一次也不会执行。"),
      is: { equals: "等于", not: "不等于", contains: "包含", at_least: "不低于" } as Record<string, string>,
      fields: { group: "技能组", language: "语言", channel: "渠道", site: "站点", text: "消息内容", priority: "优先级", tag: "标签", status: "状态", holder: "当前持有方", agent: "坐席" } as Record<string, string>,
      acts: { tag: "打标签", prioritise: "设置优先级", queue: "转入技能组排队", note: "写备注", close: "结束会话", ticket: "创建工单" } as Record<string, string>,
      priorities: ["普通", "较高", "VIP", "紧急"], anyGroup: "不限技能组", title: "标题", value: "值", type: "类型",
    },
    sessions: { title: (name: string) => `${name} 的登录设备`, own: "我的登录设备", none: "没有登录。", opened: "登录时间", address: "地址", browser: "浏览器", end: "下线", current: "当前设备", ended: "已下线。" },
    staff: {
      hint: "停用后立即退出登录，其会话回到队列。",
      find: "按姓名或账号查找", skills: "技能", skillsHint: "用逗号分隔", password: "新密码（至少 10 个字符）", setPassword: "设置密码", passwordSet: "密码已设置，对方需要重新登录。",
      sessions: "登录设备", off: "停用", onAgain: "启用", offSure: (name: string) => `停用 ${name}？对方会立即退出登录。`, noneFound: "没有找到。", add: "添加人员", inactive: "已停用", showOff: "显示已停用",
    },
    audit: {
      acts: "会话操作", changes: "设置与人员", none: "还没有人工操作。有人领取、转接、督导或结束会话后，会记录在这里。",
      noChanges: "还没有变更。人员、角色、令牌、Webhook、规则和设置的变更会永久记录在这里。", subject: "对象", detail: "变更内容", filter: "按人员或操作筛选", noneFound: "没有符合筛选的记录。",
    },
  },
);
