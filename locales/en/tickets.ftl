menu-support = Support
menu-tickets = Tickets
ticket-title = Support tickets
ticket-intro = Your questions to support, with their answers.
ticket-queue = Ticket queue
ticket-queue-intro = What is late or about to be stands first. Deadlines count working hours only.
ticket-new = New ticket
ticket-answers = Saved replies
ticket-first-title = No tickets yet
ticket-first-words = Ask support here, or from the page of a payment or document, or from a notification: then support sees which one it is about.
ticket-first-queue = Nothing waits for support.
ticket-tabs = Views
ticket-tab-all = All
ticket-tab-owed = Waiting for support
ticket-tab-mine = Mine
ticket-tab-nobody = Nobody’s
ticket-tab-waiting = Waiting for you
ticket-search = Number or subject
ticket-search-label = Search the tickets
ticket-caption = Tickets
ticket-none-title = Nothing fits
ticket-none-words = No ticket meets all filters.
# $grouped (String) - how many, grouped
ticket-count-more = More than { $grouped } tickets
# $count (Number) - how many
# $grouped (String) - how many, grouped
ticket-count = { $count ->
    [one] { $grouped } ticket
   *[other] { $grouped } tickets
}
ticket-nobody = Nobody
ticket-col-subject = Subject
ticket-help-subject = What the ticket says it is about.
ticket-col-state = State
ticket-help-state = Who is to act.
ticket-col-priority = Priority
ticket-help-priority = How much it presses.
ticket-col-category = Category
ticket-help-category = The field that it belongs to.
ticket-col-author = Opened by
ticket-help-author = Who asked.
ticket-col-created = Opened
ticket-help-created = When it was opened.
ticket-col-answered = Last message
ticket-help-answered = When somebody last wrote in it.
ticket-col-due = Due
ticket-help-due = By when support owes the next answer or the solution.
ticket-col-merchant = Merchant
ticket-help-merchant = Whose ticket it is.
ticket-col-assignee = Assigned to
ticket-help-assignee = Who of support answers it.
ticket-category-technical = Technical
ticket-category-email-payments = Payment page and email payments
ticket-category-transactions = Transactions and refunds
ticket-category-risk = Risk and chargebacks
ticket-category-accounting = Accounting
ticket-category-access = Account and access
ticket-category-commercial = Commercial
ticket-priority-low = Low
ticket-priority-normal = Normal
ticket-priority-high = High
ticket-priority-urgent = Urgent: payments are down
ticket-state-open = New
ticket-state-waiting-support = Waiting for support
ticket-state-waiting-merchant = Waiting for the merchant
ticket-state-solved = Solved
ticket-state-closed = Closed
ticket-due-late = Late
ticket-due-soon = Due soon
ticket-due-in-time = In time
ticket-new-intro = Say what you did, what you expected and what happened instead.
# $order_id (String) - the payment’s order ID
ticket-about-payment = About payment { $order_id }
ticket-about-shown = Support sees its amount, status, customer and dates.
# $number (Number) - the ticket’s number
ticket-follows = Goes on from ticket { $number }
ticket-choose = Choose
ticket-phone = Phone
ticket-phone-hint = Needed where it is urgent: support may call.
ticket-subject-hint = In a few words.
ticket-text = What happened
ticket-text-hint = No full card numbers: they are masked.
# $max (Number) - a limit
ticket-text-max = At most { $max } characters. Full card numbers are masked.
ticket-files = Files
ticket-files-hint = Up to 5: PDF, PNG, JPEG or text, 10 MiB each and 25 MiB together.
ticket-visibility = Who sees it
ticket-visibility-company = My company and support
ticket-visibility-private = Only me and support
ticket-new-button = Send to support
ticket-follow-up = Write a follow-up
ticket-closed-title = This ticket is closed
ticket-closed-words = Nobody can answer in it any more. A follow-up points back to it.
ticket-solved-words = It is solved. An answer opens it again; without one it closes after 14 days.
ticket-canned = Start from a saved reply
ticket-canned-button = Fill in
ticket-answer = Answer
ticket-answer-button = Send answer
ticket-solve-button = Send and mark as solved
ticket-thread = Thread
ticket-support = Support
ticket-note = Internal note
ticket-by-clock = Nobody wrote for 14 days
ticket-facts = Facts
ticket-work = Work
ticket-first-answer = First answer
ticket-solution = Solution
ticket-until = until
ticket-clock-stands = The time to answer is paused
ticket-take = Take it
ticket-pass-on = Pass on
ticket-note-label = For support only
ticket-note-hint = The merchant never sees it.
ticket-note-button = Add note
ticket-language = Language
ticket-goes-on-from = Goes on from
ticket-goes-on-in = Goes on in
ticket-payment = Email payment
ticket-watchers = Also informed
ticket-watchers-hint = They see this ticket and get its answers by email.
ticket-unfollow = Remove
ticket-follow-label = Person
ticket-follow = Inform
# $kibibytes (String) - size, grouped
ticket-size = { $kibibytes } KiB
ticket-answers-intro = Texts that support uses often. Those in the merchant’s language are offered in the ticket.
ticket-answers-none = No saved replies yet
ticket-answer-title = Title
ticket-answer-text = Text
# $fields (String) - names in braces
ticket-answer-fields = These fields are filled in: { $fields }.
ticket-answer-remove = Delete
ticket-answer-change = Change the reply
ticket-answer-new = New saved reply
ticket-answer-save = Save reply
ticket-open-from = Ask support
ticket-fault-category = Choose what it is about
ticket-fault-priority = Choose a priority
ticket-fault-phone = An urgent ticket needs a phone number
ticket-fault-empty = Write something here
# $max (Number) - a limit
ticket-fault-long = At most { $max } characters fit
ticket-fault-characters = There are characters here that can’t be seen: type the text again
ticket-fault-title = This language has a reply of this title
# $field (String) - what was typed
ticket-fault-field = There is no field called {"{"}{ $field }{"}"}
ticket-fault-full = Your tickets hold 500 MiB of files: no more fit. Send the message without them.
ticket-fault-closed = The ticket was closed meanwhile, so this was not sent. Copy it into a follow-up
# $max (Number) - a limit
ticket-fault-files-many = Send at most { $max } files with a message
# $name (String) - a name
ticket-fault-file-empty = { $name } is empty
# $name (String) - a name
ticket-fault-file-large = { $name } is larger than 10 MiB
# $name (String) - a name
ticket-fault-file-name = { $name }: give the file a plain name with one ending
# $name (String) - a name
ticket-fault-file-kind = { $name }: only PDF, PNG, JPEG and text files are taken
# $name (String) - a name
ticket-fault-file-content = { $name } is broken, or not what its name says
# $name (String) - a name
ticket-fault-file-pixels = { $name } has more than 40 megapixels
# $name (String) - a name
ticket-fault-file-active = { $name } carries a program, a form or other files: print it to a new PDF
# $name (String) - a name
ticket-fault-file-card = { $name } holds a full card number: take it out
# $number (Number) - the ticket’s number
# $subject (String) - what the ticket is about
ticket-mail-subject = Ticket { $number }: { $subject }
ticket-mail-sender = Support
# $name (String) - a name
ticket-mail-from-support = { $name } of support has answered:
# $name (String) - a name
ticket-mail-from-manager = { $name }, your success manager, has answered:
# $name (String) - a name
# $merchant (String) - the merchant’s name
ticket-mail-from-merchant = { $name } of { $merchant } has written:
ticket-mail-button = Open the ticket
ticket-mail-open = To read and answer:
ticket-mail-not-read = Answers by email are not read: answer in the ticket.
# $number (Number) - the ticket’s number
flash-ticket-opened = Ticket { $number } is with support. You get the answer by email too.
# $number (Number) - the ticket’s number
flash-ticket-answered = Your answer is in ticket { $number }
# $number (Number) - the ticket’s number
flash-ticket-solved = Ticket { $number } is solved
# $number (Number) - the ticket’s number
flash-ticket-noted = Note added to ticket { $number }
# $number (Number) - the ticket’s number
flash-ticket-assigned = Ticket { $number } is handed over
# $number (Number) - the ticket’s number
# $has (String) - who answers it
flash-ticket-passed-on = Ticket { $number } was passed on meanwhile, so nothing was done. It is assigned to: { $has }
# $number (Number) - the ticket’s number
flash-ticket-followed = The people informed of ticket { $number } have changed
# $title (String) - the answer’s title
flash-answer-saved = Reply saved: { $title }
# $title (String) - the answer’s title
flash-answer-removed = Reply deleted: { $title }
activity-group-tickets = Support tickets
activity-ticket-open = Opened a ticket
activity-ticket-answer = Answered a ticket
activity-ticket-move = Ticket: state changed
activity-ticket-assign = Ticket: handed over
activity-ticket-note = Ticket: internal note
activity-ticket-watch = Ticket: informed persons changed
activity-ticket-download = Downloaded a ticket’s file
activity-ticket-download-failed = Could not download a ticket’s file
activity-canned-answer-change = Saved reply changed
ticket-category-success-manager = Success manager
ticket-tab-waiting-merchant = Waiting for the merchant
# $kind (String) - the document’s type
# $number (String) - the document’s number
ticket-about-document = About { $kind } { $number }
ticket-about-document-shown = Support sees its type, number, period, amount and state.
# $what (String) - what was told
ticket-about-notice = About the notification “{ $what }”
ticket-about-notice-shown = Support sees what it said, when, to whom, and what became of its email.
ticket-notice = Notification
ticket-notice-at = Told
ticket-notice-to = To
ticket-notice-address = Address
ticket-notice-mail = Email
ticket-notice-no-mail = None: in the inbox only
ticket-notice-answer = The mail server’s answer
