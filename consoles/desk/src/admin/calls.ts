/** The administration, call by call: docs/desk.md, Rules, staff, access. */
import { call } from "../api/client";
import type { Language, Permission, Staff } from "../protocol";

const at = (path: string, id: string, rest = "") => `${path}/${encodeURIComponent(id)}${rest}`;

export interface Role {
  name: string;
  permissions: Permission[];
  built_in: boolean;
  /** A built-in role that the house has given other permissions. */
  changed: boolean;
}
export const roles = () => call<{ roles: Role[]; permissions: Permission[] }>("GET", "/roles");
export const saveRole = (name: string, permissions: Permission[]) => call<void>("PUT", at("/roles", name), { permissions });
export const removeRole = (name: string) => call<void>("DELETE", at("/roles", name));

export interface Token {
  id: string;
  name: string;
  scopes: Permission[];
  by: string;
  created_at: string;
  used_at: string | null;
}
export const tokens = () => call<{ tokens: Token[] }>("GET", "/tokens");
export const issueToken = (name: string, scopes: Permission[]) =>
  call<Token & { token: string }>("POST", "/tokens", { name, scopes });
export const withdrawToken = (id: string) => call<void>("DELETE", at("/tokens", id));

export interface Hook {
  url: string;
  kinds: string[];
  active: boolean;
}
export type KeptHook = Hook & { id: string };
export interface Delivery {
  id: number;
  seq: number;
  kind: string;
  state: "waiting" | "delivered" | "failed";
  tries: number;
  status: number | null;
  error: string;
  next_at: string | null;
}
export const kinds = () => call<{ kinds: string[] }>("GET", "/kinds");
export const hooks = () => call<{ webhooks: KeptHook[] }>("GET", "/webhooks");
export const addHook = (hook: Hook) => call<KeptHook & { secret: string }>("POST", "/webhooks", hook);
export const changeHook = (id: string, hook: Hook) => call<KeptHook>("PUT", at("/webhooks", id), hook);
export const removeHook = (id: string) => call<void>("DELETE", at("/webhooks", id));
export const testHook = (id: string) => call<{ status: number | null; error: string }>("POST", at("/webhooks", id, "/test"));
export const deliveries = (id: string) => call<{ deliveries: Delivery[] }>("GET", at("/webhooks", id, "/deliveries"));
export const retryDelivery = (id: number) => call<void>("POST", `/webhooks/deliveries/${id}/retry`);

export interface Condition {
  field: string;
  is: string;
  value: string | number;
}
export interface Act {
  act: string;
  [field: string]: string | number;
}
export interface Rule {
  name: string;
  on: string[];
  when: Condition[];
  then: Act[];
  after_seconds: number;
  active: boolean;
}
export type KeptRule = Rule & { id: string };
export const rules = () => call<{ rules: KeptRule[] }>("GET", "/rules");
export const addRule = (rule: Rule) => call<KeptRule>("POST", "/rules", rule);
export const changeRule = (id: string, rule: Rule) => call<KeptRule>("PUT", at("/rules", id), rule);
export const removeRule = (id: string) => call<void>("DELETE", at("/rules", id));
/** What a rule would have done; `since` is how far back was looked. */
export interface Rehearsal {
  matched: number;
  conversations: { id: string; contact: string; contact_name: string }[];
  since: string;
}
export const tryRule = (rule: Rule, days: number) =>
  call<Rehearsal>("POST", "/rules/try", { rule, days });

export interface Opened {
  id: string;
  opened_at: string;
  address: string;
  browser: string;
  current: boolean;
}
export const sessions = (staff = "") => call<{ sessions: Opened[] }>("GET", `/sessions${staff && `?staff=${staff}`}`);
export const endSession = (id: string) => call<void>("DELETE", at("/sessions", id));

export interface Change {
  id: number;
  at: string;
  by: string;
  name: string;
  act: string;
  subject: string;
  detail: Record<string, unknown>;
}
export const changes = (before?: number) =>
  call<{ changes: Change[]; more: boolean }>("GET", `/audit/changes${before ? `?before=${before}` : ""}`);

export interface StaffChanges {
  name?: string;
  email?: string;
  role?: string;
  languages?: Language[];
  groups?: string[];
  skills?: string[];
  capacity?: number;
  active?: boolean;
}
export type Person = Staff & { skills: string[]; active: boolean; load: number; email: string };
export type NewPerson = Required<Omit<StaffChanges, "active">> & { login: string; password: string };
/** Without a password they are invited: `link` is to be handed over, null when it went by mail. */
export const addStaff = (member: NewPerson) => call<Person & { link: string | null }>("POST", "/staff", member);
export const invite = (id: string) => call<{ link: string | null }>("POST", at("/staff", id, "/invitation"));
export const removeFactor = (id: string) => call<void>("DELETE", at("/staff", id, "/second-factor"));
export const security = () => call<{ second_factor_roles: string[] }>("GET", "/security");
export const saveSecurity = (roles: string[]) => call<{ second_factor_roles: string[] }>("PUT", "/security", { second_factor_roles: roles });
export const people = (gone: boolean) => call<{ staff: Person[] }>("GET", `/staff${gone ? "?gone=true" : ""}`);
export const changeStaff = (id: string, changed: StaffChanges) => call<void>("PATCH", at("/staff", id), changed);
export const setPassword = (id: string, password: string, old = "") =>
  call<void>("PUT", at("/staff", id, "/password"), { password, old });

export interface TeamGroup {
  id: string;
  name: Record<Language, string>;
  strategy: "longest_idle" | "least_busy" | "round_robin";
  last_agent_days: number;
  accept_seconds: number;
  silent_seconds: number;
  offline_seconds: number;
  overflow_seconds: number;
  overflow_to: string;
  queue_limit: number;
  skill: string;
}
export const teamGroups = () => call<{ groups: TeamGroup[] }>("GET", "/groups");
export const saveGroup = ({ id, ...group }: TeamGroup) => call<TeamGroup>("PUT", at("/groups", id), group);
export const removeGroup = (id: string, to: string) => call<{ moved: number }>("DELETE", at("/groups", id, `?to=${to}`));

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export interface Hours {
  timezone: string;
  week: Partial<Record<Day, [string, string][]>>;
  holidays: string[];
}
export interface Levels {
  service_level_seconds: number;
  wait_seconds: number;
  no_reply_seconds: number;
  accept_seconds: number;
  silent_seconds: number;
}
export interface Policy {
  id: string;
  first_response: number;
  next_response: number;
  resolution: number;
  types: string[];
  priorities: string[];
  office_hours: boolean;
  warn_share: number;
  escalate_to: string;
}
export const hours = () => call<Hours>("GET", "/hours");
export const saveHours = (set: Hours) => call<Hours>("PUT", "/hours", set);
export const levels = () => call<Levels>("GET", "/levels");
export const setKeywords = (keywords: string[]) => call<{ keywords: string[] }>("PUT", "/keywords", { keywords });
export const saveLevels = (set: Levels) => call<Levels>("PUT", "/levels", set);
export const policies = () => call<{ policies: Policy[] }>("GET", "/ticket-types");
export const savePolicies = (set: Policy[]) => call<{ policies: Policy[] }>("PUT", "/ticket-policies", { policies: set });
