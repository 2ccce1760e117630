notice-paid = Payment received
notice-paid-words = A customer has paid a request.
notice-declined = Payment declined
notice-declined-words = A customer tried to pay and was declined; they can try again.
notice-undelivered = Email not delivered
notice-undelivered-words = The customer’s address does not exist, or refuses emails.
notice-expiring = Request about to expire
notice-expiring-words = 24 hours are left and the customer has not paid.
notice-answered = Support has answered
notice-answered-words = In a ticket that you opened or follow.
notice-permission-granted = You were given a permission
notice-permission-withdrawn = A permission of yours was withdrawn
notice-digest = Daily digest
channel-at-once = Email at once
channel-in-app = In the backoffice
channel-digest = Digest 08:00
notifications-always = Always available
notifications-save = Save notifications
# $moment (String) - day and time
notifications-changed = Last changed: { $moment }
# $what (String) - what is told
notifications-stopped = Ended by a link in an email: { $what }. Tick them again to get them.
reach-title = For which requests
reach-own = Only those that I have made
# $merchant (String) - the merchant’s name
reach-all = All of { $merchant }
inbox-title = Inbox
inbox-intro = What has happened, the newest first.
inbox-unread = unread
inbox-read-all = Mark all as read
inbox-none-title = Nothing new
inbox-none-words = What happens to your requests and documents appears here.
inbox-choose = Choose what you are told
inbox-newest = Newest
inbox-older = Older
delivery-send-again = Send again
# $merchant (String) - the merchant’s name
# $what (String) - what has happened
# $order (String) - the order ID
notice-mail-payment-subject = { $merchant }: { $what } ({ $order })
# $merchant (String) - the merchant’s name
notice-mail-paid-intro = A customer has paid a request of { $merchant }.
# $merchant (String) - the merchant’s name
notice-mail-declined-intro = A customer tried to pay a request of { $merchant }, and the payment was declined.
# $merchant (String) - the merchant’s name
notice-mail-undelivered-intro = An email to a customer about a payment request of { $merchant } could not be delivered. Check the address.
# $merchant (String) - the merchant’s name
notice-mail-expiring-intro = A payment request of { $merchant } ends within 24 hours and has not been paid. After that its link no longer works.
notice-mail-payment-button = Open the request
notice-mail-payment-why = You get this email because you chose it. What you get:
notice-mail-what = What
notice-mail-stop = Stop these emails
# $merchant (String) - the merchant’s name
# $count (Number) - events
digest-subject = { $merchant }: daily digest, { $count ->
    [one] { $count } event
   *[other] { $count } events
}
# $merchant (String) - the merchant’s name
digest-intro = This has happened at { $merchant } since the last digest.
# $count (Number) - events
digest-more = And { $count } more:
digest-stop = Stop the digest
stop-title = Stop these emails?
# $what (String) - what is told
# $merchant (String) - the merchant’s name
stop-words = “{ $what }” of { $merchant } will not reach you by email any more.
stop-button = Stop them
stop-done-title = Stopped
# $what (String) - what is told
# $merchant (String) - the merchant’s name
stop-done-words = “{ $what }” of { $merchant } does not reach you by email any more.
stop-undo = Take it back
stop-back-title = Taken back
# $what (String) - what is told
# $merchant (String) - the merchant’s name
stop-back-words = “{ $what }” of { $merchant } reaches you by email as before.
flash-notice-sent-again = The notice is on its way again.
flash-notifications-chosen = Notifications saved.
flash-notices-read = All are marked as read.
activity-notification-choose = Chose notifications
activity-notification-stop = Emails ended by a link
activity-notification-resume = Emails resumed by a link
activity-notification-send-again = Notice sent again
