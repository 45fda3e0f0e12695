/** Facts of quality inspection as lines in a conversation. */
import type { EventOf, QualityKind } from "../protocol";
import { both } from "../words";
import { named, points } from "./show";

type QualityEvent = { [K in QualityKind]: EventOf<K> }[QualityKind];

const words = both(
  {
    faulted: (rule: string) => `The bot lost points (${rule}); its trainer is told`, flagged: (what: string) => `Quality: ${what}`, scored: (s: string, fatal: boolean) => `Inspected: ${s}${fatal ? " (automatic fail)" : ""}`,
    reviewed: (who: string, s: string, said: string) => `${who} reviewed the score: ${s}${said && `. ${said}`}`, seen: (who: string, said: string) => `${who} has read the score${said && `: ${said}`}`,
    appealed: (who: string, said: string) => `${who} appealed: ${said}`, decided: (who: string, what: string, s: string, said: string) => `${who} decided the appeal (${what}): ${s}${said && `. ${said}`}`, coached: (who: string, to: string, said: string) => `${who} gave ${to} a coaching card: ${said}`,
    outcomes: { accepted: "accepted", partly: "partly accepted", rejected: "rejected" } as Record<string, string>,
  },
  {
    faulted: (rule: string) => `机器人被扣分（${rule}），已转入训练待标注`, flagged: (what: string) => `质检提示：${what}`, scored: (s: string, fatal: boolean) => `质检得分 ${s}${fatal ? "（一票否决）" : ""}`,
    reviewed: (who: string, s: string, said: string) => `${who} 复核得分 ${s}${said && `：${said}`}`, seen: (who: string, said: string) => `${who} 已阅读质检结果${said && `：${said}`}`,
    appealed: (who: string, said: string) => `${who} 申诉：${said}`, decided: (who: string, what: string, s: string, said: string) => `${who} 裁定申诉（${what}），得分 ${s}${said && `：${said}`}`, coached: (who: string, to: string, said: string) => `${who} 给 ${to} 发了辅导卡：${said}`,
    outcomes: { accepted: "成立", partly: "部分成立", rejected: "驳回" } as Record<string, string>,
  },
);

export function qualityLineOf(event: QualityEvent, who: (id: string) => string): string {
  const say = words.value;
  switch (event.kind) {
    case "BotFaulted":
      return say.faulted(event.rule);
    case "Flagged":
      return say.flagged(event.hits.map((hit) => `${named(hit, hit.rule)}${hit.points ? ` ${points(hit.points)}` : ""}`).join(", "));
    case "Scored":
      return say.scored(points(event.score), event.fatal);
    case "Reviewed":
      return say.reviewed(event.name, points(event.score), event.comment);
    case "ScoreAcknowledged":
      return say.seen(who(event.agent), event.comment);
    case "ScoreAppealed":
      return say.appealed(who(event.agent), event.reason);
    case "AppealDecided":
      return say.decided(who(event.by), say.outcomes[event.outcome] ?? event.outcome, points(event.score), event.reason);
    case "Coached":
      return say.coached(event.name, who(event.agent), event.text);
  }
}
