# $merchant (String) - the merchant's name
mail-from = { $merchant } via Central
mail-hello = Hello,
# $name (String) - the customer's name
mail-hello-name = Hello { $name },
# $merchant (String) - the merchant's name
# $amount (String) - with the currency's sign
# $order (String) - the order ID
mail-request-subject = { $merchant }: payment of { $amount } (order { $order })
# $order (String) - the order ID
# $until (String) - day, time and zone
mail-request-preheader = Order { $order }. Pay by { $until }.
# $merchant (String) - the merchant's name
mail-request-label = Payment request from { $merchant }
# $merchant (String) - the merchant's name
mail-request-intro = { $merchant } asks you for this payment.
mail-amount = Amount
mail-order-id = Order ID
mail-for = For
mail-until = Pay by
mail-until-then = After that the link no longer works.
# $amount (String) - with the currency's sign
mail-pay = Pay { $amount }
mail-pay-here = Pay here:
mail-check-before = The button opens a secure page. Check that its address begins with
mail-check-after = If the button doesn’t work, copy this link:
mail-link-later = The link is made when the request is sent.
# $merchant (String) - the merchant's name
mail-not-yours = You ordered nothing from { $merchant }? Do nothing and delete this email: nothing is charged.
# $merchant (String) - the merchant's name
mail-questions = Questions about the order? Reply to this email: { $merchant } reads it.
# $merchant (String) - the merchant's legal name
mail-sent-by = Sent by Central on behalf of { $merchant }
# $merchant (String) - the merchant's name
# $amount (String) - with the currency's sign
# $order (String) - the order ID
mail-receipt-subject = { $merchant }: { $amount } paid (order { $order })
mail-receipt-title = Payment confirmation
# $merchant (String) - the merchant's name
mail-receipt-intro = Your payment to { $merchant } has arrived.
mail-paid-on = Paid
mail-card = Card
# $digits (String) - the last four digits
mail-card-ending = ending in { $digits }
mail-receipt-keep = Keep this email as your confirmation.
# $merchant (String) - the merchant's name
# $order (String) - the order ID
mail-cancelled-subject = { $merchant }: request cancelled (order { $order })
mail-cancelled-title = Payment request cancelled
# $merchant (String) - the merchant's name
mail-cancelled-intro = { $merchant } has cancelled this payment request. You don’t need to pay, and the link no longer works.
# $name (String) - what it is
# $value (String) - the fact itself
mail-line = { $name }: { $value }
# $name (String) - of what stands below
mail-label = { $name }:
mail-check-text = Before you type your card’s data, check that the page’s address begins with
mail-word = email
