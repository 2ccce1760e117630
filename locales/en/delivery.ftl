undelivered-title = Not delivered
undelivered-intro = Requests that wait for payment while their email has not arrived. Correct the address and send again from here.
# $grouped (String) - the number, as it is written
# $count (Number) - the number, for its plural
undelivered-count = { $count ->
    [one] { $grouped } request
   *[other] { $grouped } requests
}
# $grouped (String) - a number, as it is written
undelivered-count-more = More than { $grouped } requests
undelivered-none-title = Every email has arrived
undelivered-none-words = As far as the mail servers have told us, each request that waits for payment is with its customer. Nothing needs you here.
undelivered-to-list = To the email payments
# $moment (String) - when the mail was sent
undelivered-since = sent { $moment }
# $moment (String) - when the next try is due
undelivered-next-try = next try { $moment }
undelivered-said = The mail server’s words:
undelivered-address = Customer’s email
undelivered-button = Correct and send again
undelivered-still-tried = We are still trying this address by ourselves: change it, or wait for the next try
undelivered-sent = Sent again from here
undelivered-later-bounces = Some servers accept an email first and return it hours later. Such return messages go to the sender address and are not read by Central: a request can look sent and still not have arrived.

answer-unknown-mailbox = Nobody has this address at the recipient’s server. Ask the customer for the right one.
answer-no-mail-server = The part after the @ receives no email: most likely it is mistyped.
answer-mailbox-full = The customer’s mailbox is full. Ask for another address, or send again when there is room.
answer-mailbox-closed = This address exists but is closed. Ask the customer for another one.
answer-refused-by-rule = The recipient’s server takes the email for spam, or its rules forbid it. Use another address, or copy the payment link from the request and pass it on yourself.
answer-greylisted = The recipient’s server lets senders it does not know wait. It usually accepts the next try: nothing for you to do.
answer-busy = The recipient’s server asks us to try later. We do so for two days.
answer-not-reached = No mail server could be reached. We try again for two days.
answer-page-not-ready = The gateway could not prepare the payment page, so the email has not left yet: its link would be dead. We keep trying.
answer-suppressed = Nothing is sent to this address any more. Ask the customer for another one.
answer-refused = The recipient’s server refuses the email. If its words don’t tell why, ask the customer for another address.
answer-not-yet = The email has not been accepted yet. We keep trying for two days.
answer-given-up = We tried for two days. Send again, or copy the payment link from the request and pass it on yourself.

visit-head-only = it only checked whether the page exists
visit-looks-ahead = a browser or mail program looked ahead
visit-no-agent = a program without a name
visit-known-agent = a mail scanner, link preview or other program, by its name
visit-no-navigation = a program fetched the page; nobody followed the link
visit-no-fetch-metadata = a program that poses as a browser
visit-no-language = a program that poses as a browser, without a language
visit-too-soon = within seconds of the email’s arrival, sooner than people read
# $count (Number) - visits one after another
visit-person = { $count ->
    [one] Payment page opened
   *[other] Payment page opened { $count } times
}
# $count (Number) - visits one after another
visit-automatic = { $count ->
    [one] Automatic visit of the link
   *[other] { $count } automatic visits of the link
}
# $count (Number) - visits one after another
visit-unsure = { $count ->
    [one] Visit of the link, perhaps automatic
   *[other] { $count } visits of the link, perhaps automatic
}

show-visits = Visits of the link
show-opens = Opened by people
# $count (Number) - how often
show-times = { $count ->
    [one] once
   *[other] { $count } times
}
show-first-opened = First
show-last-opened = Last
show-never-opened = not yet
# $count (Number) - visits by programs, and unclear ones
show-scanner-visits = { $count ->
    [one] 1 automatic or unclear visit besides.
   *[other] { $count } automatic or unclear visits besides.
}
show-scanner-hint = Mail scanners and link previews open links too; they are told apart by what their requests say, not with certainty.
