menu-notifications = Notifications
notice-document = New document
notice-document-words = An invoice, credit note or statement is ready. The email says type, number and period, and no amount.
# $email (String) - the reader's primary address
notifications-intro = What you are told by email, at { $email }, and who permitted it.
notifications-tab-mine = What I get
notifications-col-when = When this happens
notifications-col-granted = Permitted by
# $name (String) - who granted
# $day (String) - when
# $until (String) - a day, or no end
notifications-granted = { $name }, { $day }. Until: { $until }
# $moment (String) - day and time
notifications-waits = Asked: { $moment }. It waits for an answer
notifications-none = Not permitted yet
notifications-role = Your role does not see documents
notifications-test = Send me a test
# $notice (String) - what would be told
notifications-ask-title = Ask for “{ $notice }”
notifications-ask-words = Why you need it
notifications-ask-hint = Your success manager reads it.
notifications-ask = Ask my success manager
notifications-optional = (optional)
ledger-title = History of permissions
ledger-none = Nothing has been granted or asked for yet.
# $by (String) - a success manager
# $name (String) - a user
ledger-granted = { $by } granted a permission to { $name }
# $notice (String) - what is told
# $until (String) - a day, or no end
# $reason (String) - why
ledger-grant-words = { $notice }. Until: { $until }. “{ $reason }”
# $by (String) - a success manager
# $name (String) - a user
ledger-withdrawn = { $by } withdrew a permission of { $name }
# $name (String) - a user
ledger-ended = A permission of { $name } came to its end
# $name (String) - a user
ledger-asked = { $name } asked for a permission
# $by (String) - a success manager
# $name (String) - a user
ledger-refused = { $by } refused the request of { $name }
# $notice (String) - what is told
# $reason (String) - why
ledger-words = { $notice }. “{ $reason }”
permissions-notify-title = Notification permissions
# $merchant (String) - the merchant's name
permissions-notify-intro = Decide what the people of { $merchant } are told by email. Each choice stays in the history with your name and the reason, and both sides read it.
# $name (String) - a user
# $notice (String) - what would be told
# $moment (String) - day and time
permissions-asks = { $name } asks for “{ $notice }” ({ $moment }).
# $name (String) - a user
# $notice (String) - what would be told
# $moment (String) - day and time
# $words (String) - the user's
permissions-asks-why = { $name } asks for “{ $notice }” ({ $moment }): “{ $words }”
permissions-to-request = Go to the request
# $name (String) - a user
permissions-caption-of = Permissions of { $name }
permissions-col-kind = Permission
permissions-col-until = Until
# $name (String) - who granted
# $day (String) - when
permissions-granted = { $name }, { $day }
permissions-not-granted = Not granted
# $moment (String) - day and time
permissions-asked = Asked: { $moment }
permissions-withdraw = Withdraw…
permissions-confirm-title = Grant
# $notice (String) - what is told
# $name (String) - a user
# $email (String) - the primary address
permissions-confirm = “{ $notice }” for { $name }, by email to { $email }.
permissions-grant = Grant 1 permission
permissions-refuse = Refuse the request…
permissions-in-ledger = Your name stands beside it, on both sides
permission-no-end = no end date
permission-reason = Reason
permission-reason-hint = The merchant reads it.
permission-until-hint = The last day, whole.
permission-fault-until = Choose a day that is not over
permission-fault-has-it = This permission is granted already
permission-fault-role = This role does not see documents: change the role first
permission-fault-waits = You have asked already: your request waits for an answer
permission-fault-has-none = You have no such permission
permission-fault-just-tested = A test was sent a moment ago: wait a minute
# $name (String) - a user
# $notice (String) - what is told
permission-withdraw-title = Withdraw from { $name }: “{ $notice }”?
# $name (String) - a user
permission-withdraw-words = { $name } is told nothing more, at once. Emails that have not left yet are not sent.
permission-withdraw-button = Withdraw permission
# $name (String) - a user
# $notice (String) - what would be told
permission-refuse-title = Refuse the request of { $name }: “{ $notice }”?
# $name (String) - a user
permission-refuse-words = { $name } reads the reason, and may ask again.
permission-refuse-button = Refuse request
deliveries-title = Sent
deliveries-intro = Each notice, to whom it went, and what the mail server said.
deliveries-none-title = Nothing was sent yet
deliveries-none-words = Notices appear here when they are queued.
deliveries-col-what = Notice
deliveries-col-when = When
# $count (Number) - mails that were given up
deliveries-failed = { $count ->
    [one] One notice did not arrive: check the address.
   *[other] { $count } notices did not arrive: check the addresses.
}
deliveries-open = See which
# $count (Number) - tries
# $moment (String) - the next try
delivery-again = Tried { $count ->
    [one] { $count } time
   *[other] { $count } times
}, again { $moment }
delivery-dropped = Not sent: the permission had ended, or it was not wanted any more
delivery-test = Test
# $notice (String) - what is told
# $number (String) - the document's
delivery-what = { $notice }, { $number }
# $name (String) - a user
# $email (String) - the address
delivery-to = { $name }, { $email }
# $merchant (String) - the merchant's name
# $document (String) - its type
# $number (String) - its number
notice-mail-subject = { $merchant }: { $document } { $number } is ready
# $merchant (String) - the merchant's name
notice-mail-intro = A new document of { $merchant } is ready.
notice-mail-document = Document
notice-mail-period = Period
notice-mail-moment = Date of this notice
notice-mail-until = Valid until
notice-mail-button = Open the document
notice-mail-why = You get this email because your success manager permits it. Who permitted what:
# $merchant (String) - the merchant's name
notice-mail-test-subject = { $merchant }: test of your notifications
notice-mail-test-intro = This is the test that you asked for. Notices about new documents arrive at this address.
notice-mail-test-button = Open notifications
merchant-permissions-words = What this merchant’s people are told by email, and their requests.
merchant-permissions-open = Open permissions
# $name (String) - a user
flash-permission-granted = Permission granted to { $name }.
# $name (String) - a user
flash-permission-withdrawn = Permission of { $name } withdrawn.
# $name (String) - a user
flash-permission-refused = Request of { $name } refused.
flash-permission-asked = Asked. Your success manager sees the request.
# $email (String) - the reader's address
flash-test-notice-sent = A test is on its way to { $email }.
activity-notification-grant = Granted a notification permission
activity-notification-withdraw = Withdrew a notification permission
activity-notification-ask = Asked for a notification permission
activity-notification-refuse = Refused a notification permission
activity-notification-test = Sent a test notice
activity-field-notice = Notice
