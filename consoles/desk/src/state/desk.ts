/** What one signed-in page knows: the lists, the conversation that is open, colleagues, and the live line that keeps them true. */

import { reactive, shallowReactive } from "vue";
import { Drafts } from "./drafts";
import * as api from "../api/calls";
import { expire } from "../api/client";
import { LiveLine, type LineState } from "../live/socket";
import type { Card, Changes, Colleague, Contact, Counts, Event, Filter, Frame, Group, Language, Me, Presence, Summary, Ticket, View, Wallboard } from "../protocol";
import { confirm, drop, EMPTY, fail, lastSeq, merge, write, type Pending, type Thread } from "./thread";
import { newsOf, type News } from "./news";
import { allowNotices, announce } from "./notices";
import { problemOf, unanswered } from "./problem";
import { snoozes, type Snooze } from "../list/calls";
import { refreshTypes } from "../tickets/book";
import { moves, noticeOf, put, queueOf, VIEWS, without, type Queue, type Rows } from "./rows";
import { customerNamed, words } from "../words";
import { Unsent } from "./unsent";

const TYPING_MS = 6000;
const COUNTS_MS = 2000;
const NEWS = 3;

/** The list on the left: a view that everybody has, a kept one by its id, or "matching" for a filter that is not kept. */
export interface Shown {
  of: View | "matching" | (string & {});
  filter: Filter;
}

export class Desk {
  /** Every conversation that was heard of; `reached` is the seq down to which the view that is shown was read. */
  readonly rows = shallowReactive({ all: new Map() as Rows, more: false, reached: 0 });
  readonly house = reactive({
    counts: { mine: 0, waiting: 0, bot: 0, open: 0 } as Counts,
    queue: null as Queue | null,
    colleagues: [] as Colleague[],
    groups: [] as Group[],
    /** Words in customers' messages that nobody should overlook. */
    keywords: [] as string[],
    reasons: new Map<string, Record<Language, string>>(),
    line: "connecting" as LineState,
    /** One's own, as chosen here or set by a supervisor. */
    presence: "offline" as Presence,
    /** One's own reminders, soonest first. */
    snoozes: [] as Snooze[],
    view: { of: "mine", filter: VIEWS.mine } as Shown,
    /** The ticket that was last heard of. */
    ticket: null as Ticket | null,
    /** What follows the page's name in the address: `#/p/tickets/<id>`. */
    rest: "",
    /** What last went wrong, in words for the person at the desk. */
    problem: "",
    /** Latest first; each stays until it was read. */
    news: [] as News[],
    wallboard: null as Wallboard | null,
    /** Grows whenever one may have been mentioned. */
    mentions: 0,
  });
  readonly drafts: Drafts;
  private readonly unsent: Unsent;
  readonly open = shallowReactive({
    id: "",
    thread: EMPTY as Thread,
    contact: null as Contact | null,
    typing: "",
    viewing: [] as { id: string; name: string }[],
    /** What goes with the next reply. */
    card: null as Card | null,
    /** The place to show, and words to mark, after a search; 0 is the end. */
    at: 0,
    marks: "",
  });
  private readonly line: LiveLine;
  private typingEnds = 0;
  private countsDue = 0;
  private passedOn = "";
  /** How often one's presence was set here. While that is under way, what is heard of it is older. */
  private readonly sets = { begun: 0, ended: 0 };

  constructor(readonly me: Me) {
    this.drafts = new Drafts(me.staff.id);
    this.unsent = new Unsent(me.staff.id);
    this.house.presence = me.staff.presence;
    this.line = new LiveLine(`${location.origin.replace(/^http/, "ws")}/live`, {
      frame: (frame) => this.hear(frame),
      state: (state) => (this.house.line = state),
      up: () => void this.attempt(() => this.readAgain()),
      lastSeq: () => lastSeq(this.open.thread),
    });
  }

  end(): void {
    this.line.end();
    clearTimeout(this.countsDue);
    this.drafts.forget();
  }

  /** Try something; a refusal is shown above the page, until something else is tried. True when it went well. */
  async attempt(act: () => Promise<unknown>): Promise<boolean> {
    this.house.problem = "";
    return this.beside(act);
  }

  /** As `attempt`, for what goes on by itself: it takes no refusal off the page that is just being read. */
  async beside(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.house.problem = problemOf(error);
      return false;
    }
  }

  async bePresent(presence: Presence): Promise<boolean> {
    const before = this.house.presence;
    if (presence === "online") void allowNotices();
    this.house.presence = presence;
    this.sets.begun++;
    const went = await this.attempt(() => api.setPresence(presence));
    this.sets.ended++;
    if (!went) this.house.presence = before;
    return went;
  }

  /** What goes from here by one's own act is not told as lost. */
  letGo(id: string): void {
    this.passedOn = id;
  }

  may(permission: Me["permissions"][number]): boolean {
    return this.me.permissions.includes(permission);
  }

  async show(shown: Shown, before?: number): Promise<void> {
    this.house.view = shown;
    const { view } = this.house;
    const page = await this.read(shown, before);
    this.rows.all = put(this.rows.all, page.conversations, Date.now());
    if (this.house.view === view) Object.assign(this.rows, { more: page.more, reached: page.conversations.at(-1)?.seq ?? 0 });
    this.house.counts = page.counts;
  }

  private read({ of, filter }: Shown, before?: number): Promise<api.Page> {
    return of in VIEWS && of !== "done" ? api.conversations(of as View, before) : api.matching(filter, before);
  }

  async choose(id: string): Promise<void> {
    if (this.open.id) this.line.leave(this.open.id);
    Object.assign(this.open, { id, thread: EMPTY, contact: null, typing: "", viewing: [], card: null, at: 0, marks: "" });
    if (!id) return;
    this.house.news = this.house.news.filter((one) => one.href && one.href !== `#/c/${id}`);
    const drafted = this.drafts.open(id);
    const opened = await api.conversation(id).catch((error: unknown) => {
      if (this.open.id === id) this.open.id = "";
      throw error;
    });
    if (this.open.id !== id) return;
    this.open.thread = { ...merge(this.open.thread, opened.events), more: opened.more };
    this.open.contact = opened.contact ?? null;
    drafted(opened.draft);
    this.rows.all = put(this.rows.all, [opened.conversation], Date.now());
    this.line.open(id);
    void this.sendAgain(id);
  }

  /** A conversation at one place of it, read back until that is on the page. */
  async chooseAt(id: string, seq: number, marks: string): Promise<void> {
    if (this.open.id !== id) await this.choose(id);
    while (this.open.id === id && this.open.thread.more && (this.open.thread.events[0]?.seq ?? 0) > seq) await this.earlier();
    Object.assign(this.open, { at: seq, marks });
  }

  async earlier(): Promise<void> {
    const { id, thread } = this.open;
    const page = await api.earlier(id, thread.events[0]?.seq ?? 0);
    if (this.open.id === id) {
      this.open.thread = { ...merge(this.open.thread, page.events), more: page.more };
    }
  }

  /** To the conversation that it was written for, whichever is open by now. Shown at once; stored when the server says so; kept with the
      reason when it refuses. The same id again is the same act. */
  async send(id: string, pending: Pending): Promise<void> {
    const change = (to: (thread: Thread) => Thread) => {
      if (this.open.id === id) this.open.thread = to(this.open.thread);
    };
    const sent = { ...pending, failed: null };
    change((thread) => write(thread, sent));
    this.unsent.keep(id, sent);
    try {
      const files = pending.attachments.map((file) => file.id);
      const { kind, text, attachments, card = null } = pending;
      const calls = {
        AgentReplied: () => api.reply(id, pending.id, text, files, card),
        NoteAdded: () => api.note(id, pending.id, text, pending.mentions),
        Whispered: () => api.whisper(id, pending.id, text),
      };
      const done = await calls[kind]();
      const own = { ...done, conversation: id, name: this.me.staff.name, agent: this.me.staff.id, text, cause: pending.id };
      this.unsent.drop(id, pending.id);
      change((thread) => confirm(thread, pending.id, { ...own, kind, attachments, card, mentions: pending.mentions } as Event));
    } catch (error) {
      // Without an answer nobody knows whether it arrived: the same id again finds that out.
      if (!unanswered(error)) this.unsent.drop(id, pending.id);
      change((thread) => fail(thread, pending.id, problemOf(error)));
    }
  }

  /** What got no answer, again under its own id, one after the other. */
  private async sendAgain(id: string): Promise<void> {
    for (const one of this.unsent.of(id)) if (this.open.id === id) await this.send(id, one);
  }

  discard(id: string): void {
    this.unsent.drop(this.open.id, id);
    this.open.thread = drop(this.open.thread, id);
  }

  typing(on: boolean): void {
    this.line.typing(this.open.id, on);
  }

  /** The wallboard's figures, each second while somebody looks. */
  watch(on: boolean): void {
    this.line.wallboard(on);
  }

  private async readAgain(): Promise<void> {
    void this.sendAgain(this.open.id);
    this.house.mentions++;
    const { begun } = this.sets;
    const [, staff, groups, queue, form, { keywords }] = await Promise.all([
      this.show(this.house.view),
      api.colleagues(),
      api.groups(),
      api.queue(),
      api.wrapUpForm(),
      api.keywords(),
      refreshTypes(),
      this.readSnoozes(),
    ]);
    const reasons = new Map(form.reasons.map((one) => [one.id, one.name]));
    Object.assign(this.house, { colleagues: staff.staff, groups: groups.groups, queue: queueOf(queue, Date.now()), reasons, keywords });
    if (begun === this.sets.ended && this.heardOfMine(staff.staff)) this.tell({ what: "forced", text: words.value.news.moved(words.value.presence[this.house.presence]), href: "" });
  }

  private async readSnoozes(): Promise<void> {
    this.house.snoozes = (await snoozes()).snoozes;
  }

  private hear(frame: Frame): void {
    const news = newsOf(frame);
    if (news) this.tell(news);
    switch (frame.type) {
      case "summary":
        return this.changed(frame.conversation, frame.events);
      case "typing":
        return this.heardTyping(frame);
      case "changes":
        return this.heardNews(frame);
      case "gone":
        return this.lost([frame.conversation]);
      case "wallboard":
        this.house.wallboard = frame;
        return;
      case "viewing":
        if (frame.conversation === this.open.id) {
          this.open.viewing = frame.staff.filter((one) => one.id !== this.me.staff.id);
        }
        return;
      case "snoozes":
        return void this.beside(() => this.readSnoozes());
      case "mention":
        this.house.mentions++;
        return;
      case "ticket":
        this.house.ticket = frame.ticket;
        return;
      case "reminder":
        this.house.snoozes = this.house.snoozes.filter((one) => one.conversation.id !== frame.conversation.id);
        return;
      case "bye":
        return frame.reason === "signed_out" ? expire() : undefined;
    }
  }

  tell(news: News): void {
    this.house.news = [news, ...this.house.news.filter((one) => one.text !== news.text)].slice(0, NEWS);
    announce(news.what, news.text);
  }

  dismiss(news: News): void {
    this.house.news = this.house.news.filter((one) => one.text !== news.text);
  }

  private changed(summary: Summary, events: Parameters<typeof merge>[1]): void {
    this.listed([summary]);
    if (summary.id === this.open.id) {
      this.open.thread = merge(this.open.thread, events);
      if (events.some((event) => event.kind === "MessageReceived")) this.open.typing = "";
    }
  }

  private listed(summaries: readonly Summary[]): void {
    for (const one of summaries) {
      const notice = noticeOf(this.rows.all.get(one.id), one, this.me.staff.id);
      if (notice) announce(notice, one.preview.text);
    }
    if (summaries.some((one) => moves(this.rows.all.get(one.id), one))) this.countAgain();
    this.rows.all = put(this.rows.all, summaries, Date.now());
  }

  private heardNews({ conversations, gone, staff, queue }: Changes): void {
    const left = Object.keys(gone).filter((id) => !gone[id]?.includes(this.me.staff.id));
    if (left.length) {
      this.lost(left);
      this.countAgain();
    }
    if (conversations.length) this.listed(conversations);
    this.heardOfMine(staff);
    if (staff.length) this.heardOf(staff);
    if (queue) this.house.queue = queueOf(queue, Date.now());
  }

  /** True when it is another than this page knew; "missed" has a line of its own, for as long as it lasts. */
  private heardOfMine(staff: readonly { id: string; presence: Presence }[]): boolean {
    const mine = staff.find((one) => one.id === this.me.staff.id)?.presence;
    if (!mine || mine === this.house.presence || this.sets.begun > this.sets.ended) return false;
    this.house.presence = mine;
    return mine !== "missed";
  }

  /** Nothing of these may be seen any more; whose conversation is taken away while it is open hears so. */
  private lost(ids: readonly string[]): void {
    const open = ids.includes(this.open.id) ? this.rows.all.get(this.open.id) : undefined;
    this.rows.all = without(this.rows.all, ids);
    if (!open) return;
    const { id } = this.me.staff;
    const told = open.id !== this.passedOn && (open.holder.agent === id || open.participants.includes(id));
    void this.attempt(() => this.choose(""));
    if (told) this.tell({ what: "lost", text: words.value.news.lost(customerNamed(open)), href: "" });
  }

  /** Of somebody who has just begun to work here the rest is asked for. */
  private heardOf(staff: readonly { id: string; presence: Presence; load?: number }[]): void {
    const told = new Map(staff.map((one) => [one.id, one]));
    const { colleagues } = this.house;
    this.house.colleagues = colleagues.map((one) => ({ ...one, ...told.get(one.id) }));
    const known = new Set(colleagues.map((one) => one.id));
    if (staff.some((one) => !known.has(one.id))) void this.beside(async () => (this.house.colleagues = (await api.colleagues()).staff));
  }

  private heardTyping(frame: Extract<Frame, { type: "typing" }>): void {
    if (frame.conversation !== this.open.id || frame.name === this.me.staff.name) return;
    this.open.typing = frame.on ? frame.name || frame.who : "";
    clearTimeout(this.typingEnds);
    this.typingEnds = window.setTimeout(() => (this.open.typing = ""), TYPING_MS);
  }

  /** A summary does not say which view it left, so the counts are asked for, at most once in two seconds. */
  private countAgain(): void {
    this.countsDue ||= window.setTimeout(() => {
      this.countsDue = 0;
      void this.beside(async () => (this.house.counts = (await api.conversations("mine")).counts));
    }, COUNTS_MS);
  }
}
