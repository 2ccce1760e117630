menu-transactions = Transactions
tx-title = Transactions
tx-intro = What moved with every channel: email payments, online shop, in store.
right-view-transactions = See transactions
activity-transaction-export = List of transactions downloaded
activity-transaction-export-failed = Download of the list of transactions broken off
ticket-transaction = Transaction
# $number (String) - the gateway’s number
ticket-about-transaction = About transaction { $number }
ticket-about-transaction-shown = Support sees its operation, amount, status, result code, customer and date.
tx-view-all = All
tx-view-today = Today
tx-view-declined = Declined
tx-view-refunds = Refunds
tx-view-chargebacks = Chargebacks
tx-search = Number, order ID, customer or card
tx-search-label = Search and filter transactions
tx-search-short = With fewer than three characters only the beginning of numbers is searched.
# $count (Number) - transactions that fit
# $grouped (String) - the same number as the language writes it
tx-count = { $count ->
    [one] { $grouped } transaction
   *[other] { $grouped } transactions
}
# $grouped (String) - a number as the language writes it
tx-count-more = More than { $grouped } transactions
tx-first-title = No transactions yet
tx-first-words = Every attempt to pay appears here as soon as the gateway tells of it, whatever became of it.
tx-none-title = No transaction fits
tx-none-words = Nothing agrees with this search and these filters. Try fewer of them.
tx-none-reset = Show all transactions
# $currency (String) - EUR
tx-totals-net = Net in { $currency }
# $amount (String) - an amount
tx-totals-in = { $amount } came in
# $amount (String) - an amount
tx-totals-disputed = { $amount } charged back
tx-col-number = Number
tx-help-number = The gateway’s number of the transaction.
tx-col-date = Date
tx-help-date = When it happened at the gateway.
tx-col-operation = Operation
tx-help-operation = What it does: sale, refund, chargeback …
tx-help-status = How it ended.
tx-help-amount = Its amount, without a sign: the operation says which way the money goes.
tx-help-email = The customer’s address.
tx-col-network = Brand or wallet
tx-help-network = The brand of the card, or the wallet.
tx-col-card = Card
tx-help-card = First six and last four digits; the others are never kept.
tx-col-result = Result code
tx-help-result = The three digits with which bank or acquirer answered.
tx-help-originator = The source of income that it came through.
tx-col-channel = Channel
tx-help-channel = The way by which the customer was asked to pay.
tx-help-provider = The financial provider that the money comes through.
tx-col-reference = Reference
tx-help-reference = The number of the transaction that this one follows.
tx-col-country = Country
tx-help-country = The customer’s country.
tx-col-ip = IP address
tx-help-ip = The address on the internet that the customer paid from.
tx-col-followed = Followed by
tx-help-followed = What happened to it later: a refund or a chargeback that was carried out.
tx-col-test = Test
tx-help-test = Whether no money moves by it.
tx-test-yes = Tests
tx-test-no = Real money
tx-test = Test: no money moved
tx-col-secure = 3-D Secure
tx-secure-yes = The bank answers for the customer
tx-secure-no = The risk stays with you
tx-col-descriptor = On the bank statement
tx-wallet-total = Taken by the wallet
tx-wallet-rate = Exchange rate
tx-asked-by = Asked for by
tx-op-authorize = Authorisation
tx-op-capture = Capture
tx-op-cancel = Cancellation
tx-op-sale = Sale
tx-op-rebill = Rebilling
tx-op-refund = Refund
tx-op-submission = Submission
tx-op-collection = Collection
tx-op-chargeback = Chargeback
tx-op-reversal = Reversal
tx-op-representment = Chargeback won
tx-status-accepted = Accepted
tx-status-declined = Declined
tx-status-pending = Pending
tx-status-error = Error
tx-status-expired = Expired
tx-channel-email = Email payment
tx-channel-ecommerce = Online shop
tx-channel-in-store = In store
tx-channel-virtual-terminal = Virtual terminal
tx-method-bank-transfer = Bank transfer
tx-method-direct-debit = Direct debit
tx-code-none = The gateway gave no code.
tx-code-unknown = this code is not in the list that we have; support can ask the provider what it means
# $code (String) - three digits
# $meaning (String) - what it means
tx-code-with-meaning = { $code }: { $meaning }
tx-code-done = the operation was completed
tx-code-issuer = declined by the customer’s bank, without a reason
tx-code-merchant = the provider does not know the merchant’s account
tx-code-card = the card number is not valid
tx-code-declined = the authorisation was declined
tx-code-technical = a technical fault between the provider and the bank
tx-code-cvv = the security code is missing or wrong
tx-code-invalid = the operation is not valid here
tx-code-amount = the amount is not valid
tx-code-issuer-unknown = no bank is known for this card
tx-code-no-action = the bank took no action
tx-code-issuer-refused = the card’s bank is not accepted here
tx-code-payment-expired = the time to pay was over
tx-code-card-expired = the card has expired
tx-code-limits = the card’s limit is exceeded
tx-code-not-permitted = the card does not permit this
tx-code-lost = the card was reported lost
tx-code-stolen = the card was reported stolen
tx-code-other-card = not the card of the first transaction, or the card is busy with another one
tx-code-no-funds = not enough money on the account or card
tx-code-pin = the PIN is wrong
tx-code-card-unknown = the bank does not know the card
tx-code-terminal-unknown = the provider does not know the terminal
tx-code-block-list = the card is on the terminal’s block list
tx-code-restricted = the card is restricted by its bank
tx-code-too-much = more than the amount of the transaction that it follows
tx-code-soft-decline = the bank wants its customer to confirm the payment
tx-code-pin-too-often = a wrong PIN was typed too often
tx-code-pin-needed = the PIN is needed
tx-code-not-available = the amount is no longer available
tx-code-terminal-blocked = the terminal is blocked: it was not initialised
tx-code-institute = declined by the card’s scheme
tx-code-unreachable = the customer’s bank is out of reach for the moment
tx-code-card-type = this type of card is not processed
tx-code-duplicate = the same request was made already
tx-code-acquirer = a fault at the acquirer
tx-code-security = stopped for reasons of security
tx-code-not-found = the transaction that it follows was not found
tx-code-blocked-card = the card is on a blacklist
tx-code-blocked-email = the email address is on a blacklist
tx-code-blocked-ip = the IP address is on a blacklist
tx-code-too-often = too many refusals in a row
tx-code-not-enrolled = the card does not take part in 3-D Secure
tx-code-call-failed = the call to the gateway failed: whether it was carried out is not known
tx-again-no = There is no point in trying the same again.
tx-again-later = It may be tried again later, as it is.
tx-again-corrected = It may be tried again once that is put right.
tx-again-otherwise = It may be tried again with another card or in another way.
tx-actor-customer = The customer
tx-actor-bank = The customer, with their bank
tx-actor-merchant = You
tx-actor-platform = We and the provider: ask support
# $operation (String) - sale, refund, …
# $number (String) - the gateway’s number
tx-show-title = { $operation } { $number }
tx-to-payment = Email payment
tx-chain = Related operations
# $count (Number) - operations that are shown
tx-chain-cut = The first { $count } are shown; there may be more.
tx-main = Main information
tx-refunds = Refunds
tx-refunded = Already refunded
tx-refund-pending = Refund pending
tx-refund-left = Still refundable
tx-refund-disputed = A chargeback stands on it: a refund would pay the customer twice.
tx-same-customer = All transactions of this address
tx-recorded = Recorded here
tx-summed-up = In statement
tx-of-payment = Its transactions
overview-transactions = All transactions

right-operate = Refund, capture and release money
right-approve-operations = Approve colleagues’ refunds
right-overrule-refunds = Refund despite a chargeback, and set refund limits
op-refund = Refund
op-capture = Capture
op-cancel = Release the money
op-refund-words = The customer gets the money back the way it came. This can’t be undone.
# $until (String) - date and time
op-capture-words = Takes the money that was authorised. Possible until { $until }; after that it lapses.
op-cancel-words = The customer’s bank frees the authorised amount. Nothing is charged, and this can’t be undone.
# $currency (String) - code
op-amount = Amount in { $currency }
# $most (String) - amount
op-amount-hint = At most { $most }.
op-reason = Reason
op-reason-hint = For your colleagues; the customer doesn’t see it. Optional.
op-disputed = Refund although a chargeback stands: the customer may be paid twice
# $amount (String)
op-second-above = Above { $amount } a colleague has to approve it.
op-second-always = An owner or manager has to approve it.
# $email (String)
op-tells = { $email } gets an email about it when it is done.
op-fault-amount = Enter an amount greater than zero, such as 12.50
# $digits (Number)
# $currency (String)
op-fault-decimals = Use at most { $digits } decimals for { $currency }
op-fault-disputed = Tick this to refund in spite of the chargeback
op-fault-form = This form is out of date. Open it again from the transaction.
op-state-waiting = Waiting for approval
op-state-sending = Being sent
op-state-unknown = Outcome unknown
op-state-requested = Requested
op-state-done = Done
op-state-declined = Declined
op-state-not-done = Not done
op-state-rejected = Rejected
op-state-withdrawn = Withdrawn
op-means-unknown = The gateway’s answer got lost. It is being asked; don’t do it again meanwhile.
op-means-requested = The provider confirms it later; nothing to do.
op-means-not-done = The gateway knows nothing of it and no money has moved. You can ask again.
op-means-sending = The gateway is being asked. Reload this page in a moment.
op-no-fit = There is nothing to refund, capture or release here.
op-no-nothing-left = All of it has been refunded, or is on its way.
op-no-disputed = A chargeback stands on this payment: a refund would pay the customer twice. An owner can refund all the same.
# $left (String) - amount
op-no-too-much = That is more than is left. At most { $left }.
op-no-over = It has been captured or released already, or that is under way.
op-no-lapsed = The authorisation has lapsed: it could be captured for seven days.
op-no-only-whole = Only the whole amount is possible here.
op-no-decided = This has been decided already.
op-no-own = A colleague has to decide about your own request.
# $name (String)
op-asked-by = Asked by { $name }
# $name (String)
op-approved-by = approved by { $name }
# $name (String)
op-rejected-by = rejected by { $name }
op-title = Refunds and captures
op-people = People
op-waiting-title = Refunds to approve
op-waiting-intro = A second person decides about these. Nobody approves their own.
op-waiting-none = Nothing waits for approval.
op-approve = Approve
op-reject = Reject
op-withdraw = Withdraw
op-waits-for-other = Waits for an owner or manager
op-limit-title = Refund limits
op-limit-intro = Above its limit, a refund waits until a second person approves it; refunds of one transaction that nobody approved count together. Without a limit, only customer care needs approval.
# $currency (String) - code
op-limit-field = Limit in { $currency }
# $amount (String)
# $name (String)
# $when (String)
op-limit-above = Now { $amount }, set by { $name }, { $when }. Leave empty for no limit.
op-limit-none = No limit.
op-limit-save = Save limits
op-limit-owner = Only owners change the limits.
# $currencies (String) - codes
op-limit-fault = Enter an amount, or leave it empty: { $currencies }
# $currencies (String) - codes
op-limit-meanwhile = Somebody has changed this meanwhile: { $currencies }. What you typed is still here; saving it replaces theirs
# $amount (String)
# $merchant (String)
op-mail-subject = { $amount } refunded by { $merchant }
# $merchant (String)
op-mail-intro = { $merchant } has refunded you:
op-mail-to = Refunded to
op-mail-when = Depending on your bank, the refund takes a few days to appear on your account.
# $amount (String)
flash-operation-waits = { $amount } waits for a colleague’s approval.
flash-operation-done = Done.
flash-operation-declined = The gateway declined it: no money has moved. See below why.
flash-operation-open = Sent. The outcome is not known yet; this page will tell.
flash-operation-rejected = Rejected. No money has moved.
flash-operation-withdrawn = Withdrawn. No money has moved.
flash-refund-limits-set = Refund limits saved.
# $why (String) - what hindered it
flash-operation-hindered = Nothing was done: { $why }
