pay-unknown-title = This link does not work
pay-unknown-words = It may be incomplete, or a newer email has replaced it. Open the newest email from the shop, or ask the shop for a new link. Nothing has been charged.
pay-paid-title = Paid
# $merchant (String) - the merchant's name
pay-paid-words = { $merchant } has received your payment. You don’t need to do anything else.
pay-already-title = Already paid
# $day (String) - a day
pay-already-words = This request was paid on { $day }. It can’t be charged a second time.
pay-expired-title = The time to pay is over
# $merchant (String) - the merchant's name
pay-expired-words = Nothing has been charged. Ask { $merchant } for a new link.
pay-cancelled-title = This request has been cancelled
# $merchant (String) - the merchant's name
pay-cancelled-words = { $merchant } no longer expects this payment. Nothing has been charged.
# $merchant (String) - the merchant's name
pay-charged-words = Your payment came after this request had ended. Don’t pay again: write to { $merchant } about it.
pay-failed-title = No attempts left
# $merchant (String) - the merchant's name
pay-failed-words = Nothing has been charged. Ask { $merchant } for a new link or another way to pay.
pay-declined-title = The payment was declined
# $reason (String) - in words
pay-declined-words = Reason: { $reason }. You have not been charged. You can try again with the same card or another one.
pay-try-again = Try again
pay-open-title = Your payment is waiting
pay-open-words = Nothing has been charged. You can go on to the payment page.
pay-go-on = Go to the payment page
pay-checking-title = We are checking your payment
pay-checking-words = Your bank has not answered yet. Don’t pay again: this page refreshes by itself.
pay-checking-refresh = Refresh now
pay-authorised-title = Your payment is authorised
# $merchant (String) - the merchant's name
pay-authorised-words = Your bank has set the amount aside for { $merchant }, who takes it later. Don’t pay again: you don’t need to do anything else.
pay-unavailable-title = The payment page is out of reach
pay-unavailable-words = Nothing has been charged. Try again in a minute.
pay-order-id = Order ID
pay-for = For
pay-on = Date
pay-card = Card
# $digits (String) - the last four digits
pay-card-ending = ending in { $digits }
# $merchant (String) - the merchant's name
pay-contact = Questions about the order? Write to { $merchant }
pay-receipt-follows = A confirmation is on its way to your email address.
pay-print-hint = Keep this page or print it as your confirmation.
# $merchant (String) - the merchant's name
pay-handled-by = Payment handled by Central for { $merchant }
pay-handled = Payment handled by Central
pay-languages = Language
