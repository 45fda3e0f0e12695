/** What was sent and not confirmed: kept in this browser until the platform has it or refuses it, so that neither a lost line nor a closed tab loses it. */

import type { Pending } from "./thread";

export class Unsent {
  constructor(private readonly staff: string) {}

  of(conversation: string): Pending[] {
    return JSON.parse(localStorage.getItem(this.key(conversation)) ?? "[]") as Pending[];
  }

  keep(conversation: string, one: Pending): void {
    this.put(conversation, [...this.of(conversation).filter((known) => known.id !== one.id), one]);
  }

  drop(conversation: string, id: string): void {
    this.put(conversation, this.of(conversation).filter((one) => one.id !== id));
  }

  private put(conversation: string, some: Pending[]): void {
    if (some.length) localStorage.setItem(this.key(conversation), JSON.stringify(some));
    else localStorage.removeItem(this.key(conversation));
  }

  /** Beside the drafts, so that signing out takes both away. */
  private key(conversation: string): string {
    return `kefu.desk.draft.unsent.${this.staff}.${conversation}`;
  }
}
