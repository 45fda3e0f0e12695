/** What the audit says of a change, as people read it. */
import type { Desk } from "../state/desk";
import { preferences } from "../state/preferences";
import { types } from "../tickets/book";
import type { Presence } from "../protocol";
import { words as common } from "../words";
import { kindNamed } from "../words/kinds";
import type { Act, Change, Condition } from "./calls";
import { nameOf } from "./names";
import { actTold, conditionTold } from "./ruleWords";
import { words } from "./words";

type House = Pick<Desk["house"], "groups" | "colleagues">;

const PARTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  name: ["名称", "name"], url: ["地址", "address"], email: ["邮箱", "e-mail"], role: ["角色", "role"], languages: ["语言", "languages"], groups: ["技能组", "groups"], group: ["技能组", "group"],
  skills: ["技能", "skills"], skill: ["技能", "skill"], capacity: ["接待上限", "capacity"], channel_capacity: ["各渠道接待上限", "capacity by channel"], active: ["启用", "active"], permissions: ["权限", "permissions"],
  scopes: ["权限范围", "scopes"], kinds: ["事件", "facts"], on: ["当发生", "on"], when: ["条件", "when"], then: ["动作", "then"], after_seconds: ["安静秒数", "after quiet seconds"], 
  priority: ["优先级", "priority"], text: ["内容", "text"], title: ["标题", "title"], type: ["类型", "type"], to: ["转到", "to"], moved: ["转移会话数", "moved"],
  strategy: ["分配方式", "strategy"], last_agent_days: ["上次坐席优先天数", "last agent first, days"], accept_seconds: ["接受时限（秒）", "accept within seconds"], silent_seconds: ["未回复收回（秒）", "silent for seconds"],
  offline_seconds: ["离线收回（秒）", "offline for seconds"], overflow_seconds: ["溢出时间（秒）", "overflows after seconds"], overflow_to: ["溢出到", "overflows to"], queue_limit: ["排队上限", "longest queue"],
  timezone: ["时区", "time zone"], week: ["每周", "week"], holidays: ["节假日", "holidays"], keywords: ["关键词", "keywords"], service_level_seconds: ["及时应答（秒）", "answered in time, seconds"],
  wait_seconds: ["排队告警（秒）", "alert after waiting, seconds"], no_reply_seconds: ["未回复告警（秒）", "alert without reply, seconds"], second_factor_roles: ["须两步验证的角色", "roles with a second factor"],
  policies: ["时限", "promises"], id: ["编号", "id"], first_response: ["首次响应（秒）", "first response, seconds"], next_response: ["后续响应（秒）", "next response, seconds"], resolution: ["解决（秒）", "resolution, seconds"],
  types: ["类型", "types"], priorities: ["优先级", "priorities"], office_hours: ["按工作时间", "in office hours"], warn_share: ["预警比例", "warn at"], escalate_to: ["升级到", "escalates to"], fields: ["字段", "fields"],
  states: ["状态", "states"], moves: ["流转", "moves"], kind: ["类别", "kind"], choices: ["选项", "choices"], required: ["必填", "required"], state: ["状态", "state"], reason: ["原因", "reason"], hours: ["时间", "hours"],
  until: ["截止", "until"], other: ["另一客户", "other contact"], changed: ["修改项", "changed"], shortcut: ["快捷词", "shortcut"], filter: ["筛选", "filter"], issuer: ["身份提供方", "identity provider"], by: ["来自", "by"],
  version: ["版本", "version"], count: ["数量", "number"], note: ["说明", "note"], seq: ["序号", "seq"], greeting: ["欢迎语", "greeting"], color: ["颜色", "colour"], origins: ["允许的网页", "pages"], quick_replies: ["快捷按钮", "quick replies"],
  invitations: ["主动邀请", "offers"], pages: ["页面", "pages"], event: ["事件", "event"], again_hours: ["再次邀请间隔（小时）", "again after hours"], identity_secret: ["身份签名密钥", "identity secret"], login: ["账号", "login"], invited: ["邀请", "invited"], phone: ["电话", "phone"], vip: ["VIP", "VIP"],
};
const partNamed = (name: string): string => PARTS[name]?.[preferences.language === "zh" ? 0 : 1] ?? name;
const own = (name: Record<string, string>): string => name[preferences.language] ?? Object.values(name)[0] ?? "";

/** What an id is called, wherever the house knows it. */
function named(id: string, house: House): string {
  const group = house.groups.find((one) => one.id === id) ?? types.value.find((one) => one.id === id);
  if (group) return own(group.name);
  return house.colleagues.find((one) => one.id === id)?.name ?? (nameOf(id) !== id ? nameOf(id) : kindNamed(id));
}

function told(value: unknown, house: House): string {
  const none = "–";
  if (value === null || value === "" || value === undefined) return none;
  if (typeof value === "boolean") return value ? words.value.on : words.value.off;
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return named(value, house);
  if (Array.isArray(value)) return value.map((one) => told(one, house)).join(preferences.language === "zh" ? "、" : ", ") || none;
  const parts = Object.entries(value as Record<string, unknown>);
  if (parts.length && parts.every(([name, text]) => (name === "zh" || name === "en") && typeof text === "string")) return own(value as Record<string, string>);
  if ("field" in (value as object)) return conditionTold(value as Condition, house);
  if ("act" in (value as object)) return actTold(value as Act, house);
  return parts.map(([name, one]) => `${partNamed(name)} ${told(one, house)}`).join(" ") || none;
}

/** How it is since, part by part. */
export const detailTold = ({ act, detail }: Pick<Change, "act" | "detail">, house: House): string[] =>
  Object.entries(detail).map(([name, value]) => `${partNamed(name)}: ${act === "presence.forced" && name === "state" ? common.value.presence[value as Presence] : told(value, house)}`);

/** What was changed: by the name that the change itself carries, else by what the house calls it. */
export function subjectTold({ act, subject, detail }: Change, house: House): string {
  const carried = detail.name ?? detail.url;
  if (act === "edition.activated") return subject === "card" ? words.value.audit.card : words.value.audit.rubric;
  if (typeof carried === "string" && /^(token|webhook|rule|canned|view|plan|knowledge)\./.test(act)) return carried;
  return subject ? named(subject, house) : "–";
}
