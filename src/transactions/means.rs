//! Means of payment: in the gateway's words, and as people know them.

/// The gateway's words for methods that are known to it (Connect2Pay, payment types).
pub const METHODS: [&str; 11] = [
    "CreditCard",
    "Alipay",
    "WeChat",
    "BankTransfer",
    "DirectDebit",
    "UnionPay",
    "Upi",
    "Bancontact",
    "Line",
    "ToditoCash",
    "PayPal",
];

/// Brands and wallets in the spelling of their column, and as people know them.
pub const NETWORKS: [(&str, &str); 28] = [
    ("visa", "Visa"),
    ("mastercard", "Mastercard"),
    ("maestro", "Maestro"),
    ("amex", "American Express"),
    ("jcb", "JCB"),
    ("diners", "Diners Club"),
    ("unionpay", "UnionPay"),
    ("bancontact", "Bancontact"),
    ("ideal", "iDEAL"),
    ("sofort", "Sofort"),
    ("giropay", "giropay"),
    ("przelewy24", "Przelewy24"),
    ("alipay", "Alipay"),
    ("alipayhk", "AlipayHK"),
    ("dana", "DANA"),
    ("gcash", "GCash"),
    ("kakaopay", "Kakao Pay"),
    ("touchngo", "Touch ’n Go"),
    ("truemoney", "TrueMoney"),
    ("bigpay", "BigPay"),
    ("boost", "Boost"),
    ("changipay", "Changi Pay"),
    ("hipay", "HiPay"),
    ("mpay", "MPay"),
    ("naverpay", "Naver Pay"),
    ("tinaba", "Tinaba"),
    ("tosspay", "Toss Pay"),
    ("wechat", "WeChat Pay"),
];
