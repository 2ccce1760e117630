# The sandbox gateway’s payment page.

sandbox-gateway-bar = Nothing is really charged here. Do not type a real card.
sandbox-gateway-handled-by = Payment handled by Central’s sandbox
sandbox-gateway-language = Language
sandbox-gateway-skip = Skip to payment
# $amount (String) - amount with its sign, €248.50
# $merchant (String) - the merchant’s name
sandbox-gateway-title = Pay { $amount } to { $merchant }
sandbox-gateway-payment = Payment
sandbox-gateway-due = Amount to pay
sandbox-gateway-amount = Amount
sandbox-gateway-order-id = Order ID
sandbox-gateway-description = Description
sandbox-gateway-expires = Expires
sandbox-gateway-date = Date
sandbox-gateway-way = Paid with
sandbox-gateway-trust-card = The shop does not receive your card number.
sandbox-gateway-trust-bank = Your bank may ask you to confirm.
# $count (Number) - fields to correct
sandbox-gateway-errors-title = { $count ->
    [one] There is { $count } field to correct
   *[other] There are { $count } fields to correct
}
sandbox-gateway-error-prefix = Error:
sandbox-gateway-retype = For your safety we do not keep the card number and the security code: type them again.
sandbox-gateway-fault-way = Choose how you want to pay
sandbox-gateway-fault-number-missing = Enter the card number
sandbox-gateway-fault-number = The card number is not complete or has a wrong digit
sandbox-gateway-fault-expiry-missing = Enter the expiry date, for example 09/28
sandbox-gateway-fault-expiry = The expiry date must look like 09/28
sandbox-gateway-fault-expiry-past = This card has expired: check the date or use another one
sandbox-gateway-fault-code-missing = Enter the security code
sandbox-gateway-fault-code = The security code has 3 or 4 digits
sandbox-gateway-fault-name-missing = Enter the name on the card
sandbox-gateway-fault-name = The name on the card has at most 80 characters and no card number
sandbox-gateway-fault-email = The email address is not complete, for example name@example.com
sandbox-gateway-declined-title = The payment did not go through
sandbox-gateway-reason-funds = There is not enough money available on this card.
sandbox-gateway-reason-expired = This card has expired.
sandbox-gateway-reason-unreachable = Your bank is not answering right now.
sandbox-gateway-reason-refused = Your bank did not authorise the payment.
sandbox-gateway-reason-wallet = Alipay+ did not accept the payment.
sandbox-gateway-not-charged = You have not been charged.
# $count (Number) - tries left
sandbox-gateway-attempts-left = { $count ->
    [one] You can try once more, with this card or another way.
   *[other] You can try { $count } more times, with this card or another way.
}
sandbox-gateway-way-legend = How do you want to pay
sandbox-gateway-way-card = Card
sandbox-gateway-number = Card number
sandbox-gateway-brands = Accepted cards
sandbox-gateway-expiry = Expiry date
sandbox-gateway-expiry-hint = Example: 09/28
sandbox-gateway-code = Security code
sandbox-gateway-code-hint = 3 digits on the back
sandbox-gateway-name = Name on card
sandbox-gateway-email = Email for the receipt
sandbox-gateway-optional = (optional)
# $amount (String) - amount with its sign
sandbox-gateway-pay = Pay { $amount }
sandbox-gateway-once = You are charged only once.
sandbox-gateway-cards-title = Test cards
sandbox-gateway-cards-hint = Any expiry date in the future, any three digits, any name. The last four digits choose what happens.
sandbox-gateway-card-paid = Paid
sandbox-gateway-card-funds = Refused: insufficient funds (051)
sandbox-gateway-card-refused = Refused by the bank (005)
sandbox-gateway-card-expired = Refused: card expired (054)
sandbox-gateway-card-unreachable = Refused: bank out of reach (091)
sandbox-gateway-card-challenge = The bank asks for a confirmation (065, then 3-D Secure)
sandbox-gateway-card-pending = Waits: you choose the outcome, or it is paid after 60 seconds
sandbox-gateway-challenge-title = Confirm with your bank
# $amount (String) - amount with its sign
# $merchant (String) - the merchant’s name
sandbox-gateway-challenge-text = Your bank asks whether you are paying { $amount } to { $merchant }. You have not been charged yet.
sandbox-gateway-challenge-note = In the sandbox you play your bank’s app: choose its answer.
sandbox-gateway-challenge-confirm = Confirm the payment
sandbox-gateway-challenge-refuse = Refuse the payment
sandbox-gateway-wallet-title = Pay with Alipay+
# $amount (String) - amount with its sign
# $merchant (String) - the merchant’s name
sandbox-gateway-wallet-text = Alipay+ is about to pay { $amount } to { $merchant }. You have not been charged yet.
sandbox-gateway-wallet-note = In the sandbox there is no wallet to open: choose the outcome.
sandbox-gateway-wallet-code = A code that a wallet would scan
sandbox-gateway-wallet-choose = Your wallet
sandbox-gateway-wallet-paid = Paid
sandbox-gateway-wallet-refused = Refused
sandbox-gateway-wallet-pending = Leave pending
sandbox-gateway-wallet-back = Pay another way
sandbox-gateway-pending-title = We are checking your payment
sandbox-gateway-pending-text = We do not know yet how it ended. Do not pay again: this page will tell you.
sandbox-gateway-pending-note = In the sandbox you choose the outcome. If you do not, it is paid after 60 seconds.
sandbox-gateway-pending-check = Check again
sandbox-gateway-pending-paid = Paid
sandbox-gateway-pending-refused = Refused
sandbox-gateway-paid-title = Payment received
# $amount (String) - amount with its sign
# $merchant (String) - the merchant’s name
sandbox-gateway-paid-text = You have paid { $amount } to { $merchant }.
sandbox-gateway-paid-once = This link cannot charge you a second time.
sandbox-gateway-failed-title = The payment did not go through
# $merchant (String) - the merchant’s name
sandbox-gateway-failed-ask = This link allows no further try. Ask { $merchant } for a new one.
sandbox-gateway-expired-title = This link has expired
# $merchant (String) - the merchant’s name
sandbox-gateway-expired-text = It can no longer be used to pay. Ask { $merchant } for a new one.
sandbox-gateway-unknown-title = This link does not work
sandbox-gateway-unknown-text = Check that you copied all of it, or ask the sender for a new one.
# $merchant (String) - the merchant’s name
sandbox-gateway-back = Back to { $merchant }
