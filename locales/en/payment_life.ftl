act-send-now = Send now
act-unschedule = Back to draft
act-remind = Remind now
act-send-by-mail = Send by email
act-extend = Extend
act-replace = Replace
act-duplicate = Duplicate
sending-now = Send now
sending-later = Send on a day and time
# $zone (String) - a time zone
sending-later-hint = Times of your time zone, { $zone }. Where the clocks go back and an hour comes twice, the first one counts.
sending-link = Only make the link
sending-link-hint = No email goes out, no reminder either: you give the link to the customer yourself.
form-choose-sending = Choose when the request leaves
form-expiry-and-reminders = End and reminders
# $max (Number) - how many
form-reminders-hint = While the request is not paid, at 9:00, up to { $max }.
# $max (Number) - how many
form-reminders-too-many = Choose { $max } reminders at most
# $reminder (String) - which reminder
form-reminder-out-of-time = “{ $reminder }” does not fall between the sending and the end: choose another one
form-schedule = Schedule request
# $amount (String) - with the currency's sign
form-schedule-amount = Schedule request for { $amount }
form-link = Make the link
# $amount (String) - with the currency's sign
form-link-amount = Make the link for { $amount }
form-expiry-before-sending = The link must be valid for at least an hour after the sending
# $order (String) - the order ID
form-replace-title = Replace { $order }
# $order (String) - the order ID
form-replace-intro = The new request takes the place of { $order }, which is cancelled at once. Whoever opens the old link reads that.
when-day = Day
when-time = Time
when-missing = Choose a day and a time
when-unreadable = Choose a day in the calendar and write the time like 09:30
# $time (String) - a time
# $day (String) - a day
when-never = { $time } does not exist on { $day }: the clocks go forward over it. Choose a time an hour later
# $moment (String) - day and time
# $zone (String) - a time zone
when-past = Choose a time after now, { $moment } ({ $zone })
# $days (Number) - days
# $moment (String) - day and time
when-too-far = You can plan { $days } days ahead at most, until { $moment }
# $moment (String) - day and time
when-first-of-two = { $moment } (the first of two such hours)
# $days (Number) - days
reminder-after-sending = { $days ->
    [one] { $days } day after sending
   *[other] { $days } days after sending
}
# $days (Number) - days
reminder-before-end = { $days ->
    [one] { $days } day before the end
   *[other] { $days } days before the end
}
reminder-by-hand = by hand
reminder-sent = sent
reminder-skipped-paid = not needed: paid
reminder-skipped-cancelled = not needed: cancelled
reminder-skipped-replaced = not needed: replaced
reminder-skipped-expired = not needed: expired
reminder-skipped-failed = not needed: no attempts left
reminder-skipped-out-of-time = not between sending and end
reminder-skipped-not-delivered = not sent: the last email did not arrive
reminder-skipped-too-many = not sent: as many emails as may go out
reminder-skipped-by-merchant = removed
reminder-skipped-by-customer = not sent: the customer wants none
hindrance-originator = Its originator is not active: choose another one
hindrance-expiry = It would be valid for less than an hour or more than 90 days: choose another end
hindrance-not-later = The new end must be later than the one it has
hindrance-changed = Somebody has changed this request meanwhile. Look at it in another tab; what you save or send now takes its place
# $max (Number) - how many
hindrance-too-many-reminders = { $max } reminders are planned already: remove one first
hindrance-on-its-way = The last email has not left yet.
hindrance-never-sent = No email has gone out: only the link was made. Send the request by email first.
hindrance-not-delivered = The last email did not arrive: correct the address first.
hindrance-reminders-stopped = The customer does not want reminders of this request.
hindrance-not-sent = It has not been sent yet.
hindrance-open = It waits for payment already.
hindrance-processing = The customer is paying right now.
hindrance-paid = It is paid.
hindrance-expired = The time to pay is over: renew it first.
hindrance-cancelled = It is cancelled.
hindrance-failed = The customer has no attempts left.
held-up-of-merchant = You have sent as many emails in this hour as you may.
next-held-up-title = The request could not leave yet
# $why (String) - a sentence
# $moment (String) - day and time
next-held-up-words = { $why } We try again by ourselves at { $moment }.
next-not-left-title = The request did not leave at its time: it is a draft again
# $why (String) - what is to be mended
next-not-left-words = { $why }. Then send it, or choose another time.
event-scheduled = Sending planned
event-unscheduled = Taken back to draft
event-send-hindered = Could not leave at its time
event-link-made = Link made, no email sent
event-reminded = Customer reminded
event-reminder-sent = Reminder accepted for delivery
event-reminder-planned = Reminder planned
event-reminder-removed = Reminder removed
event-reminder-skipped = Reminder not sent
event-reminders-stopped = The customer wants no more reminders
event-extended = Validity extended
event-replaced = Replaced by another request
# $order (String) - the order ID
event-replaced-words = Now { $order }
mail-kind-reminder = Reminder
reminders = Reminders
# $order (String) - the order ID
# $customer (String) - name or address
reminders-title = Reminders of { $order }, { $customer }
reminders-intro = They stop by themselves when the request is paid, cancelled or expired. The customer can end them too.
reminders-now = Now
# $email (String) - an address
reminders-now-words = The customer gets the request once more, as a reminder, at { $email }.
reminders-planned = Planned
reminders-past = Past
reminders-plan = Plan a reminder
# $zone (String) - a time zone
reminders-plan-hint = One more, at a time of the merchant’s time zone, { $zone }.
reminders-before-end = Choose a time before the end of the request
# $moment (String) - day and time
show-leaves = leaves { $moment }
show-plans = What comes next
show-leaves-at = Leaves
show-no-reminders = None planned.
show-plan-reminders = Plan reminders
# $zone (String) - a time zone
show-zone = Times of { $zone }.
show-replaced-by = Replaced by
show-replaces = Takes the place of
show-qr = QR code
# $order (String) - the order ID
show-qr-title = QR code of the payment link of { $order }
show-qr-download = Download as SVG
validity = Valid for
# $hours (Number) - hours
validity-hours = { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
}
# $days (Number) - days
validity-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
validity-until-day = Until a certain day
validity-day = Last day
# $zone (String) - a time zone
validity-day-hint = For “Until a certain day”: until 23:59 of that day ({ $zone }).
validity-choose = Choose how long the request is valid
# $amount (String) - with the code
extend-title = Extend the request for { $amount }?
# $customer (String) - name or address
extend-words = The link stays the same and works longer, from now for as long as you choose. { $customer } gets no email: remind or send again to tell them.
extend-until-now = Expires now
extend-button = Extend
# $order (String) - the order ID
# $moment (String) - day and time
flash-payment-scheduled = Request { $order } will leave { $moment }. Until then you can change it or take it back.
# $order (String) - the order ID
flash-payment-unscheduled = Request { $order } is a draft again. Nothing will be sent.
# $order (String) - the order ID
flash-payment-link-made = The link of { $order } is ready: copy it and give it to the customer.
# $order (String) - the order ID
# $email (String) - an address
flash-payment-reminded = Reminder of { $order } is on its way to { $email }.
# $order (String) - the order ID
# $moment (String) - day and time
flash-payment-extended = The new end of request { $order } is { $moment }. The customer gets no email about it.
# $old (String) - the old order ID
# $order (String) - the new order ID
flash-payment-replaced = Request { $old } is cancelled, and { $order } takes its place.
# $order (String) - the order ID
# $moment (String) - day and time
flash-reminder-planned = A reminder of { $order } is planned for { $moment }.
# $order (String) - the order ID
flash-reminder-removed = The reminder of { $order } is removed. You can plan another one.
# $merchant (String) - the merchant's name
# $amount (String) - with the currency's sign
# $order (String) - the order ID
mail-reminder-subject = { $merchant }: reminder, payment of { $amount } (order { $order })
# $merchant (String) - the merchant's name
mail-reminder-label = Payment reminder from { $merchant }
# $merchant (String) - the merchant's name
mail-reminder-intro = { $merchant } reminds you of this payment, which is still open. If you have just paid, you need not do anything.
mail-stop-reminders = Stop reminders of this payment
pay-replaced-title = A new request has taken the place of this one
# $merchant (String) - the merchant's name
pay-replaced-soon = { $merchant } will send you the new one. Nothing has been charged.
# $merchant (String) - the merchant's name
pay-replaced-open = The new one waits for your payment. Its link is in the newest email from { $merchant }. Nothing has been charged.
# $merchant (String) - the merchant's name
pay-replaced-processing = The payment of the new one is in progress. Don’t pay again: { $merchant } will see it.
# $merchant (String) - the merchant's name
pay-replaced-paid = The new one is paid. You don’t owe { $merchant } anything for it.
# $merchant (String) - the merchant's name
pay-replaced-over = The new one can no longer be paid. Nothing has been charged. Ask { $merchant } for a new link.
pay-go-on-new = Go to the new request
pay-reminders-title = No more reminders?
# $merchant (String) - the merchant's name
pay-reminders-words = { $merchant } will not remind you of this payment any more. The request itself stays open.
pay-reminders-button = Stop the reminders
pay-reminders-stopped-title = No more reminders
# $merchant (String) - the merchant's name
pay-reminders-stopped-words = { $merchant } will not remind you of this payment any more.
api-field-instant = Give an instant such as 2026-12-01T09:00:00Z
api-field-reminders = Give a list of the words that the description of the API names
activity-email-payment-schedule = Sending planned
activity-email-payment-unschedule = Email payment taken back to draft
activity-email-payment-send-hindered = Planned sending held up
activity-email-payment-make-link = Payment link made
activity-email-payment-remind = Customer reminded
activity-email-payment-plan-reminder = Reminder planned
activity-email-payment-remove-reminder = Reminder removed
activity-email-payment-stop-reminders = Customer ended the reminders
activity-email-payment-extend = Email payment extended
activity-email-payment-replace = Email payment replaced
activity-field-send-at = Leaves
activity-field-due-at = Reminder
list-remind = Remind
