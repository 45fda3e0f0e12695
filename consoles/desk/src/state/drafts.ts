/** What was begun and not sent, per person and conversation; survives a reload. */

const key = (staff: string, conversation: string, kind: string) => `kefu.desk.draft.${staff}.${conversation}.${kind}`;

export const draftOf = (staff: string, conversation: string, kind: string): string =>
  localStorage.getItem(key(staff, conversation, kind)) ?? "";

export function keepDraft(staff: string, conversation: string, kind: string, text: string): void {
  if (text) localStorage.setItem(key(staff, conversation, kind), text);
  else localStorage.removeItem(key(staff, conversation, kind));
}
