merchants-title = Merchants
merchants-intro = The merchants that you look after.
merchants-none-title = No merchants yet
merchants-none-words = Merchants that are assigned to you appear here.
merchants-col-merchant = Merchant
merchants-col-country = Country
merchants-col-currency = Currency
merchants-col-confirmations = Order confirmations
merchant-confirmations-words = With this on, customers get a confirmation by email after paying.
# $name (String) - a user
# $moment (String) - day and time
merchant-changed = Last changed by { $name }, { $moment }
merchant-never-changed = Never changed
merchant-facts = Facts
merchant-legal-name = Legal name
merchant-address = Address
merchant-language = Language
merchant-time-zone = Time zone
merchant-email = Email
merchant-team-title = Team
merchant-team-words = Who works for this merchant, and open invitations.
merchant-team-open = Open team
merchants-col-needed = Needs attention
needed-nothing = Nothing needs you
# $count (Number) - how many
# $shown (String) - the same, or “99+”
needed-tickets = { $count ->
    [one] { $shown } ticket waits
   *[other] { $shown } tickets wait
}
# $count (Number) - how many
# $shown (String) - the same, or “99+”
needed-requests = { $count ->
    [one] { $shown } request for a permission
   *[other] { $shown } requests for permissions
}
# $count (Number) - how many
# $shown (String) - the same, or “99+”
needed-documents = { $count ->
    [one] { $shown } document blocked
   *[other] { $shown } documents blocked
}
# $count (Number) - how many
# $shown (String) - the same, or “99+”
needed-unreached = { $count ->
    [one] { $shown } request not delivered
   *[other] { $shown } requests not delivered
}
# $count (Number) - how many
# $shown (String) - the same, or “99+”
# $days (Number) - within how many days
needed-expiring = { $count ->
    [one] { $shown } request expires within { $days } days
   *[other] { $shown } requests expire within { $days } days
}
seeking-title = Merchants that look for a success manager
seeking-words = They have opened a ticket because nobody looks after them.
seeking-since = asked
seeking-take = Look after it
hand-over-title = Hand over
hand-over-ask = Hand over…
hand-over-pick-all = Pick all merchants
# $name (String) - the merchant
hand-over-pick = Pick { $name }
# $name (String) - the merchant
hand-over-one = Hand over { $name }?
# $count (Number) - how many merchants
hand-over-several = Hand over { $count } merchants?
hand-over-words = From then on your colleague looks after them, and you no longer see them. Their owners read in their activity who it is and why.
hand-over-nobody = There is no other success manager.
hand-over-to = To whom
hand-over-reason = Why
hand-over-reason-hint = Your colleague and the merchant read it.
hand-over-button = Hand over
hand-over-fault-to = Choose a success manager
# $by (String) - a success manager
hand-over-mail-subject = { $by } has handed merchants over to you
# $by (String) - a success manager
# $merchant (String) - a merchant’s name
hand-over-mail-subject-one = { $by } has handed { $merchant } over to you
# $by (String) - a success manager
# $merchant (String) - a merchant’s name
hand-over-mail-one = { $by } has handed { $merchant } over to you. From now on you look after it.
# $by (String) - a success manager
# $count (Number) - two or more
# $merchant (String) - a merchant’s name
hand-over-mail-several = { $by } has handed { $count } merchants over to you, { $merchant } among them. From now on you look after them.
hand-over-mail-button = Open your merchants
hand-over-history = Who looked after it
hand-over-asked = The merchant had nobody and asked.
merchant-no-manager = Nobody looks after this merchant.
merchant-originators = Originators
card-title = Your card
card-intro = Merchants that you look after read this about you.
card-name = Name
card-languages = Languages
card-hours = Hours
card-hours-hint = When you can be reached, with the time zone: Monday to Friday, 9–17, Rome.
# $max (Number) - a limit
card-fault-hours = At most { $max } plain characters fit
card-save = Save card
contacts-title = Contacts
contacts-intro = Whom you can ask.
contacts-manager = Your success manager
contacts-manager-words = For your contract, new features and all that goes beyond one question.
contacts-nobody = Nobody looks after your company yet. Ask for a success manager: whoever takes over answers in the ticket.
contacts-ask = Ask for a success manager
contacts-support-words = For everyday questions, open a ticket: from a payment, support sees which one it is about.
contacts-hours-label = Working hours
# $from (String) - time of day
# $until (String) - time of day
# $zone (String) - a time zone
contacts-hours-week = Monday to Friday, { $from }–{ $until } ({ $zone })
# $from (String) - time of day
# $until (String) - time of day
# $zone (String) - a time zone
contacts-hours = { $from }–{ $until } ({ $zone })
flash-card-saved = Your card is saved.
# $count (Number) - how many merchants
# $name (String) - a success manager
flash-handed-over = { $count ->
    [one] { $name } now looks after the merchant.
   *[other] { $name } now looks after { $count } merchants.
}
# $merchant (String) - the merchant
flash-taken-over = You now look after { $merchant }.
activity-merchant-hand-over = Success manager changed
activity-user-card = Success manager: card changed
activity-field-success-manager = Success manager
activity-field-languages = Languages
activity-field-hours = Hours
