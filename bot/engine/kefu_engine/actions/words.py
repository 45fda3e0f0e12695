"""Words that are not sentences of the domain: labels of cards and buttons, in both languages."""

from typing import Any

from rasa_sdk import Tracker

Card = dict[str, Any]

STATUS = {
    "pending": ("待付款", "awaiting payment"),
    "paid": ("已付款，待发货", "paid, being packed"),
    "shipped": ("已发货", "shipped"),
    "delivered": ("已签收", "delivered"),
    "cancelled": ("已取消", "cancelled"),
    "refunding": ("退款中", "being refunded"),
    "refunded": ("已退款", "refunded"),
}

# What was begun, when it is offered again.
FORMS = {
    "order_status_form": ("查订单", "checking the order"),
    "return_status_form": ("查退款进度", "checking the refund"),
    "refund_form": ("退款申请", "the refund request"),
    "address_form": ("修改地址", "the change of address"),
    "change_form": ("修改订单", "the change to the order"),
    "invoice_form": ("开发票", "the invoice"),
    "complaint_form": ("投诉登记", "the complaint"),
    "callback_form": ("预约回电", "the call back"),
}

# How customers name what a form asks for, in Chinese and in English; the first of each is the bot's own word.
NAMES = {
    "order_id": (("订单号", "订单编号", "订单", "单号"), ("order number", "order", "number")),
    "title": (
        ("发票抬头", "抬头", "公司名称", "单位名称", "公司名", "公司", "名称"),
        ("invoice title", "title", "company name", "invoice name", "company", "name"),
    ),
    "email": (
        ("邮箱", "邮箱地址", "电子邮箱", "邮件地址"),
        ("email", "email address", "e-mail", "e-mail address", "mail"),
    ),
    "address": (
        ("收货地址", "地址", "收件地址", "送货地址", "新地址"),
        ("address", "delivery address", "shipping address"),
    ),
    "reason": (("退款原因", "原因", "理由"), ("reason", "refund reason", "reason for the refund")),
    "wish": (
        ("修改内容", "颜色", "尺码", "尺寸", "数量", "商品", "型号", "款式"),
        ("change", "colour", "color", "size", "quantity", "item", "model"),
    ),
    "details": (("投诉内容", "经过", "情况", "问题"), ("complaint", "problem", "issue")),
    "callback_phone": (
        ("电话号码", "电话", "手机号", "手机号码", "手机", "号码", "联系电话"),
        ("phone number", "number", "phone", "telephone", "mobile", "telephone number", "mobile number"),
    ),
}

# What a customer may have meant, as a button.
INTENTS = {
    "order_status": ("查订单", "Check an order"),
    "track_parcel": ("查物流", "Track a parcel"),
    "cancel_order": ("取消订单", "Cancel an order"),
    "change_address": ("修改地址", "Change an address"),
    "delivery_late": ("催物流", "A late delivery"),
    "shipping_time": ("配送时间", "Delivery time"),
    "shipping_cost": ("运费", "Delivery costs"),
    "change_order": ("修改订单", "Change an order"),
    "refund": ("申请退款", "Request a refund"),
    "return_status": ("退款进度", "Refund progress"),
    "return_goods": ("退货", "Return goods"),
    "exchange": ("换货", "Exchange goods"),
    "damaged_item": ("商品破损", "A damaged item"),
    "wrong_item": ("发错货", "A wrong item"),
    "missing_item": ("少发漏发", "A missing item"),
    "warranty": ("保修政策", "Warranty"),
    "repair": ("报修", "A repair"),
    "invoice": ("开发票", "Get an invoice"),
    "payment_methods": ("支付方式", "Payment methods"),
    "payment_failed": ("支付失败", "A failed payment"),
    "price": ("价格", "Prices"),
    "coupon": ("优惠券", "Coupons"),
    "price_protection": ("价格保护", "Price protection"),
    "product_question": ("商品参数", "Product details"),
    "stock": ("库存", "Stock"),
    "account_login": ("登录账号", "Signing in"),
    "password_reset": ("重置密码", "Reset a password"),
    "membership_points": ("会员积分", "Membership and points"),
    "business_hours": ("营业时间", "Opening hours"),
    "store_location": ("门店地址", "Shops"),
    "file_complaint": ("投诉", "File a complaint"),
    "call_back": ("预约回电", "Ask for a call"),
    "human": ("人工客服", "Talk to a person"),
}


def pick(tracker: Tracker, zh: str, en: str) -> str:
    """The one of two words that the customer reads."""
    return zh if tracker.get_slot("language") == "zh" else en


def money(amount: float, currency: str) -> str:
    """¥299.00 or 29.90 USD."""
    return f"¥{amount:.2f}" if currency == "CNY" else f"{amount:.2f} {currency}"


def order_card(tracker: Tracker, order: dict[str, Any]) -> Card:
    """An order as a card; rows without a value are left out."""
    items = pick(tracker, "name_zh", "name_en")
    rows = [
        (pick(tracker, "状态", "Status"), pick(tracker, *STATUS[order["status"]])),
        (pick(tracker, "商品", "Items"), ", ".join(f"{item[items]} × {item['quantity']}" for item in order["items"])),
        (pick(tracker, "合计", "Total"), money(order["total"], order["currency"])),
        (pick(tracker, "收货地址", "Address"), order["address"]),
        (pick(tracker, "预计送达", "Expected"), order["expected_delivery"]),
    ]
    title = pick(tracker, "订单", "Order") + f" {order['order_id']}"
    return {"title": title, "rows": [[label, value] for label, value in rows if value], "link": None}


def parcel_card(tracker: Tracker, parcel: dict[str, Any]) -> Card:
    """A parcel as a card, its latest event first."""
    text = pick(tracker, "text_zh", "text_en")
    rows = [[event["at"][:16].replace("T", " "), f"{event['place']} · {event[text]}"] for event in parcel["events"]]
    return {"title": f"{parcel['carrier']} {parcel['tracking_number']}", "rows": rows[::-1], "link": None}


def invoice_card(tracker: Tracker, invoice: dict[str, Any]) -> Card:
    """An invoice as a card that leads to it."""
    rows = [
        [pick(tracker, "抬头", "Name"), tracker.get_slot("title")],
        [pick(tracker, "邮箱", "Email"), tracker.get_slot("email")],
    ]
    title = pick(tracker, "发票", "Invoice") + f" {invoice['invoice_id']}"
    return {"title": title, "rows": rows, "link": invoice["url"]}


def coupon_card(tracker: Tracker, coupon: dict[str, Any]) -> Card:
    """A coupon as a card."""
    rows = [
        [pick(tracker, "优惠", "Worth"), money(coupon["value"], coupon["currency"])],
        [pick(tracker, "最低消费", "From"), money(coupon["minimum"], coupon["currency"])],
        [pick(tracker, "有效期至", "Good until"), coupon["expires"]],
    ]
    title = coupon[pick(tracker, "title_zh", "title_en")] + f" {coupon['code']}"
    return {"title": title, "rows": rows, "link": None}
