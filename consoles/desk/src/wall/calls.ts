/** What the wallboard asks beside the live line. */
import { call } from "../api/client";

export interface Alert {
  seq: number;
  at: string;
  conversation: string;
  alert: string;
  detail: string;
}

export const alerts = () => call<{ alerts: Alert[] }>("GET", "/alerts");
