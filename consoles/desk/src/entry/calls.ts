/** Coming in: docs/desk.md, How staff come in. */
import { call } from "../api/client";

export interface Ways {
  mail: boolean;
  /** The identity provider's name, or "". */
  provider: string;
}
export interface Proposal {
  secret: string;
  uri: string;
  /** A data: address. */
  qr: string;
}
export const ways = () => call<Ways>("GET", "/entry");
export const PROVIDER = "/api/identity/begin";
export const propose = () => call<Proposal>("POST", "/second-factor");
export const confirm = (code: string) => call<{ codes: string[] }>("POST", "/second-factor/confirm", { code });
export const switchOff = (code: string) => call<void>("POST", "/second-factor/off", { code });
export const forgot = (login: string) => call<void>("POST", "/password/forgot", { login });
export const whose = (token: string) => call<{ login: string; name: string }>("GET", `/password/${encodeURIComponent(token)}`);
export const redeem = (token: string, password: string) => call<void>("POST", "/password", { token, password });
