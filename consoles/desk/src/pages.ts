/** Every page beside the conversations: who may see it, what it is called, where it lies. A page is `#/p/<id>`. */

import { defineAsyncComponent, type Component } from "vue";
import type { Language, Permission } from "./protocol";

export interface ConsolePage {
  id: string;
  /** The permission that shows it. */
  permission: Permission;
  title: Record<Language, string>;
  /** Used all day: stands in the bar instead of the menu. */
  daily?: boolean;
  /** Gets `desk`; a link to `#/c/<conversation>` opens a conversation. */
  view: Component;
}

export const PAGES: readonly ConsolePage[] = [
  {
    id: "staff",
    permission: "staff.manage",
    title: { zh: "人员", en: "Staff" },
    view: defineAsyncComponent(() => import("./admin/StaffPage.vue")),
  },
  {
    id: "parked",
    permission: "parked.replay",
    title: { zh: "搁置事件", en: "Parked facts" },
    view: defineAsyncComponent(() => import("./admin/ParkedPage.vue")),
  },
  {
    id: "audit",
    permission: "audit.read",
    title: { zh: "审计", en: "Audit" },
    view: defineAsyncComponent(() => import("./admin/AuditPage.vue")),
  },
];

/** The pages somebody may open. */
export const pagesFor = (may: (permission: Permission) => boolean): ConsolePage[] => PAGES.filter((one) => may(one.permission));
