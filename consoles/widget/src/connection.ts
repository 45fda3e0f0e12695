/** The socket: comes back by itself, resumes where it was, and repeats what was not acknowledged. */

import type { Language, Send, ServerFrame, Welcome } from "./protocol";

const PING_MS = 25_000;
const SLOWEST_MS = 30_000;

/** What outlives a page: who the visitor is, what is not acknowledged, what was read, and the language they chose. */
export interface Kept { token: string; pending: Send[]; seen: number; language?: Language }
const NOTHING: Kept = { token: "", pending: [], seen: 0 };

export interface Options {
  server: string; site: string; language: string; identity: string | null;
  hear: (frame: ServerFrame) => void; lost: () => void; seq: () => number;
}

export class Connection {
  #socket: WebSocket | null = null;
  #tries = 0;
  #silent = false;
  /** The offer that brought them here: told once, with the next hello. */
  #invitation?: string | undefined;
  readonly #key: string;
  readonly #options: Options;
  kept: Kept;

  constructor(options: Options) {
    this.#options = options;
    this.#key = `kefu:${options.server}:${options.site}`;
    this.kept = read(this.#key);
    setInterval(() => this.#ping(), PING_MS);
    addEventListener("online", () => this.open());
    addEventListener("offline", () => this.#cut());
  }

  get token(): string { return this.kept.token; }

  /** Come by an offer; a line that is open already is opened anew, so that the house hears of it. */
  accept(invitation: string): void {
    this.#invitation = invitation;
    this.#cut();
    this.open();
  }

  open(): void {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    const { server, site, identity } = this.#options;
    const language = this.kept.language ?? this.#options.language;
    const socket = new WebSocket(`${server.replace(/^http/, "ws")}/widget/socket`);
    this.#socket = socket;
    socket.onopen = () => {
      const token = this.kept.token || undefined;
      const page = location.href.slice(0, 2000);
      this.say({ type: "hello", site, language, since: this.#options.seq(), page, token, identity: identity || undefined, invitation: this.#invitation });
      this.#invitation = undefined;
    };
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data) as ServerFrame);
    socket.onclose = ({ code }) => this.#closed(code);
  }

  /** A network that went away without a word shows by its silence. */
  #ping(): void {
    if (this.#silent) return this.#cut();
    this.#silent = true;
    this.say({ type: "ping" });
  }

  #cut(): void {
    if (!this.#socket) return;
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#closed(0);
  }

  #hear(frame: ServerFrame): void {
    this.#silent = false;
    if (frame.type === "welcome") this.#welcome(frame);
    if (frame.type === "ack" || (frame.type === "error" && frame.id && frame.code !== "unavailable")) {
      this.keep({ pending: this.kept.pending.filter((one) => one.id !== frame.id) });
    }
    if (frame.type === "error" && frame.field === "token") this.keep({ token: "" });
    this.#options.hear(frame);
  }

  #welcome(frame: Welcome): void {
    this.#tries = 0;
    this.keep({ token: frame.token });
    for (const send of this.kept.pending) this.say(send);
  }

  #closed(code: number): void {
    this.#socket = null;
    this.#silent = false;
    this.#options.lost();
    // Refused at the door: asking again at once would change nothing.
    const wait = code === 1008 ? SLOWEST_MS : Math.min(500 * 2 ** this.#tries++, SLOWEST_MS);
    setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
  }

  /** Say something that may get lost with the connection. */
  say(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Send a message that must arrive: it is kept until the house acknowledges it. */
  send(message: Send): void {
    this.keep({ pending: [...this.kept.pending.filter((one) => one.id !== message.id), message] });
    this.say(message);
  }

  keep(change: Partial<Kept>): void {
    this.kept = { ...this.kept, ...change };
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.kept));
    } catch {
      // A page that forbids storage forgets the conversation when it is left; all else works.
    }
  }
}

function read(key: string): Kept {
  try {
    return { ...NOTHING, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Kept>) };
  } catch {
    return NOTHING;
  }
}
