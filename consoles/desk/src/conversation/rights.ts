import type { Me, Summary } from "../protocol";

/** What somebody may do with a conversation just now. */
export interface Rights {
  /** I hold it. */
  mine: boolean;
  /** I write beside the holder. */
  beside: boolean;
  reply: boolean;
  /** Pass on, close, and so on. */
  act: boolean;
  take: boolean;
  /** A colleague holds it and I supervise. */
  supervise: boolean;
}

export function rightsOf(row: Summary, me: Me): Rights {
  const may = (permission: string) => me.permissions.includes(permission);
  const open = row.status === "open";
  const mine = open && row.holder.agent === me.staff.id;
  const beside = open && row.participants.includes(me.staff.id);
  const held = open && row.holder.kind === "agent";
  return {
    mine,
    beside,
    reply: mine || beside,
    act: mine || (open && may("conversations.manage")),
    take: open && !mine && may(held ? "conversations.manage" : "conversations.own"),
    supervise: held && !mine && may("supervise"),
  };
}
