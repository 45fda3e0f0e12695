/** Quality inspection: docs/quality.md, Over HTTP. */
import { call } from "../api/client";
import type { Language } from "../protocol";

export type Name = Partial<Record<Language, string>>;
export type Standing = "machine" | "reviewed" | "appealed" | "decided";
export type Outcome = "accepted" | "partly" | "rejected";
export type Severity = "minor" | "moderate" | "severe";

export interface Spot {
  seq: number;
  start: number;
  end: number;
}
export interface Line {
  rule: string;
  name: Name;
  points: number;
  fatal: boolean;
  severity: Severity;
  found: boolean;
  right: boolean | null;
  spots: Spot[];
}
export interface Score {
  id: string;
  conversation: string;
  rubric: number;
  card: number;
  at: string;
  ended_at: string;
  subject: string;
  group: string;
  channel: string;
  language: string;
  csat: number | null;
  messages: number;
  machine: number | null;
  score: number | null;
  fatal: boolean;
  band: string;
  standing: Standing;
  seen_at: string | null;
  current: boolean;
  rules: string[];
}
export interface Question {
  id: string;
  name: Name;
  guidance: Name;
  weight: number;
  choices: { id: string; name: Name; share: number; fails: string | null }[];
  choice: string | null;
  share: number | null;
  source: "rules" | "model" | "person" | "condition" | "unjudged" | "nobody";
  machine: string | null;
  confidence: number | null;
  rules: string[];
}
export interface Filled {
  score: number | null;
  fatal: boolean;
  band: string;
  failed?: string[];
  open?: string[];
  sections: { id: string; name: Name; weight: number; score: number | null; questions: Question[] }[];
}
export interface Said {
  seq: number;
  role: "customer" | "agent" | "bot";
  by: string;
  name: string;
  at: string;
  text: string;
  redacted: boolean;
}
export interface Review {
  id: string;
  inspection: string;
  conversation: string;
  subject: string;
  reviewer: string;
  kind: "review" | "second" | "calibration";
  origin: string;
  state: "open" | "done";
  at: string;
  due_at: string | null;
  done_at: string | null;
  comment: string;
  score: number | null;
}
export interface Appeal {
  id: string;
  inspection: string;
  conversation: string;
  agent: string;
  lines: number[];
  turns: number[];
  reason: string;
  state: "open" | Outcome;
  at: string;
  due_at: string;
  decided_at: string | null;
  decided_by: string;
  decision: string;
  before: number | null;
  after: number | null;
}
export interface Coaching {
  id: string;
  inspection: string;
  conversation: string;
  agent: string;
  name: string;
  rule: string;
  text: string;
  at: string;
  seen_at: string | null;
  comment: string;
}
export interface Whole extends Omit<Score, "messages"> {
  lines: Line[];
  answers: Record<string, string>;
  card_filled: Filled;
  opinions: Opinion[];
  messages: Said[];
  reviews: Review[];
  appeal: Appeal | null;
  coaching: Coaching[];
  rule_names: Record<string, Name>;
  others: Score[];
}
export interface Opinion {
  asks: string;
  holds: boolean;
  reason: string;
  spots: Spot[];
}
export interface Verdict {
  lines: Record<number, boolean>;
  answers: Record<string, string>;
  missed: { rule: string; spots: Spot[] }[];
}
export interface Figures {
  inspections: number;
  fatal: number;
  reviewed: number;
  appealed: number;
  seen: number;
  score: number | null;
  machine: number | null;
}
export type Row = Figures & { key: string };
export interface RuleFigures {
  rule: string;
  hits: number;
  conversations: number;
  points: number;
  right: number;
  wrong: number;
  missed: number;
  precision: number | null;
  recall: number | null;
}
export type RuleRow = RuleFigures & { key: string; inspections: number };
export interface Overview {
  rows: Row[];
  total: Figures;
  distribution: number[];
  rules: RuleFigures[];
  rule_names: Record<string, Name>;
  changes: { kind: "rubric" | "card"; version: number; note: string; at: string }[];
  by_subject?: Row[];
  by_group?: Row[];
  by_channel?: Row[];
  by_language?: Row[];
  heat?: { rule: string; subject: string; hits: number }[];
  appeals?: Record<"open" | Outcome | "late", number> & { hours: number | null };
  coverage?: { closed: number; inspected: number };
}
export interface Rule {
  id: string;
  name: Name;
  section: string;
  severity: Severity;
  score: number;
  each: boolean;
  fatal: boolean;
  run: "live" | "after" | "both";
  examples: number;
  text: string;
  line: number;
}
export interface Edition {
  id: number;
  kind: "rubric" | "card";
  version: number;
  state: "draft" | "active" | "retired";
  text: string;
  note: string;
  by: string;
  at: string;
  activated_at: string | null;
}
export interface Rulebook {
  active: { version: number; rules: Rule[] };
  draft: { version: number; note: string; rules: Rule[] } | null;
  editions: Edition[];
}
export interface Problem {
  line: number;
  field: string;
  reason: string;
}
export interface Kept {
  problems: Problem[];
  edition: Edition | null;
}
export interface Sample {
  conversation: string;
  subject: string;
  spots: Spot[];
}
export interface TrialRule {
  rule: string;
  before: number;
  after: number;
  gained: number;
  lost: number;
  gained_samples: Sample[];
  lost_samples: Sample[];
  overlap: { rule: string; share: number }[];
}
export interface Trial {
  id: string;
  state: "running" | "done" | "stopped" | "failed";
  at: string;
  beat_at: string;
  done: number;
  total: number;
  result: { conversations?: number; rules?: TrialRule[]; mean_before?: number | null; mean_after?: number | null; changed?: number };
}
export interface PlanBody {
  name: string;
  active: boolean;
  how: "random" | "per_agent" | "risk" | "new";
  count: number;
  every: "day" | "week";
  reviewers: string[];
  agents: string[];
  about: "agent" | "bot" | "any";
  group: string;
  channel: string;
  below: number | null;
  days: number;
  second: number;
  new_days: number;
}
export interface Plan {
  id: string;
  name: string;
  active: boolean;
  body: Omit<PlanBody, "name" | "active">;
  run_at: string | null;
}
export interface Session {
  id: string;
  title: string;
  by: string;
  expert: string;
  reviewers: string[];
  inspections: string[];
  at: string;
  state: "open" | "closed";
}
export interface Results {
  reviewers: string[];
  items: number;
  agreement: number | null;
  kappa: number | null;
  by_item: { item: string; rated: number; agreement: number | null; kappa: number | null }[];
  distance: Record<string, number>;
  scores: { inspection: string; conversation: string; machine: number | null; by: Record<string, number> }[];
}
export interface WholeSession extends Session {
  progress: { reviewer: string; inspection: string; state: "open" | "done" }[];
  mine: Review[];
  results: Results | null;
  item_names: Record<string, Name>;
}
export interface Example {
  id: string;
  name: string;
  conversation: string;
  seq: number;
  role: "customer" | "agent" | "bot";
  text: string;
}
export interface Proposals {
  marked: number;
  others: number;
  proposals: { kind: "words" | "pattern"; words: string[]; pattern: string; found: number; wrong: number; rule: string }[];
}
export interface Model {
  task: string;
  labels: string[];
  digest: string;
  held_out: {
    examples: number;
    accuracy: number;
    macro_f1: number;
    kappa: number;
    majority_accuracy: number;
    calibration_error: number;
    labels: Record<string, { precision: number; recall: number; f1: number; support: number; auroc: number | null }>;
  };
}
export interface Span {
  from: Date;
  to: Date;
}
export interface Sieve {
  since?: string;
  until?: string;
  subject?: string;
  group?: string;
  channel?: string;
  language?: string;
  rule?: string;
  standing?: Standing;
  fatal?: boolean;
  seen?: boolean;
  below?: number;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const asked = (all: object) =>
  new URLSearchParams(Object.entries(all).filter(([, value]) => value !== undefined && value !== "").map(([name, value]) => [name, String(value)])).toString();
const timed = (span: Span) => ({ since: span.from.toISOString(), until: span.to.toISOString(), timezone: zone });
const of = (id: string, act = "") => `/quality/inspections/${encodeURIComponent(id)}${act}`;

export const overview = (span: Span, by: "day" | "week", sieve: Sieve = {}) => call<Overview>("GET", `/quality/overview?${asked({ ...timed(span), by, ...sieve })}`);
export const ruleRows = (rule: string, span: Span, by: "day" | "week", sieve: Sieve = {}) => call<{ rows: RuleRow[] }>("GET", `/quality/overview/rules/${rule}?${asked({ ...timed(span), by, ...sieve })}`);
export const reportAddress = (span: Span, words: Language, sieve: Sieve = {}) => `/api/quality/report.pdf?${asked({ ...timed(span), words, ...sieve })}`;
export const sheetAddress = (sieve: Sieve, words: Language) => `/api/quality/inspections.csv?${asked({ ...sieve, words, timezone: zone })}`;
export const scores = (sieve: Sieve, offset: number) => call<{ inspections: Score[]; more: boolean; rule_names: Record<string, Name> }>("GET", `/quality/inspections?${asked({ ...sieve, offset })}`);
export const score = (id: string) => call<Whole>("GET", of(id));
export const preview = (id: string, verdict: Verdict) => call<Filled>("POST", of(id, "/preview"), verdict);
export const review = (id: string, verdict: Verdict, comment: string) => call<Filled>("POST", of(id, "/reviews"), { ...verdict, comment });
export const submit = (task: string, verdict: Verdict, comment: string) => call<Filled>("POST", `/quality/reviews/${task}`, { ...verdict, comment });
export const again = (id: string) => call<Whole>("POST", of(id, "/again"));
export const acknowledge = (id: string, comment: string) => call<void>("POST", of(id, "/acknowledge"), { comment });
export const appealAgainst = (id: string, act: string, lines: number[], turns: number[], reason: string) => call<Appeal>("POST", of(id, "/appeals"), { id: act, lines, turns, reason });
export const coach = (id: string, act: string, rule: string, text: string) => call<Coaching>("POST", of(id, "/coaching"), { id: act, rule, text });
export const tasks = (reviewer: "me" | "all", state: "open" | "done") => call<{ reviews: Review[] }>("GET", `/quality/reviews?${asked({ reviewer, state })}`);
export const assign = (inspections: string[], reviewer: string) => call<{ reviews: Review[]; refused: { inspection: string; message: string }[] }>("POST", "/quality/reviews", { inspections, reviewer });
export const appeals = (state: "open" | "") => call<{ appeals: Appeal[] }>("GET", `/quality/appeals?${asked({ state })}`);
export const decide = (appeal: string, outcome: Outcome, decision: string, verdict: Verdict | null) =>
  call<Filled>("POST", `/quality/appeals/${appeal}/decision`, { outcome, decision, verdict });
export const cards = (seen?: boolean) => call<{ coaching: Coaching[] }>("GET", `/quality/coaching?${asked({ seen })}`);
export const learn = (card: string, comment: string) => call<void>("POST", `/quality/coaching/${card}/acknowledge`, { comment });
export const plans = () => call<{ plans: Plan[] }>("GET", "/quality/plans");
export const keepPlan = (body: PlanBody, id = "") => (id ? call<Plan>("PUT", `/quality/plans/${id}`, body) : call<Plan>("POST", "/quality/plans", body));
export const dropPlan = (id: string) => call<void>("DELETE", `/quality/plans/${id}`);
export const runPlan = (id: string) => call<{ given: number }>("POST", `/quality/plans/${id}/run`);
export const sessions = () => call<{ calibrations: Session[] }>("GET", "/quality/calibrations");
export const session = (id: string) => call<WholeSession>("GET", `/quality/calibrations/${id}`);
export const openSession = (body: Pick<Session, "id" | "title" | "inspections" | "reviewers" | "expert">) => call<Session>("POST", "/quality/calibrations", body);
export const closeSession = (id: string) => call<void>("POST", `/quality/calibrations/${id}/close`);
export const rulebook = () => call<Rulebook>("GET", "/quality/rules");
export const keepRule = (id: string, text: string) => call<Kept>("PUT", `/quality/rules/${id}`, { text });
export const dropRule = (id: string) => call<Kept>("DELETE", `/quality/rules/${id}`);
export const edition = (kind: string, version: number) => call<Edition>("GET", `/quality/editions/${kind}/${version}`);
export const keepDraft = (kind: string, text: string, note: string) => call<Kept>("PUT", `/quality/editions/${kind}/draft`, { text, note });
export const activate = (kind: string) => call<{ version: number }>("POST", `/quality/editions/${kind}/activate`);
export const discard = (kind: string) => call<void>("DELETE", `/quality/editions/${kind}/draft`);
export const tryDraft = (last: number) => call<Trial>("POST", "/quality/trials", { last });
export const trials = () => call<{ trials: Trial[] }>("GET", "/quality/trials");
export const trial = (id: string) => call<Trial>("GET", `/quality/trials/${id}`);
export const stopTrial = (id: string) => call<void>("POST", `/quality/trials/${id}/stop`);
export const models = () => call<{ models: Model[] }>("GET", "/quality/models");
export const examples = (name: string) => call<{ names: Record<string, number>; examples: Example[] }>("GET", `/quality/examples?${asked({ name })}`);
export const mark = (name: string, seq: number) => call<Example>("POST", "/quality/examples", { name, seq });
export const unmark = (id: string) => call<void>("DELETE", `/quality/examples/${id}`);
export const propose = (name: string) => call<Proposals>("POST", "/quality/proposals", { name });
