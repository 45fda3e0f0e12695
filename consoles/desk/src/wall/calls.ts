/** What the wallboard asks beside the live line. */
import { call } from "../api/client";
import type { Presence } from "../protocol";

export interface Alert {
  seq: number;
  at: string;
  conversation: string;
  contact: string;
  contact_name: string;
  alert: string;
  detail: string;
}

export const force = (staff: string, presence: Presence, reason: string) => call<unknown>("PUT", `/staff/${staff}/presence`, { presence, reason });
export const alerts = () => call<{ alerts: Alert[] }>("GET", "/alerts");
