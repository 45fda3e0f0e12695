/** The reports' words. */
import { preferences } from "../state/preferences";
import { both } from "../words";

export const words = both(
  {
    ranges: { today: "Today", week: "7 days", month: "30 days", quarter: "90 days", own: "From – to" },
    time: "Time", from: "From", to: "To (incl.)", range: "Period", counting: "Counting …",
    none: "Nothing happened in this period. Choose a longer one, or fill the house with `kefu demo`.",
    download: "Download", conversations: "One row per conversation (CSV)", table: "This table (CSV)",
    volume: "Conversations", answered: "Answered by people", abandoned: "Abandoned", contained: "Solved by the bot alone",
    first: "First response", wait: "Wait in the queue", handling: "Handling time", median: "median", p90: "90 of 100", p95: "95 of 100",
    csat: "CSAT (1–5)", csatLine: "mean rating", level: "Service level and bot", inTime: "answered in time", containment: "solved by the bot", handoff: "handed to a person",
    response: "Rated", transfers: "Passed on", reopened: "Reopened", by: "By", bys: { agent: "Agent", group: "Group", channel: "Channel" }, nobody: "nobody", anyGroup: "any group",
    activity: "Agents' time", activityHint: "Counted each second while somebody is signed in and not offline. Occupancy: share of the time online or busy with a customer in hand. Utilisation: conversations held, of the places there were.",
    noActivity: "Nobody was at the desk in this period since counting began. Agents appear here once they go online.",
    states: { online: "Online", busy: "Busy", break: "On break", training: "Training", missed: "No answer" } as Record<string, string>, occupancy: "Occupancy", inHand: "share of the time on duty with a customer in hand", notApplicable: "n/a", utilisation: "Utilisation",
    tickets: "Tickets and their promises", noTickets: "No ticket was opened in this period.", opened: "Opened", done: "Done", kept: (met: number, all: number) => `${met} of ${all}`,
    targets: { first_response: "First response kept", next_response: "Next response kept", resolution: "Resolution kept" },
    ticketBys: { type: "Type", group: "Group", assignee: "Assignee", priority: "Priority", day: "Day" },
  },
  {
    ranges: { today: "今天", week: "近 7 天", month: "近 30 天", quarter: "近 90 天", own: "自定义" },
    time: "时间", from: "开始", to: "结束（含）", range: "时间范围", counting: "统计中……",
    none: "这段时间没有会话。请选择更长的时间范围，或用 `kefu demo` 填充示例数据。",
    download: "下载", conversations: "会话明细（CSV）", table: "本表（CSV）",
    volume: "会话量", answered: "人工接待", abandoned: "放弃", contained: "机器人独立解决",
    first: "首次响应", wait: "排队等待", handling: "处理时长", median: "中位数", p90: "90 分位", p95: "95 分位",
    csat: "满意度（1–5）", csatLine: "平均分", level: "服务水平与机器人", inTime: "及时应答率", containment: "机器人解决率", handoff: "转人工率",
    response: "评价率", transfers: "转接率", reopened: "重新打开", by: "维度", bys: { agent: "坐席", group: "技能组", channel: "渠道" }, nobody: "无", anyGroup: "不限技能组",
    activity: "坐席工时", activityHint: "坐席登录且未离线时逐秒统计。占用率：在线或忙碌时手上有客户的时间占比；席位利用率：实际接待数占可接待数的比例。",
    noActivity: "这段时间没有坐席在线。坐席上线后会出现在这里。",
    states: { online: "在线", busy: "忙碌", break: "小休", training: "培训", missed: "未应答" } as Record<string, string>, occupancy: "占用率", inHand: "在岗时手上有客户的时间占比", notApplicable: "不适用", utilisation: "席位利用率",
    tickets: "工单与服务承诺", noTickets: "这段时间没有新工单。", opened: "新建", done: "完成", kept: (met: number, all: number) => `${met}/${all}`,
    targets: { first_response: "首次响应达标", next_response: "后续响应达标", resolution: "解决达标" },
    ticketBys: { type: "类型", group: "技能组", assignee: "处理人", priority: "优先级", day: "日期" },
  },
);

const numbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
export const share = (part: number | null): string => (part === null ? "–" : `${numbers.format(part * 100)}%`);
export const score = (value: number | null): string => (value === null ? "–" : value.toFixed(2));
/** 45 s, 12 min, 3.5 h, in the reader's language. */
export function lasting(seconds: number | null): string {
  if (seconds === null) return "–";
  const [second, minute, hour] = preferences.language === "zh" ? ["秒", "分钟", "小时"] : ["s", "min", "h"];
  const [value, unit] = seconds < 120 ? [seconds, second] : seconds < 7200 ? [seconds / 60, minute] : [seconds / 3600, hour];
  return `${numbers.format(value)} ${unit}`;
}
