# What stands on the documents that the product makes at the end of a period.
statement-invoice = Invoice
# $number (String) - of the invoice
statement-invoice-title = Invoice { $number }
# $number (String) - of the invoice
statement-number = No. { $number }
# $from (String) - a day
# $until (String) - a day
statement-period = { $from } to { $until }
statement-issuer = From
statement-merchant = To
# $number (String) - tax number of a company
statement-tax-number = Tax number { $number }
statement-issued-on = Issued on
statement-due-on = Due on
statement-provider = Financial provider
statement-currency = Currency
statement-to-receive = To receive
statement-to-pay = To pay
# $day (String) - when the platform pays
statement-receive-words = We pay this amount by { $day }. Your bank may take some days to show it.
# $day (String) - when the merchant pays
statement-pay-words = In this period more went out than came in. This amount is owed to us by { $day }.
statement-nothing-words = Nothing is owed by either side.
statement-account = Account statement
statement-account-summary = What moved in the period, by operation and originator, what is kept and what is given back
statement-col-operation = Operation
statement-col-originator = Originator
statement-col-count = Count
# $currency (String) - its code
statement-col-amount = Amount, { $currency }
statement-sale = Sales
statement-capture = Captures
statement-rebill = Further charges
statement-collection = Collections
statement-refund = Refunds
statement-chargeback = Chargebacks
statement-reversal = Reversals
statement-representment = Chargebacks won
# $rate (String) - per cent
# $day (String) - when it is given back
statement-kept = Holdback of { $rate }%, given back on { $day }
# $from (String) - a day
# $until (String) - a day
statement-released = Holdback of { $from } to { $until } given back
statement-total = Total statement
statement-fees = Fees
statement-fees-summary = Fees of the period and the tax on them
statement-col-fee = Fee
statement-col-base = Of
statement-col-price = Rate
statement-fee-percent = Share of payments
statement-fee-per-sale = Per payment
statement-fee-per-refund = Per refund
statement-fee-per-chargeback = Per chargeback
statement-net = Net amount
# $rate (String) - per cent
statement-tax = Tax { $rate }%
statement-invoice-total = Total invoice
statement-balance = Balance
statement-balance-summary = Total statement less total invoice
statement-receive-total = Total to receive
statement-pay-total = Total to pay
statement-rounding = Each share is taken of the sum of its line and rounded to the smallest unit of the currency, halves up; tax is taken once, of the net amount. A transaction that we learn of after the end of its period stands in the next statement.
# $page (String) - of a document
# $pages (String) - how many there are
statement-page = Page { $page } of { $pages }

# The same figures as a table for programs.
statement-data-section = Section
statement-data-line = Line
statement-data-from = Period from
statement-data-until = Period to
statement-data-rate = Rate, %
statement-data-each = Each
statement-data-amount = Amount
statement-data-given-back = Given back on
# $day (String) - a day
# $from (String) - first day of the period
# $until (String) - last day of the period
statement-next = The next documents are due on { $day }, for { $from } to { $until }. Without movements there are none.

cond-title = Conditions
# $merchant (String) - its name
cond-title-of = Conditions of { $merchant }
cond-intro = What a financial provider takes for this merchant’s transactions. A period is summed up by what holds on its first day; what stands is never changed.
cond-weekly = Summed up weekly, from Monday to Sunday.
cond-monthly = Summed up monthly.
cond-none = No conditions yet: no invoice is made until there are.
cond-from = From
cond-provider = Provider and currency
cond-provider-field = Provider
cond-percent = Share of payments
cond-each = Payment · refund · chargeback
cond-per-sale = Per payment
cond-per-refund = Per refund
cond-per-chargeback = Per chargeback
cond-tax = Tax
cond-holdback = Holdback
# $rate (String) - per cent
# $days (Number) - how many
cond-holdback-words = { $days ->
    [one] { $rate }% for { $days } day
   *[other] { $rate }% for { $days } days
}
cond-holdback-none = None
cond-holdback-days = Days held back
cond-due-days = Days until due
cond-reason = Why
# $name (String) - a user
# $moment (String) - day and time
cond-by = { $name }, { $moment }
cond-product = The command line
cond-new = New conditions
cond-new-intro = They hold from the day that you give. Invoices that exist stay as they are.
cond-percent-hint = Per cent, such as 1.4
cond-amount-hint = In the currency above, such as 0.20
cond-add = Add conditions
cond-fault-percent = Enter per cent from 0 to 100, with at most two decimals
cond-fault-amount = Enter an amount such as 0.20
# $most (String) - days
cond-fault-days = Enter a whole number of days from 0 to { $most }
# $day (String) - the first day that can be chosen
cond-fault-early = They can begin on { $day } at the earliest: what ended before is summed up
cond-fault-taken = Other conditions of this provider and currency begin on that day
cond-fault-provider = Choose a provider
cond-rhythm = How often it is summed up
cond-rhythm-intro = An invoice is made when a period ends. The one that has begun ends as planned.
cond-rhythm-weekly = Every week, Monday to Sunday
cond-rhythm-monthly = Every calendar month
cond-rhythm-save = Save the rhythm

# Financial providers
prov-title = Financial providers
prov-intro = Who stands as the issuer on invoices about a merchant’s transactions.
prov-legal-name = Legal name
prov-tax-number = Tax number
prov-address = Address
prov-address-hint = As it is to stand on the invoice, line by line
prov-no-address = No address yet
prov-change = Change
# $name (String) - a financial provider
prov-change-of = Change { $name }
prov-new = New provider
prov-name = Short name
prov-name-hint = By which conditions name it; it can’t be changed later
prov-form-intro = It holds for invoices from now on. Those that exist stay as they are.
prov-save = Save provider
prov-keep = Leave it as it is
prov-fault-name = Enter a short name
prov-fault-legal-name = Enter the legal name
prov-fault-taken = There is a provider of that name: change that one
