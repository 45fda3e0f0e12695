import { preferences } from "../state/preferences";

/** What customers want, as people read it: Chinese, English. An intent that a company has added shows its own name. */
const NAMES: Record<string, readonly [string, string]> = {
  affirm: ["肯定", "Yes"], deny: ["否定", "No"], stop: ["取消办理", "Stop it"], skip: ["跳过", "Skip it"], repeat: ["再说一遍", "Say it again"], resume: ["继续办理", "Go on"],
  dont_know: ["不知道、忘了", "Doesn't know it"], resend_code: ["重发验证码", "Send the code again"], greet: ["问候", "Greeting"], goodbye: ["道别", "Goodbye"], thanks: ["感谢", "Thanks"], help: ["求助", "What can you do"],
  inform: ["提供信息", "Tells something"], human: ["转人工", "Wants a person"], complaint: ["抱怨", "Unhappy"], file_complaint: ["投诉登记", "Files a complaint"], call_back: ["预约回电", "Wants a call"], insult: ["辱骂", "Insult"],
  praise: ["表扬", "Praise"], bot_challenge: ["是不是机器人", "Is this a bot"], chitchat_how_are_you: ["闲聊：你好吗", "Chat: how are you"], chitchat_joke: ["闲聊：讲笑话", "Chat: a joke"], chitchat_laugh: ["闲聊：笑", "Chat: laughter"], chitchat_weather: ["闲聊：天气", "Chat: the weather"],
  out_of_scope: ["超出范围", "Out of scope"], nlu_fallback: ["没听懂", "Not understood"], order_status: ["查订单", "Order status"], track_parcel: ["查物流", "Track a parcel"], cancel_order: ["取消订单", "Cancel an order"],
  change_order: ["修改订单", "Change an order"], change_address: ["修改地址", "Change an address"], delivery_late: ["催物流", "Late delivery"], shipping_time: ["配送时间", "Delivery time"], shipping_cost: ["运费", "Delivery costs"],
  refund: ["申请退款", "Refund"], return_status: ["退款进度", "Refund progress"], return_goods: ["退货", "Return goods"], exchange: ["换货", "Exchange"], damaged_item: ["商品破损", "Damaged item"], wrong_item: ["发错货", "Wrong item"],
  missing_item: ["少发漏发", "Missing item"], warranty: ["保修政策", "Warranty"], repair: ["报修", "Repair"], invoice: ["开发票", "Invoice"], payment_methods: ["支付方式", "Payment methods"], payment_failed: ["支付失败", "Payment failed"],
  price: ["价格", "Price"], coupon: ["优惠券", "Coupons"], price_protection: ["价格保护", "Price protection"], product_question: ["商品参数", "Product question"], stock: ["库存", "Stock"], account_login: ["登录账号", "Signing in"],
  password_reset: ["重置密码", "Password reset"], membership_points: ["会员积分", "Membership points"], business_hours: ["营业时间", "Opening hours"], store_location: ["门店地址", "Shops"],
};

export const intentName = (id: string): string => NAMES[id]?.[preferences.language === "zh" ? 0 : 1] ?? id;
