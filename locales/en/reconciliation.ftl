recon-title = Reconciliation
right-settle-differences = Settle differences between email payments and transactions
flash-difference-settled = The difference is settled. You can open it again below.
flash-difference-reopened = The difference is open again.
activity-difference-settle = Difference between payment and transactions settled
activity-difference-reopen = Difference between payment and transactions opened again
activity-field-difference = Difference
recon-intro = Shows whether your email payments and the gateway’s transactions agree, and how far the gateway was read.
recon-open = Differences
# $moment (String) - when the gateway was read last
recon-agrees = Agrees to the cent · { $moment }
recon-agrees-words = Every email payment that was paid in the last 40 days has its transaction, with the same amount and the same refunds.
recon-not-read = Not compared yet
recon-not-read-words = The gateway’s transactions are read in the background. Come back in a few minutes.
# $count (Number)
recon-more = The newest { $count } are shown. Older ones take the place of those that you settle.
# $moment (String) - when it was found
recon-found = Found { $moment }
recon-note = What you found out
recon-settle = Mark as settled
# $note (String) - what was typed
recon-fault-gone = This difference isn’t open any more, so your note was not kept: “{ $note }”
recon-reopen = Open again
recon-settled = Settled
recon-read = Read from the gateway
recon-col-state = State
recon-col-last = Last read
recon-col-next = Next
# $from (String) - a moment
# $until (String) - a moment
recon-window = { $from } – { $until }
recon-never = Never
recon-state-current = Up to date
recon-state-running = Being read
recon-state-failed = Failed, tried again
recon-failure-unavailable = The gateway did not answer, or refuses this originator’s credentials.
recon-failure-too-large = The gateway lists more transactions of one second than can be read. Support has to look at it.
recon-failure-internal = Something went wrong here. Support has to look at it.
# $expected (String) - an amount with its currency
# $found (String) - an amount with its currency
recon-figures = Email payment: { $expected } · Transactions: { $found }
# $count (Number) - transactions that could not be read
recon-unreadable-count = { $count ->
    [one] { $count } transaction
   *[other] { $count } transactions
}
recon-missing = Paid, but no transaction took the money
recon-missing-advice = Look for the money on your account with the provider before you deliver. If it is not there, ask support.
recon-amount = Another amount was taken
recon-amount-advice = Compare with your order. Refund what is too much, or ask the customer for the rest.
recon-twice = Paid more than once
recon-twice-advice = Refund what was taken a second time, unless the customer meant it.
recon-unexpected = Money was taken for a payment that is not paid
recon-unexpected-advice = Refund it, or deliver and note it here: the request was cancelled or had expired when the customer paid.
recon-refunds = The refunds don’t agree
recon-refunds-advice = Compare the payment’s timeline with its refunds among the transactions. If it stays like this for an hour, ask support.
recon-unreadable = The gateway told of something that can’t be read
recon-unreadable-advice = It is missing in the list of transactions and in statements. Ask support to look at it.
# $count (Number) - open differences
# $shown (String) - the same, or 99+
tx-differences = { $count ->
    [one] { $shown } difference between email payments and transactions
   *[other] { $shown } differences between email payments and transactions
}
