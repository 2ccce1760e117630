imports-title = Import payment requests
imports-intro = One request per row. You see what would be sent before anything is.
imports-past = Past imports
imports-past-words = Who uploaded what, and what became of it.
imports-past-caption = Imports, newest first
imports-none-title = Nothing has been imported yet
imports-none-words = With a file you ask many customers for money at once.
imports-file = File
# $rows (String) - how many rows, grouped
# $megabytes (Number) - how large
imports-file-hint = CSV, with a head row. At most { $rows } rows and { $megabytes } MB.
imports-pasted = Pasted rows
imports-in-list = Show them in the list
imports-paste = Or paste the rows
imports-paste-hint = With their head row, as copied from a spreadsheet. Not read where a file is chosen.
imports-check = Check the rows
imports-check-again = Check again
imports-columns = Columns
imports-columns-words = In any order, under these names or those of the API, in any of the four languages; separated by semicolons, commas or tabs.
imports-template = Download the template
imports-template-name = template
imports-needed = Needed.
imports-example-description = Three vases
imports-col-email = Email
imports-col-name = Name
imports-col-amount = Amount
imports-col-currency = Currency
imports-col-order-id = Order ID
imports-col-description = Description
imports-col-message = Message
imports-col-language = Language
imports-col-expires-on = Expires
imports-col-originator = Originator
imports-col-row = Row
imports-col-reason = Reason
imports-hint-email = The request goes to this address.
imports-hint-amount = As you write it: 1,830.00 or 1830.
imports-hint-currency = A code such as EUR. Chosen on the next page where it is missing.
imports-hint-order-id = Yours, not used before. The next free one where it is missing.
imports-hint-language = Of the email: it, en, es or fr.
imports-hint-expires-on = The last day to pay: 2026-12-31 or 31/12/2026.
imports-hint-originator = Its name, where you have several.
imports-file-none = Choose a file, or paste rows
# $megabytes (Number) - how large it may be
imports-file-too-large = The file is larger than { $megabytes } MB: split it
imports-file-not-text = This is no text file: in your spreadsheet, save it as CSV
imports-file-no-rows = There are no rows below the head
# $rows (String) - how many there are
# $most (String) - how many there may be
imports-file-too-many-rows = There are { $rows } rows, and { $most } at most are read at once: split the file
imports-file-too-many-columns = There are more than 100 columns: take out those that are not needed
# $names (String) - names of columns
imports-file-missing = The head row lacks: { $names }
# $name (String) - the name of a column
imports-file-twice = Two columns hold the same: { $name }
imports-row-is-longer = The row has more cells than the head: put text that holds a separator in quotation marks
imports-day-unreadable = Write the day as 2026-12-31 or 31/12/2026
imports-language-unknown = Write it, en, es or fr
imports-originator-unknown = No active originator has this name
# $column (String) - the name of a column
# $words (String) - what is wrong with its cell
imports-fault = { $column }: { $words }
imports-reason-faulty = With something to correct
imports-reason-order-id-twice = Order ID of an earlier row
imports-reason-order-id-taken = Order ID of another request
imports-reason-repeated = Same address and amount as another row, or as a request of the last 24 hours
imports-reason-failed = An error of ours: try this row again
imports-reason-stopped = Stopped before its turn
imports-state-checked = To confirm
imports-state-waiting = About to begin
imports-state-running = Sending
imports-state-done = Done
imports-state-stopped = Stopped
imports-state-undone = Undone
imports-state-discarded = Not confirmed
imports-rows = Rows
imports-made = Requests
imports-who = Uploaded by
# $count (Number) - how many
# $shown (String) - the same, grouped
imports-review-title = { $count ->
    [one] { $shown } request can be sent
   *[other] { $shown } requests can be sent
}
imports-review-words = Nothing has been sent yet.
# $count (Number) - how many
# $shown (String) - the same, grouped
imports-send-ask = { $count ->
    [one] Send { $shown } request…
   *[other] Send { $shown } requests…
}
# $count (Number) - how many
# $shown (String) - the same, grouped
imports-send = { $count ->
    [one] Send { $shown } request
   *[other] Send { $shown } requests
}
# $count (Number) - how many
# $shown (String) - the same, grouped
imports-requests = { $count ->
    [one] { $shown } request
   *[other] { $shown } requests
}
imports-other-file = Upload another file
# $moment (String) - when
# $name (String) - who
imports-same-file = The same file was uploaded before: { $moment }, by { $name }.
imports-same-file-link = See that import
# $names (String) - heads of columns
imports-unknown-columns = These columns are not read: { $names }
imports-totals = Totals per currency
# $currency (String) - a code
imports-total-in = In { $currency }
imports-settings = Where a row says nothing
imports-days-usual = As the payment page says
imports-valid-for = Valid for
# $days (Number) - how many, three or more
imports-days = { $days } days
# $count (Number) - how many
# $shown (String) - the same, grouped
imports-with-repeats = { $count ->
    [one] Also send { $shown } row with the same address and amount as another
   *[other] Also send { $shown } rows with the same address and amount as another
}
imports-left-out = Left out
# $count (Number) - how many
# $shown (String) - the same, grouped
imports-left-out-title = { $count ->
    [one] { $shown } row left out
   *[other] { $shown } rows left out
}
imports-left-out-file = Download these rows with their reasons
imports-left-out-name = left-out
imports-left-out-caption = Rows that are left out, with the reason
# $shown (String) - how many
imports-more-in-file = The first { $shown } are shown; the file has all of them.
# $first (Number) - how many are shown
# $shown (String) - how many there are
imports-first-rows = The first { $first } of { $shown }
imports-all-rows = Requests that can be sent
imports-good-caption = Rows of which requests would be made
imports-repeated-note = Same address and amount as another
imports-order-id-next = next free one
imports-kept-unconfirmed = What you do not confirm is deleted after 24 hours.
imports-confirm = Send
# $count (Number) - how many
# $shown (String) - the same, grouped
imports-confirm-title = { $count ->
    [one] Send { $shown } request?
   *[other] Send { $shown } requests?
}
# $minutes (Number) - how long
imports-confirm-words = Each customer gets an email. You then have { $minutes } minutes in which you can undo it: nothing is made before they are over.
imports-changed = The rows that can be sent have changed since you looked: check the numbers and confirm again.
imports-last-at = The last one leaves
# $moment (String) - day and time
imports-about = about { $moment }
imports-pace = Up to 400 leave in an hour, so that mailboxes take them and you can still send others.
# $count (Number) - how many
# $shown (String) - the same, grouped
# $time (String) - 10:35:20
imports-waiting-title = { $count ->
    [one] { $shown } request will be sent from { $time }
   *[other] { $shown } requests will be sent from { $time }
}
imports-waiting-words = Until then nothing is made, and you can undo it. You can leave this page.
imports-undo = Undo
imports-start = Send now
# $made (String) - how many so far
# $shown (String) - how many in all
imports-running-title = { $made } of { $shown } requests sent
imports-running-words = You can leave this page: it goes on by itself.
# $time (String) - 11:40
imports-resumes-at = It goes on at { $time }.
# $moment (String) - day and time
imports-last-leaves = The last one leaves about { $moment }.
imports-progress = How far it is
imports-stop = Stop: send no more
imports-stopped-words = It was stopped: what had not been made by then was not made.
imports-undone-title = Nothing was sent
imports-undone-words = The import was undone in time, and its rows were deleted.
imports-discarded-title = Nobody confirmed this import
imports-discarded-words = Nothing was sent, and its rows were deleted after 24 hours.
# $count (Number) - how many
# $shown (String) - the same, grouped
imports-done-title = { $count ->
    [one] { $shown } request sent
   *[other] { $shown } requests sent
}
# $moment (String) - when
imports-done-words = It ended: { $moment }.
imports-made-title = Requests made
imports-made-caption = Requests that this import made
# $day (String) - a day
imports-kept-until = What stood in the file is kept until { $day }, then deleted. The requests stay.
# $day (String) - a day
imports-forgotten = What stood in the file was deleted on { $day }. The requests stay.
flash-import-undone = Undone: nothing was sent.
list-import = Import CSV
