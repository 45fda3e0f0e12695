/** Every page beside the conversations: who may see it, what it is called, where it lies. A page is `#/p/<id>`. */

import { defineAsyncComponent, type Component } from "vue";
import type { Language, Permission } from "./protocol";

export interface ConsolePage {
  id: string;
  /** The permission that shows it; "" shows it to everybody. */
  permission: Permission;
  /** Pages of the administration stand together behind one entry of the menu. */
  section?: "admin";
  title: Record<Language, string>;
  /** Used all day: stands in the bar instead of the menu. */
  daily?: boolean;
  /** Gets `desk`; a link to `#/c/<conversation>` opens a conversation. */
  view: Component;
}

export const PAGES: readonly ConsolePage[] = [
  {
    id: "tickets",
    permission: "conversations.own",
    title: { zh: "工单", en: "Tickets" },
    daily: true,
    view: defineAsyncComponent(() => import("./tickets/TicketsPage.vue")),
  },
  {
    id: "visitors",
    permission: "conversations.own",
    title: { zh: "在线访客", en: "Visitors" },
    view: defineAsyncComponent(() => import("./visitors/VisitorsPage.vue")),
  },
  {
    id: "canned",
    permission: "conversations.own",
    title: { zh: "快捷回复", en: "Canned replies" },
    view: defineAsyncComponent(() => import("./canned/CannedPage.vue")),
  },
  {
    id: "knowledge",
    permission: "knowledge.read",
    title: { zh: "知识库", en: "Knowledge" },
    view: defineAsyncComponent(() => import("./knowledge/KnowledgePage.vue")),
  },
  {
    id: "assist",
    permission: "reports.read",
    title: { zh: "推荐效果", en: "Suggestions" },
    view: defineAsyncComponent(() => import("./assist/AssistPage.vue")),
  },
  {
    id: "account",
    permission: "",
    title: { zh: "我的账号", en: "My account" },
    view: defineAsyncComponent(() => import("./entry/AccountPage.vue")),
  },
  {
    id: "training",
    permission: "bot.train",
    title: { zh: "机器人训练", en: "Bot training" },
    view: defineAsyncComponent(() => import("./training/TrainingPage.vue")),
  },
  {
    id: "wallboard",
    permission: "wallboard.read",
    daily: true,
    title: { zh: "监控大屏", en: "Wallboard" },
    view: defineAsyncComponent(() => import("./wall/WallboardPage.vue")),
  },
  {
    id: "reports",
    permission: "reports.read",
    title: { zh: "报表", en: "Reports" },
    view: defineAsyncComponent(() => import("./reports/ReportsPage.vue")),
  },
  {
    id: "quality",
    permission: "quality.read",
    daily: true,
    title: { zh: "质检", en: "Quality" },
    view: defineAsyncComponent(() => import("./quality/QualityPage.vue")),
  },
  {
    id: "my-quality",
    permission: "quality.own",
    title: { zh: "我的质检", en: "My quality" },
    view: defineAsyncComponent(() => import("./quality/MyQuality.vue")),
  },
  {
    id: "staff",
    section: "admin",
    permission: "staff.manage",
    title: { zh: "人员", en: "Staff" },
    view: defineAsyncComponent(() => import("./admin/StaffPage.vue")),
  },
  {
    id: "groups",
    section: "admin",
    permission: "setup.manage",
    title: { zh: "技能组", en: "Groups" },
    view: defineAsyncComponent(() => import("./admin/GroupsPage.vue")),
  },
  {
    id: "hours",
    section: "admin",
    permission: "setup.manage",
    title: { zh: "服务时间与水平", en: "Service hours and levels" },
    view: defineAsyncComponent(() => import("./admin/HoursPage.vue")),
  },
  {
    id: "sites",
    section: "admin",
    permission: "setup.manage",
    title: { zh: "站点", en: "Sites" },
    view: defineAsyncComponent(() => import("./setup/SitesPage.vue")),
  },
  {
    id: "ticket-types",
    section: "admin",
    permission: "setup.manage",
    title: { zh: "工单类型", en: "Kinds of tickets" },
    view: defineAsyncComponent(() => import("./setup/TicketTypesPage.vue")),
  },
  {
    id: "roles",
    section: "admin",
    permission: "roles.manage",
    title: { zh: "角色权限", en: "Roles" },
    view: defineAsyncComponent(() => import("./admin/RolesPage.vue")),
  },
  {
    id: "tokens",
    section: "admin",
    permission: "tokens.manage",
    title: { zh: "API 令牌", en: "API tokens" },
    view: defineAsyncComponent(() => import("./admin/TokensPage.vue")),
  },
  {
    id: "webhooks",
    section: "admin",
    permission: "webhooks.manage",
    title: { zh: "Webhook", en: "Webhooks" },
    view: defineAsyncComponent(() => import("./admin/WebhooksPage.vue")),
  },
  {
    id: "rules",
    section: "admin",
    permission: "rules.manage",
    title: { zh: "自动化规则", en: "Automation" },
    view: defineAsyncComponent(() => import("./admin/RulesPage.vue")),
  },
  {
    id: "parked",
    section: "admin",
    permission: "parked.replay",
    title: { zh: "搁置事件", en: "Parked facts" },
    view: defineAsyncComponent(() => import("./admin/ParkedPage.vue")),
  },
  {
    id: "audit",
    section: "admin",
    permission: "audit.read",
    title: { zh: "审计", en: "Audit" },
    view: defineAsyncComponent(() => import("./admin/AuditPage.vue")),
  },
];

/** The pages somebody may open. */
export const pagesFor = (may: (permission: Permission) => boolean): ConsolePage[] => PAGES.filter((one) => !one.permission || may(one.permission));
