list-title = Email payments
# $title (String) - the page's title
# $rows (Number) - rows on this page
list-title-rows = { $title } ({ $rows })
list-intro = Payment requests that you sent to your customers.
list-new = New request
list-views = Views
list-search-label = Search and filter requests
list-search = Customer, email or order ID
list-search-button = Search
list-search-short = With fewer than three characters only the beginning of order IDs is searched.
list-show-filters = Filters
list-hide-filters = Hide filters
list-caption = Payment requests, newest first
list-first-title = No requests yet
list-first-words = Payments that you ask for by email appear here, each with its status.
list-first-button = Create the first request
list-none-title = No request fits
list-none-words = Nothing agrees with this search and these filters. Try fewer of them.
list-none-reset = Show all requests
# $day (String) - a day
list-expires-short = expires { $day }
# $count (Number) - requests that fit
# $grouped (String) - the same number as the language writes it
list-count = { $count ->
    [one] { $grouped } request
   *[other] { $grouped } requests
}
# $count (Number) - fewer than there are
# $grouped (String) - the same number as the language writes it
list-count-more = { $count ->
    [one] More than { $grouped } request
   *[other] More than { $grouped } requests
}
pages = Pages
page-newest = Newest
page-newer = Newer
page-older = Older
page-oldest = Oldest
page-size = Rows per page:
col-customer = Customer
col-amount = Amount
col-status = Status
col-order = Order ID
col-created = Created
col-expires = Expires
col-group = Tab
help-group = Current payments may still bring money, past ones are over.
help-status = Whether money is due or received.
help-created = When the request was made.
help-amount = What the customer is asked for.
col-currency = Currency
help-currency = The currency of the amount.
col-delivery = Email
help-delivery = How far the latest email with the link got.
help-customer = The customer’s name.
col-email = Email address
help-email = The address that the request goes to.
help-order = Your number for the order.
col-description = Description
help-description = What the customer reads about the order.
help-expires = Until when the link can be paid.
col-paid = Paid
help-paid = When the money came.
col-opened = Opened
help-opened = When the payment page was first opened.
col-method = Method
help-method = What the customer paid with, or tried to.
col-refunded = Refunded
help-refunded = What went back to the customer.
col-language = Language
help-language = The language of the customer’s emails.
col-originator = Originator
help-originator = The source of income that asks.
col-created-by = Created by
help-created-by = Who made the request.
col-attempts = Attempts
help-attempts = How often the customer tried to pay.
col-sends = Emails
help-sends = How many emails with the link were sent.
col-picked = Selection
help-picked = The rows that were selected in the list.
col-import = Import
help-import = The file that the request was made from.
col-reason = Reason
list-only-paid = Sorted by when they were paid: only paid requests stand here.
# $amount (String) - as typed
list-search-amount = Look for the amount { $amount } instead
group-all = All
group-current = Current
group-past = Past

filter-from = From
filter-to = To
filter-apply = Apply filters
filter-reset = Reset
# $value (String) - what was given
filter-unknown-value = “{ $value }” is not one of the choices
# $value (String) - what was given
filter-day-unreadable = “{ $value }” is not a day: choose one in the calendar
filter-amount-unreadable = Write the amount in digits, such as 1,830.00
# $text (String) - what was searched
chip-search = Search: { $text }
# $day (String) - a day
chip-from = From { $day }
# $day (String) - a day
chip-to = To { $day }
chip-remove = Remove

status-draft = Draft
status-scheduled = Scheduled
status-open = Awaiting payment
status-processing = Payment in progress
status-authorised = Authorised
status-paid = Paid
status-expired = Expired
status-cancelled = Cancelled
status-failed = Failed
status-not-delivered = Not delivered
status-declined = Card declined
status-refused = Payment declined
status-expires-today = Expires today
status-expires-tomorrow = Expires tomorrow
# $moment (String) - day and time
detail-opened = page opened { $moment }
detail-paid-late = paid after the end
delivery-queued = on its way
delivery-sent = sent
delivery-deferred = delayed, we keep trying
delivery-bounced = refused by the recipient
delivery-suppressed = not sent: address blocked
delivery-failed = could not be sent
delivery-not-sent = not sent
reason-date-reached = not paid in time
reason-by-merchant = by you
reason-by-staff = by support
reason-replaced = replaced by another request
reason-voided = authorisation released
reason-attempts-exhausted = no attempts left
reason-blocked-by-risk = blocked for risk
result-no-funds = insufficient funds
result-bad-card = card not recognised
result-bad-code = wrong security code
result-card-expired = card expired
result-limit = card limit exceeded
result-card-blocked = card blocked
result-not-confirmed = not confirmed with the bank
result-bank-unreachable = bank out of reach
result-declined = declined by the bank
result-not-carried-out = the payment could not be carried out
method-card = Card
# $brand (String) - Visa, Mastercard …
# $digits (String) - the last four digits
card-ending = { $brand } ending in { $digits }

# $name (String) - a user
event-by = By { $name }
event-created = Request created
event-edited = Draft changed
event-submitted = Request sent
event-resent = Sent again
event-address-corrected = Address corrected: the old link no longer works
event-renewed = New validity
event-cancelled = Request cancelled
event-mail-sent = Email accepted for delivery
# $address (String) - the recipient
event-mail-sent-words = { $address }, accepted by the mail server
event-cancellation-sent = Cancellation sent to the customer
event-receipt-sent = Confirmation sent to the customer
event-mail-deferred = Email delayed
event-mail-deferred-words = We keep trying by ourselves.
event-mail-failed = Email not delivered
event-mail-dropped = Email no longer needed
event-gateway-unavailable = Payment page out of reach
event-opened = Payment page opened
event-terms-accepted = Customer accepted the terms
event-attempt-started = Payment begun
event-pending = Waiting for the bank or the wallet
event-declined = Payment declined
# $reason (String) - in words
# $code (String) - the acquirer's code
event-declined-words = { $reason } (code { $code })
event-paid = Paid
event-expired = Expired
event-failed = No attempts left
event-unexpected-money = Money taken for a request that is closed
# $id (String) - the gateway's number
event-unexpected-money-words = Gateway transaction { $id }: contact support about a refund.

act-edit = Edit
act-correct = Correct address
act-resend = Send again
act-renew = Renew
act-cancel = Cancel

# $order (String) - the order ID
# $customer (String) - name or address
show-title = Request { $order }, { $customer }
show-not-sent = not sent yet
# $day (String) - weekday and day
show-expires = expires { $day }
# $day (String) - weekday and day
show-capture-by = capture by { $day }
# $day (String) - weekday and day
show-paid-on = paid { $day }
show-timeline = History
show-mails = Emails
show-mail-what = Email
show-mail-to = To
show-mail-state = State
show-mail-when = When
show-mail-open = Open the request as the customer reads it
show-facts = Facts of the request
show-name = Name
show-request = Request
show-paid = Paid
show-paid-with = Paid with
show-attempts = Attempts
show-confirmation = Confirmation after paying
show-confirmation-on = Sent to the customer
show-confirmation-off = Off
show-link = Payment link
show-link-hint = Works until it expires. Whoever has it can pay for the customer.
next-deferred-title = The email has not left yet
# $moment (String) - day and time
# $why (String) - technical words
next-deferred-words = Next try: { $moment }. Last answer: { $why }
next-bounced-title = The recipient’s server refuses this address
next-bounced-words = Ask the customer for the right address, then correct it: a new link goes there.
next-failed-title = The email could not be sent
next-failed-words = We tried for two days. Copy the payment link to the customer, or send again.
# $reason (String) - in words
next-declined-title = The customer’s card was declined: { $reason }
next-declined-words = Nothing was charged. The customer can try again with the same link or another card.
next-expired-title = The time to pay is over
next-expired-words = Renew the request: the customer gets new time and another email.
next-exhausted-title = The customer has no attempts left
next-exhausted-words = Nothing was charged. Replace the request by a new one with its own order ID.
mail-state-ready = on its way
mail-state-deferred = delayed
mail-state-sending = being sent
mail-state-sent = accepted by the mail server
mail-state-failed = not delivered
mail-state-dropped = no longer needed
mail-kind-request = Payment request
mail-kind-receipt = Confirmation
mail-kind-cancelled = Cancellation
mail-kind-invitation = Invitation
mail-kind-ticket = Ticket

form-title = New payment request
# $order (String) - the order ID
form-edit-title = Edit { $order }
form-intro = The customer gets an email with a green button and pays by card or wallet. You see it here.
form-customer = Customer
form-name = Name or company
form-email = Email
form-email-hint = The request goes to this address.
form-language = Language of the email
form-payment = Payment
form-originator = Originator
form-originator-hint = Where the money is booked.
form-amount = Amount
form-currency = Currency
form-order-id = Order ID
form-description = Description
form-description-hint = The customer reads it in the email and on the payment page.
form-message = Message
# $max (Number) - characters
form-message-hint = A few words of yours in the email, up to { $max } characters.
form-sending = Sending
form-expiry = Expires
# $zone (String) - a time zone
form-expiry-hint = Until 23:59 of that day ({ $zone }).
form-send = Send request
# $amount (String) - with the currency's sign
form-send-amount = Send request for { $amount }
form-draft = Save as draft
form-leave = Leave without saving
form-preview = Preview of the email
form-preview-refresh = Refresh
form-preview-open = Open in full
form-preview-from = From
form-preview-to = To
form-preview-subject = Subject
form-preview-no-address = address still missing
form-no-originator-title = No originator is active
form-no-originator-words = Without one there is nowhere to book the money. Your success manager can activate one.
form-missing = Fill in this field
# $max (Number) - characters
form-too-long = Shorten this to { $max } characters
form-controls = Take out line breaks, control and text direction characters
form-card-number = This looks like a full card number: take it out, it may not be stored here
form-email-missing = Enter the customer’s email address
form-email-at = Email address must include an @
form-email-unreadable = Email address must look like name@example.com
form-choose-language = Choose a language
form-choose-originator = Choose an originator
# $originator (String) - its name
form-choose-currency = Choose a currency that { $originator } takes
form-amount-missing = Enter an amount
form-amount-unreadable = Write the amount in digits, such as 1,830.00
amount-ambiguous = This can mean two amounts: write it with decimals, such as 1,234.00
# $currency (String) - a code
form-amount-no-decimals = { $currency } has no decimals: write whole units
# $currency (String) - a code
# $decimals (Number) - how many digits
form-amount-decimals = { $currency } has { $decimals } decimals at most
# $max (String) - an amount
form-amount-too-large = One request can be for { $max } at most
form-amount-zero = The amount must be more than zero
form-order-id-missing = Enter an order ID, or reload the page to get a new one
form-order-id-taken = Another request has this order ID: choose a different one
form-expiry-missing = Choose the last day to pay
form-expiry-unreadable = Choose a day in the calendar
# $today (String) - a day
form-expiry-past = The last day to pay can’t be before today, { $today }
# $days (Number) - days
# $last (String) - a day
form-expiry-too-late = A request is valid for { $days } days at most: choose { $last } or earlier
form-too-many-to-address = This address got as many payment emails today as it may: try again tomorrow
form-too-many-of-merchant = You have sent as many emails in this hour as you may: save a draft and send it later

# $amount (String) - with the code
cancel-title = Cancel the request for { $amount }?
# $customer (String) - name or address
cancel-words = The link stops working at once and { $customer } can no longer pay. If an email has gone out already, another one says that the request is cancelled. This can’t be undone.
cancel-words-draft = Nothing has been sent, so nobody is told. This can’t be undone.
cancel-reason = Reason
cancel-reason-note = (optional, only you read it)
cancel-button = Cancel the request
# $amount (String) - with the code
resend-title = Send the request for { $amount } again?
resend-words = The customer gets the same email again. A corrected address gets a new link, and the old one stops working.
resend-email-hint = Correct it here if it was wrong.
resend-button = Send again
# $max (Number) - how often
resend-too-many = It has been sent { $max } times: no more emails can go out. Copy the payment link instead.
# $moment (String) - day and time
resend-too-soon = The last email left less than ten minutes ago. You can send again from { $moment }.
# $amount (String) - with the code
renew-title = Renew the request for { $amount }?
renew-words = The customer gets new time to pay, as long as you choose, and the email again.
renew-meanwhile = It has expired in the meantime. Choose how long the customer can pay now.
renew-button = Renew and send

totals-label = Totals per currency
# $currency (String) - EUR
totals-collected = Collected in { $currency }
# $currency (String) - EUR
totals-share = Share collected in { $currency }
# $percent (Number) - of what was requested, 0 to 100
# $amount (String) - what was requested, without currency
totals-requested = { $percent }% of { $amount } requested
# $amount (String) - without currency
totals-due = { $amount } still due
# $amount (String) - without currency
totals-refunded = { $amount } refunded
totals-not-counted = The totals of this search take longer to count than the page waits.
totals-count = Count them

event-authorised = Authorised, not captured yet
# $until (String) - date and time
event-authorised-words = Capture it before { $until }
event-voided = Authorised money released
event-lapsed = Authorisation lapsed
event-refund-asked = Refund asked for
event-refunded = Refunded
event-refund-declined = Refund not made
show-refunded = Refunded
act-capture = Capture or release
act-refund = Refund
