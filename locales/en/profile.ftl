profile-title = Profile
profile-intro = How you are called, how you read, and where emails to you go.
profile-reading = Name and display
profile-name = Name
profile-name-hint = Your colleagues, and the people who look after you, see it.
profile-zone = Time zone
profile-zone-hint = Times on your pages. When a payment link ends stays the merchant’s time.
# $zone (String) - a time zone
profile-zone-usual = The merchant’s ({ $zone })
profile-fault-zone = Choose a time zone from the list
profile-save = Save profile
profile-email = Email address
profile-email-now = Now
profile-email-new = To become
profile-email-to = New address
profile-email-hint = Both addresses get an email with a link. The address changes when both have confirmed within 24 hours; until then everything goes to the old one.
profile-email-ask = Change address…
profile-email-until = Both have until
profile-email-cancel = Keep the old address
profile-confirmed = Confirmed
profile-unconfirmed = Not confirmed yet
profile-fault-name = Enter your name
profile-fault-same = This is your address already
# $max (Number) - a limit
profile-fault-often = At most { $max } changes a day. Try again tomorrow.
email-change-title = Confirm the change of address
# $name (String) - a user
# $old (String) - an address
# $new (String) - an address
email-change-words = The address of { $name } is to change from { $old } to { $new }.
email-change-confirm = Confirm
email-change-refuse = Keep the old address
email-change-half-title = Confirmed
email-change-half-words = The address changes as soon as the other one has confirmed, too: the link is in the email to that one. Your profile shows what is missing.
email-change-done-title = Your address has changed
email-change-done-words = From now on emails to you go to the new one.
email-change-cancelled-title = The address stays
email-change-cancelled-words = Nothing has changed. If you did not ask for the change, end your other sessions.
email-change-to-profile = To your profile
email-change-taken-words = Another account has the new address already, so nothing has changed. Choose another address in your profile.
email-change-gone-title = This link is of no use any more
email-change-replaced-words = Another change was asked for afterwards. Use the link in the newest email, or look in your profile at what is missing.
email-change-late-words = Links work for 24 hours. Ask for the change again in your profile.
email-change-unknown-title = We don’t know this link
email-change-unknown-words = Copy the whole address from the email. If that doesn’t help, ask for the change again in your profile.
email-change-mail-subject = Confirm the change of your email address
# $name (String) - a user
# $new (String) - an address
email-change-mail-old = { $name }, your address is to change to { $new }.
# $name (String) - a user
# $old (String) - an address
email-change-mail-new = { $name }, this address is to take the place of { $old }.
# $until (String) - day, time and zone
email-change-mail-both = Both addresses have to confirm, each by its own link, by { $until }; otherwise nothing changes. Until both have, everything goes to the old one.
email-change-mail-button = Look at the change
email-change-mail-check = Before you confirm, check that the page’s address begins with
email-change-mail-not-asked = You did not ask for this? Open the link and keep the old address.
email-change-mail-not-yours = This is not about you? Then do nothing: without you nothing changes.
email-change-mail-done-subject = Your email address has changed
# $name (String) - a user
# $new (String) - an address
email-change-mail-done = { $name }, your address is now { $new }.
email-change-mail-done-words = Both addresses have confirmed the change. Emails from Central go to the new one from now on; this was the last one here.
# $email (String) - where support reads mail
email-change-mail-not-you = It wasn’t you? Write to { $email } at once.
email-change-mail-not-you-ask = It wasn’t you? Tell an owner of your company or your success manager at once.
flash-profile-saved = Your profile is saved.
# $email (String) - an address
flash-email-change-asked = Two emails are on their way: to your address and to { $email }.
flash-email-change-cancelled = Your address stays as it is.
activity-user-profile = Profile changed
activity-user-email-ask = Change of address asked for
activity-user-email-confirm = Change of address confirmed by one side
activity-user-email-change = Address changed
activity-user-email-cancel = Change of address cancelled
activity-field-side = Side
