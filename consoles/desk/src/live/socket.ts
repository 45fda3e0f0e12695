/** The live socket: reconnects with back-off, and after each connection asks again for what was open. */

import type { Frame } from "../protocol";

const PING_MS = 25_000;
const LONGEST_MS = 20_000;

/** How long to wait before attempt number `attempt` (from 0): 0.5 s doubled up to 20 s, half of it by chance. */
export function backOff(attempt: number, chance = Math.random()): number {
  const full = Math.min(LONGEST_MS, 500 * 2 ** attempt);
  return full / 2 + (full / 2) * chance;
}

export type LineState = "connecting" | "up" | "down";

export interface Listeners {
  frame(frame: Frame): void;
  state(state: LineState): void;
  /** The line is up, again or for the first time: read the lists anew. */
  up(): void;
  /** The last seq that is known of an opened conversation. */
  lastSeq(conversation: string): number;
}

export class LiveLine {
  private socket: WebSocket | null = null;
  private opened = new Set<string>();
  private watching = false;
  private attempt = 0;
  private retry = 0;
  private ping = 0;
  private ended = false;
  private silent = false;

  constructor(
    private readonly url: string,
    private readonly on: Listeners,
  ) {
    window.addEventListener("offline", this.cut);
    window.addEventListener("online", this.back);
    this.connect();
  }

  open(conversation: string): void {
    this.opened.add(conversation);
    this.send({ type: "open", conversation, since: this.on.lastSeq(conversation) });
  }

  leave(conversation: string): void {
    this.opened.delete(conversation);
    this.send({ type: "leave", conversation });
  }

  wallboard(on: boolean): void {
    this.watching = on;
    this.send({ type: "wallboard", on });
  }

  typing(conversation: string, on: boolean): void {
    this.send({ type: "typing", conversation, on });
  }

  end(): void {
    this.ended = true;
    window.removeEventListener("offline", this.cut);
    window.removeEventListener("online", this.back);
    clearTimeout(this.retry);
    clearInterval(this.ping);
    this.socket?.close();
  }

  private send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private connect(): void {
    this.on.state("connecting");
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onmessage = (message) => this.hear(JSON.parse(String(message.data)) as Frame);
    socket.onclose = () => this.lost();
  }

  /** A network that went away takes no leave: the browser tells, or the silence does. */
  private readonly cut = (): void => {
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.lost();
  };

  private readonly back = (): void => {
    if (this.socket) return;
    clearTimeout(this.retry);
    this.connect();
  };

  private beat(): void {
    if (this.silent) return this.cut();
    this.silent = true;
    this.send({ type: "ping" });
  }

  private hear(frame: Frame): void {
    this.silent = false;
    if (frame.type === "welcome") this.welcomed();
    else if (frame.type === "bye" && frame.reason === "signed_out") this.end();
    this.on.frame(frame);
  }

  private welcomed(): void {
    this.attempt = 0;
    this.on.state("up");
    this.on.up();
    this.opened.forEach((conversation) => this.open(conversation));
    if (this.watching) this.wallboard(true);
    this.ping = window.setInterval(() => this.beat(), PING_MS);
  }

  private lost(): void {
    clearInterval(this.ping);
    this.socket = null;
    this.silent = false;
    if (this.ended) return;
    this.on.state("down");
    this.retry = window.setTimeout(() => this.connect(), backOff(this.attempt++));
  }
}
