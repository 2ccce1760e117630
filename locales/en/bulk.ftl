# Bulk actions: one thing done to many payment requests.
bulk-title = Bulk actions
bulk-words = What was done to many requests at once, newest first.
bulk-caption = Bulk actions, newest first
bulk-empty-title = Nothing was done in bulk yet
bulk-empty-words = Pick requests in the list to remind their customers or to cancel them together.
bulk-col-act = Action
bulk-col-done = Done
bulk-col-who = Begun by
bulk-col-when = When
bulk-col-reason = Reason
bulk-col-outcome = Outcome
# $done (String) - how many, grouped
# $rows (String) - of how many, grouped
bulk-done-of = { $done } of { $rows }
bulk-act-remind = Reminders
bulk-act-cancel = Cancellations
bulk-state-running = In progress
bulk-state-done = Done
bulk-state-stopped = Stopped
# The bar below the list.
# $order (String) - order ID
# $customer (String) - name or address
bulk-pick = Select { $order }, { $customer }
bulk-pick-page = Select all rows of this page
bulk-bar = Selected requests
bulk-bar-picked = selected
# $shown (String) - how many, or "more than" so many
bulk-all = All { $shown } of this filter
bulk-all-uncounted = All requests of this filter
bulk-remind = Remind…
bulk-export = Export
bulk-cancel = Cancel…
# $count (Number) - how many
picked-rows = { $count ->
    [one] { $count } selected row
   *[other] { $count } selected rows
}
# $most (Number) - how many at most
picked-too-many = Select { $most } rows at most, or use a filter
# The question.
# $count (Number) - how many
# $shown (String) - the same, grouped
bulk-ask-remind = { $count ->
    [one] Remind the customer of { $shown } request?
   *[other] Remind the customers of { $shown } requests?
}
# $count (Number) - how many
# $shown (String) - the same, grouped
bulk-ask-cancel = { $count ->
    [one] Cancel { $shown } payment request?
   *[other] Cancel { $shown } payment requests?
}
bulk-remind-words = Each customer gets one more email with the same link. Requests that can no longer be paid when their turn comes are skipped.
bulk-cancel-words = Their links stop working, and customers who got the email are told. This can’t be undone. Requests that are being paid at that moment are skipped.
bulk-none-remind = None of these requests can be reminded of now
bulk-none-cancel = None of these requests can be cancelled
bulk-none-words = Nothing has been done. The reasons are below.
# $most (String) - how many, grouped
bulk-too-many-title = More than { $most } requests at once are too many
bulk-too-many-words = Nothing has been done. Narrow the filter, for example by date, and go on in parts.
bulk-rows = Requests
bulk-skipped = Skipped
# $count (Number) - how many
# $shown (String) - the same, grouped
bulk-remind-button = { $count ->
    [one] Remind { $shown } customer
   *[other] Remind of { $shown } requests
}
# $count (Number) - how many
# $shown (String) - the same, grouped
bulk-cancel-button = { $count ->
    [one] Cancel { $shown } request
   *[other] Cancel { $shown } requests
}
# $count (Number) - how many
# $shown (String) - the same, grouped
bulk-will-skip = { $count ->
    [one] { $shown } request will be skipped
   *[other] { $shown } requests will be skipped
}
bulk-skipped-caption = Requests that are skipped, with the reason
# $shown (String) - how many
bulk-first-shown = The first { $shown } of each are shown; the report has all of them.
bulk-changed = The requests have changed meanwhile: check the figures and confirm again.
# Progress and result.
# $done (String) - how many so far, grouped
# $whole (String) - of how many, grouped
bulk-running-title = { $done } of { $whole } done
bulk-running-words = You may leave this page: it goes on by itself.
bulk-stop = Stop: do no more
# $count (Number) - how many
# $shown (String) - the same, grouped
bulk-done-remind = { $count ->
    [one] { $shown } reminder sent
   *[other] { $shown } reminders sent
}
# $count (Number) - how many
# $shown (String) - the same, grouped
bulk-done-cancel = { $count ->
    [one] { $shown } request cancelled
   *[other] { $shown } requests cancelled
}
# $moment (String) - when
bulk-ended = Ended { $moment }.
bulk-stopped-words = It was stopped: what had not been done by then was not done.
# $count (Number) - how many
# $shown (String) - the same, grouped
bulk-skipped-title = { $count ->
    [one] { $shown } request skipped
   *[other] { $shown } requests skipped
}
bulk-done-rows = What it was done to
bulk-report = Report (CSV)
bulk-report-name = report
bulk-row-queued = To be done
bulk-row-reminded = Reminder sent
bulk-row-cancelled = Cancelled
# $reason (String) - why
bulk-row-skipped = Skipped: { $reason }
# Reasons.
bulk-reason-not-sent = Not sent yet
bulk-reason-open = Waits for payment
bulk-reason-processing = Being paid right now
bulk-reason-paid = Paid already
bulk-reason-expired = Expired: it can be renewed
bulk-reason-cancelled = Cancelled already
bulk-reason-failed = Payment failed: it can be replaced
bulk-reason-never-sent = Only its link was made, no email was sent
bulk-reason-not-delivered = The email did not arrive: correct the address first
bulk-reason-on-its-way = The last email is still on its way
bulk-reason-too-soon = An email left less than 10 minutes ago
bulk-reason-too-many-sends = As many emails as one request may have
bulk-reason-too-many-to-address = As many emails as one address may get in a day
bulk-reason-reminders-stopped = The customer wants no more reminders
bulk-reason-error = An error of ours: try this request by itself
bulk-reason-stopped = Stopped before its turn
activity-bulk-action-begin = Began a bulk action
activity-bulk-action-stop = Stopped a bulk action
