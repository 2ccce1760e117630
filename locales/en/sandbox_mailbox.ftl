sandbox-mailbox-mark = Sandbox: no mail leaves this machine
sandbox-mailbox-title = Mailbox
# $count (Number) - how many mails are kept
sandbox-mailbox-count = { $count ->
    [one] { $count } email
   *[other] { $count } emails
}
sandbox-mailbox-empty = No emails yet
sandbox-mailbox-clear = Delete all emails
sandbox-mailbox-older = Older emails
sandbox-mailbox-newest = Newest emails
sandbox-mailbox-pages = Pages
sandbox-mailbox-back = All emails
sandbox-mailbox-missing = This email is no longer here
sandbox-mailbox-empty-lead = Whatever the application sends appears here by itself.
sandbox-mailbox-no-subject = (no subject)
sandbox-mailbox-from = From
sandbox-mailbox-to = To
sandbox-mailbox-delivered-to = Delivered to
sandbox-mailbox-reply-to = Reply to
sandbox-mailbox-date = Date
sandbox-mailbox-open-html = HTML part alone
sandbox-mailbox-open-text = Text part alone
sandbox-mailbox-open-raw = Source
sandbox-mailbox-html = The email as its reader sees it
sandbox-mailbox-text = Text part
sandbox-mailbox-headers = All headers
# $addresses (String) - addresses that are refused
sandbox-mailbox-refusals = To see a refusal, write to { $addresses }.
