confirm-title = Order confirmations
confirm-intro = Your customers can get an email when they have paid, and when a payment was declined. Your success manager switches it; the words are yours.
# $merchant (String) - the merchant’s name
confirm-intro-staff = The customers of { $merchant } can get an email when they have paid, and when a payment was declined. Each turn of a switch stays in the history with your name and the reason, and both sides read it.
confirm-success = After a payment
confirm-success-words = The customer who has paid gets a confirmation with the amount, the order ID and the date.
confirm-failure = After a declined payment
confirm-failure-words = The customer whose payment was declined reads that nothing was charged and what to do. It leaves ten minutes later, and not at all if the payment has worked by then.
confirm-on = On
confirm-off = Off
confirm-partly = On for some
# $originator (String) - a source of income
confirm-of-originator = Customers of { $originator } get an email
confirm-turn = Save switches
confirm-fault-unchanged = Nothing changes: the switches stand so already
confirm-fault-meanwhile = Somebody has changed this meanwhile: open the page once more to read it. What you entered is still here; saving it replaces theirs
confirm-no-originator = Order confirmations belong to an originator; there is none yet.
confirm-inactive = not active any more
confirm-own-words = Own words
confirm-our-words = the usual ones
confirm-write = Write the words
confirm-look = See the words
confirm-ledger = History of the switches
confirm-ledger-none = Nothing has been switched yet.
# $name (String) - a success manager
# $what (String) - which emails
confirm-turned-on = { $name } switched on: { $what }
# $name (String) - a success manager
# $what (String) - which emails
confirm-turned-off = { $name } switched off: { $what }
# $originator (String) - a source of income
confirm-turned-for-all = { $originator }, with all originators of the merchant
# $originator (String) - a source of income
confirm-texts-title = Order confirmations of { $originator }
confirm-texts-intro = Who writes to your customers, and what the email says first. Amount, order ID and your legal name always follow.
confirm-sender = Sender’s name
# $merchant (String) - the merchant’s name
confirm-sender-hint = Left empty: { $merchant }.
confirm-text-hint = In place of our first sentence. Fields that are filled in:
confirm-fault-sender = A name alone, without an address
# $field (String) - what was typed, in braces
confirm-fault-field = There is no field { $field }
confirm-save = Save the words
confirm-read-only = Your role reads these words. Owners, managers and developers change them.
confirm-example-customer = Maria Conti
confirm-example-description = Two blue vases
# $originator (String) - a source of income
flash-confirmations-switched = Order confirmations of { $originator } changed.
# $originator (String) - a source of income
flash-confirmation-texts-saved = The words of { $originator } are saved.
activity-originator-confirmation-texts = Words of order confirmations changed
activity-field-confirmation = Email
merchant-confirmations-open = Open order confirmations
# $merchant (String) - the merchant’s name
# $amount (String) - with the currency’s sign
# $order (String) - the order ID
mail-declined-subject = { $merchant }: payment of { $amount } declined (order { $order })
mail-declined-title = Payment declined
# $merchant (String) - the merchant’s name
mail-declined-intro = Your payment to { $merchant } was declined.
mail-declined-why = Reason
mail-declined-kept = Nothing was charged.
# $until (String) - day, time and zone
mail-declined-again = You can try again until { $until } with the link in the payment request.
# $merchant (String) - the merchant’s name
mail-declined-over = This request can’t be paid any more: ask { $merchant } for a new one.
mail-kind-declined = Payment declined
event-declined-told = Customer told that the payment was declined
right-view-page-settings = See payment pages and how customers are written to
right-write-page-settings = Set up payment pages and change the words to customers
