menu-accounting = Accounting
menu-documents = Documents
doc-title = Documents
# $merchant (String) - a merchant's name
doc-title-of = Documents of { $merchant }
doc-intro = Invoices, credit notes and statements. What was published never changes; what is wrong is corrected by a new document.
doc-mark-all = Mark all as read
doc-publish = Publish a document
doc-views = Views
doc-view-all = All
doc-view-unread = Unread
doc-view-invoices = Invoices
doc-view-statements = Statements
doc-search = Number or amount
doc-search-label = Search documents
doc-caption = Accounting documents
# $count (Number) - documents that fit
# $grouped (String) - the same number as the language writes it
doc-count = { $count ->
    [one] { $grouped } document
   *[other] { $grouped } documents
}
# $grouped (String) - a number as the language writes it
doc-count-more = More than { $grouped } documents
doc-first-title = No documents yet
doc-first-words = Your invoices and statements appear here as soon as they are published. A period without movements has no invoice.
doc-none-title = Nothing fits
doc-none-words = No document agrees with every filter.
doc-month-zip = Month as ZIP
doc-balance = Balance
# $currency (String) - EUR
doc-balance-owed-to-merchant = To be received, { $currency }
# $currency (String) - EUR
doc-balance-merchant-owes = To be paid, { $currency }
# $count (Number) - documents
# $grouped (String) - the same number as the language writes it
doc-balance-from = { $count ->
    [one] from { $grouped } open document
   *[other] from { $grouped } open documents
}
doc-col-kind = Document
doc-help-kind = What it is: invoice, credit note or statement.
doc-col-number = Number
doc-help-number = The document’s own number.
doc-col-state = State
doc-help-state = How far its money is.
doc-col-period = Period
doc-help-period = The days that it tells about. A filter finds each period that has a day in it.
doc-col-period-from = Period from
doc-col-period-until = Period to
doc-col-total = Total
doc-help-total = What you are to receive; negative where you are to pay. The filter takes amounts without sign.
doc-col-issued = Issued
doc-help-issued = The day on which it was issued.
doc-col-due = Due
doc-help-due = The day by which it is to be paid.
doc-col-provider = Provider
doc-help-provider = The financial provider whose money it tells about.
doc-col-unread = Unread
doc-help-unread = Whether you have opened it yourself.
doc-unread-yes = Unread
doc-unread-no = Read
doc-kind-invoice = Invoice
doc-kind-credit-note = Credit note
doc-kind-payout-statement = Payout statement
doc-kind-holdback-statement = Holdback statement
doc-state-waiting-accountant = Waiting for payment by accounting
doc-state-waiting-customer = Waiting for payment by the merchant
doc-state-waiting-accounting = Paid out, commission open
doc-state-blocked-payment = Payment stopped
doc-state-blocked-review = Under review
doc-state-blocked-information = Information missing
doc-state-paid = Paid
doc-state-cancelled = Replaced
doc-state-informative = For your information
# $day (String) - a day
doc-words-waiting-accountant = The money is sent by { $day }.
doc-words-waiting-accountant-open = The money is going to be sent.
# $day (String) - a day
doc-words-waiting-customer = The balance is negative: please pay it by { $day }.
doc-words-waiting-customer-open = The balance is negative: please pay it.
doc-words-waiting-accounting = The money was paid out; the commission is not taken yet. There is nothing to do.
doc-words-blocked-payment = The payment is stopped and looked at.
doc-words-blocked-review = The document is being reviewed.
doc-words-blocked-information = Something is missing before it can be paid: the reason says what.
doc-words-paid = The money was sent; days may pass until the bank shows it.
doc-words-cancelled = Another document has taken its place.
doc-words-informative = It tells what happened; nothing is to be paid by it.
doc-actor = Who acts
doc-actor-platform = The platform’s accounting
doc-actor-merchant = The merchant
doc-actor-nobody = Nobody
doc-source = Published
doc-source-period-end = at the end of the period
doc-source-page = by the platform’s accounting
doc-source-program = by a program of the platform
# $currency (String) - EUR
doc-total-in = Total { $currency }
# $kibibytes (String) - a number as the language writes it
doc-size = { $kibibytes } KiB
doc-size-title = Size
# $kind (String) - an invoice
# $number (String) - its number
doc-preview = Preview: { $kind } { $number }
doc-open = Open
doc-data = Data as CSV
doc-read-by = Read by
doc-read-nobody = Nobody has read it yet.
doc-mark-unread = Mark as unread
doc-move = Change the state
doc-history = History
doc-facts = Facts
doc-chain = Corrections
doc-corrects = Corrects
doc-corrected-by = Corrected by
doc-product = Central
doc-new-intro = What is published can be read by the merchant at once and never changes.
doc-new-file = PDF file
# $megabytes (Number) - the largest file
doc-new-file-hint = At most { $megabytes } MiB.
doc-new-total-hint = What the merchant is to receive; with a minus sign what it is to pay.
doc-new-corrects = Corrects the document number
doc-new-corrects-hint = Of the same provider. It is replaced by this one, unless it is paid.
doc-new-button = Publish
# $number (String) - a document's number
doc-state-title = Change the state of { $number }
doc-state-next = New state
doc-state-reason = Reason
doc-state-reason-hint = The merchant reads it. Where something is missing, say what.
doc-merchants-title = Merchants’ documents
doc-merchants-intro = The merchants that you look after, with what is open.
doc-merchants-none = No merchant is assigned to you. An administrator can do that.
doc-merchants-owed = Open
doc-merchants-blocked = Blocked
doc-merchants-newest = Newest
doc-merchant-section = Invoices, credit notes and statements of this merchant.
doc-fault-kind = Choose what it is
doc-fault-number-missing = Enter the number
doc-fault-number-taken = Another document has this number
doc-fault-day-missing = Enter the day
doc-fault-period-reversed = The period ends before it begins
doc-fault-due-before-issued = It can’t be due before it is issued
doc-fault-total = Enter an amount such as 312.44 or -177.16
doc-fault-total-minor = Enter a whole number of minor units such as 31244
# $currency (String) - EUR
doc-fault-total-decimals = { $currency } has fewer decimals
doc-fault-total-large = The total is too large
doc-fault-corrects-unknown = This merchant has no document of this number and provider
doc-fault-corrects-cancelled = That document is replaced already
doc-fault-file-missing = Choose a PDF file
doc-fault-file-empty = The file is empty
# $megabytes (Number) - the largest file
doc-fault-file-large = The file is larger than { $megabytes } MiB
doc-fault-file-not-pdf = The file is no PDF
doc-fault-file-again = Choose the file once more
doc-fault-merchant = No such merchant
doc-fault-state = Choose the new state
# $number (String) - a document's number
flash-document-published = { $number } is published.
# $number (String) - a document's number
flash-document-there = { $number } was published already: nothing has changed.
# $number (String) - a document's number
flash-document-moved = State of { $number } changed.
# $number (String) - a document's number
flash-document-read = { $number } is marked as read.
# $number (String) - a document's number
flash-document-unread = { $number } is marked as unread.
flash-documents-read = All documents are marked as read.
right-view-documents = See accounting documents
right-publish-documents = Publish documents, change their state
scope-read-documents = Read accounting documents
activity-document-publish = Document published
activity-document-move = State of a document changed
activity-document-download = Document downloaded
activity-document-download-failed = Download of a document broken off
activity-document-export = List of documents downloaded
activity-document-export-failed = Download of the list of documents broken off
# $merchant (String) - the merchant’s name
doc-elsewhere-title = This document belongs to { $merchant }
# $merchant (String) - the merchant’s name
doc-elsewhere-words = You work for { $merchant } too, but have another merchant chosen now.
# $merchant (String) - the merchant’s name
doc-elsewhere-switch = Switch to { $merchant } and open it
