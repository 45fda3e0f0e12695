import { useState } from "preact/hooks";
import type { Away, Language } from "./protocol";
import type { MoreWords } from "./more-words";

export interface Left { text: string; name: string; email: string; phone: string; call: boolean }

export interface LeaveProps { away: Away; begin: () => void; leave: (left: Left) => void }

export function Leave({ words, away, language, begin, leave }: LeaveProps & { words: MoreWords; language: Language }) {
  const [text, setText] = useState("");
  const [contact, setContact] = useState("");
  const [name, setName] = useState("");
  const [call, setCall] = useState(false);
  const phone = /^[+\d][\d\s-]{5,}$/.test(contact) ? contact : "";
  const [state, setState] = useState<"open" | "bad" | "done">("open");
  if (state === "done") return null;
  function submit(event: Event): void {
    event.preventDefault();
    const email = /^\S+@\S+\.\S+$/.test(contact) ? contact : "";
    if (!email && !phone) return setState("bad");
    leave({ text, name, email, phone, call: call && phone !== "" });
    setState("done");
  }
  const opens = away.opens_at && new Date(away.opens_at).toLocaleString(language === "zh" ? "zh-CN" : "en", { dateStyle: "medium", timeStyle: "short" });
  return (
    <form class="box" onSubmit={submit} onInput={begin} aria-label={words.leave}>
      <div>{away.message} {opens && words.opens(opens)}</div>
      <textarea required rows={3} maxLength={4000} placeholder={words.leave_text} aria-label={words.leave_text} value={text} onInput={(e) => setText(e.currentTarget.value)} />
      <input required maxLength={100} placeholder={words.leave_contact} aria-label={words.leave_contact} aria-invalid={state === "bad"} value={contact} onInput={(e) => setContact(e.currentTarget.value)} />
      {state === "bad" && <div class="meta bad" role="alert">{words.contact_bad}</div>}
      <input maxLength={100} placeholder={words.leave_name} aria-label={words.leave_name} value={name} onInput={(e) => setName(e.currentTarget.value)} />
      {phone && <label class="line check"><input type="checkbox" checked={call} onChange={(e) => setCall(e.currentTarget.checked)} />{words.call}</label>}
      <button class="primary" type="submit">{words.leave}</button>
    </form>
  );
}

export interface RatingProps { rated: number | null; rate: (score: number, comment: string) => void }

export function Rating({ words, rated, rate }: RatingProps & { words: MoreWords }) {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState("");
  if (rated) return <div class="sys" role="status">{words.thanks}</div>;
  return (
    <form class="box" onSubmit={(event) => { event.preventDefault(); rate(score, comment); }} aria-label={words.rate}>
      <div>{words.rate}</div>
      <div class="stars">
        {[1, 2, 3, 4, 5].map((n) => (
          <button key={n} type="button" class={n <= score ? "on" : ""} aria-label={words.rating(n)} aria-pressed={n === score} onClick={() => setScore(n)}>★</button>
        ))}
      </div>
      <input maxLength={1000} placeholder={words.comment} aria-label={words.comment} value={comment} onInput={(e) => setComment(e.currentTarget.value)} />
      <button class="primary" type="submit" disabled={!score}>{words.submit}</button>
    </form>
  );
}
