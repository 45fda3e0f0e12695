/** What the facts of the log are called; webhooks and rules name them. */
import { preferences } from "../state/preferences";

const KINDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  AgentAccepted: ["坐席接受会话", "An agent accepted the conversation"],
  AgentAssigned: ["会话分配给坐席", "The conversation was given to an agent"],
  AgentReplied: ["坐席回复", "An agent replied"],
  AlertRaised: ["触发告警", "An alert was raised"],
  AppealDecided: ["质检申诉已裁决", "An appeal of a score was decided"],
  AttributesSet: ["设置会话属性", "Attributes of the conversation were set"],
  BotFaulted: ["机器人出错", "The bot failed"],
  BotReplied: ["机器人回复", "The bot replied"],
  Coached: ["坐席收到辅导", "An agent was coached"],
  ContactBlocked: ["拉黑或解除拉黑客户", "A contact was blocked or unblocked"],
  ContactIdentified: ["识别客户身份", "The customer was identified"],
  ConversationClosed: ["会话结束", "The conversation was closed"],
  ConversationReopened: ["会话重新打开", "The conversation was reopened"],
  ConversationStarted: ["会话开始", "A conversation began"],
  Flagged: ["实时质检命中", "A live quality rule hit"],
  GuideChosen: ["选择流程指引", "A guide was chosen"],
  HandedBack: ["会话交回机器人", "The conversation went back to the bot"],
  HandoffRequested: ["请求人工服务", "A person was asked for"],
  HoldChanged: ["会话保持或恢复", "The conversation was put on hold or went on"],
  InvitationAccepted: ["访客接受邀请", "A visitor accepted an invitation"],
  MessageLeft: ["客户留言", "The customer left a message"],
  MessageReceived: ["客户发来消息", "The customer wrote"],
  MessagesRead: ["消息已读", "Messages were read"],
  NoteAdded: ["添加内部备注", "An internal note was added"],
  ParticipantJoined: ["同事加入会话", "A colleague joined"],
  ParticipantLeft: ["同事退出会话", "A colleague left"],
  PicturesSeen: ["识别图片内容", "Pictures were looked at"],
  Prioritised: ["设置优先级或技能", "Priority or skill was set"],
  QuestionMissed: ["知识库未能回答", "The library had no answer"],
  Rated: ["客户评价", "The customer rated"],
  RatingAsked: ["邀请客户评价", "A rating was asked for"],
  Redacted: ["抹除消息内容", "A message was erased"],
  ReturnedToQueue: ["会话退回队列", "The conversation went back to the queue"],
  Reviewed: ["人工质检完成", "A person reviewed the score"],
  ScoreAcknowledged: ["坐席已阅质检结果", "An agent read their score"],
  ScoreAppealed: ["坐席申诉质检结果", "An agent appealed a score"],
  Scored: ["质检评分", "The conversation was scored"],
  SourceGiven: ["知识库作答", "The library answered"],
  SourceJudged: ["客户评价知识库回答", "The customer judged the library's answer"],
  StepMarked: ["流程步骤打勾或取消", "A step of a guide was ticked or unticked"],
  Suggested: ["给出坐席建议", "Suggestions were made to the agent"],
  SuggestionJudged: ["坐席评价建议", "An agent judged a suggestion"],
  SuggestionSettled: ["建议已采用或未采用", "It is known what became of a suggestion"],
  Tagged: ["设置标签", "Tags were set"],
  TicketAsked: ["机器人请求创建工单", "The bot asked for a ticket"],
  TicketAnswered: ["工单中回复客户", "The customer was answered in a ticket"],
  TicketMoved: ["工单状态变更", "A ticket's state changed"],
  TicketOpened: ["创建工单", "A ticket was opened"],
  Transferred: ["会话转接", "The conversation was transferred"],
  Whispered: ["主管密语", "A supervisor whispered"],
  WrappedUp: ["完成业务小结", "The conversation was wrapped up"],
};

/** A fact's name in the reader's language; of a kind that is not here, its own. */
export const kindNamed = (kind: string): string => KINDS[kind]?.[preferences.language === "zh" ? 0 : 1] ?? kind;

/** By name, as the reader's language sorts. */
export const sorted = (kinds: readonly string[]): string[] =>
  [...kinds].sort((one, other) => kindNamed(one).localeCompare(kindNamed(other), preferences.language));
