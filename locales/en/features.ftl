feature-title = Features
feature-open = Open features
feature-card-words = Email payments and payment methods: switched on or off, now or from a day on.
# $merchant (String) - the merchant’s name
feature-intro = What { $merchant } has at its disposal. Each change stays in the history with your name and the reason, and both sides read it.
feature-mine-title = Payment methods
feature-mine-intro = What you have at your disposal, and how your customers can pay.
# $names (String) - success managers
feature-who-switches = Your success manager switches it: { $names }.
feature-nobody-switches = A success manager switches it; nobody looks after your company yet.
feature-email-payments = Email payments
feature-email-payments-words = New requests for money by email. Those that were sent stay payable.
feature-card = Cards
feature-card-pays-words = Offered on payment pages that are prepared from then on.
feature-alipay-plus = Alipay+
feature-alipay-plus-words = Wallets from Asia, offered on payment pages that are prepared from then on.
feature-on = On
feature-off = Off
feature-col-what = Feature
feature-col-state = State
feature-col-last = Last change
feature-never = None so far
feature-take-back = Take back
feature-change = Change something
feature-from = From
# $zone (String) - a time zone
feature-from-hint = Left empty: now. A day begins at midnight in { $zone }.
feature-save = Save the change
# $moment (String) - day and time
feature-on-from = On from { $moment }
# $moment (String) - day and time
feature-off-from = Off from { $moment }
feature-ledger = History of changes
feature-ledger-none = Nothing has been changed yet.
# $name (String) - a success manager
# $what (String) - a feature
feature-turned-on = { $name } switched on: { $what }
# $name (String) - a success manager
# $what (String) - a feature
feature-turned-off = { $name } switched off: { $what }
# $name (String) - a success manager
# $what (String) - a feature
feature-took-back = { $name } took a change back: { $what }
feature-took-back-words = As if it had never been made.
feature-is-taken-back = Taken back later
feature-fault-from = Choose today or a day of the next twelve months
feature-fault-state = Choose on or off
feature-fault-unchanged = Nothing changes: it stands so already
feature-fault-no-method = One payment method has to stay on: without any, nobody could pay
# $what (String) - a feature
feature-off-title = Switched off: { $what }
feature-ask = Ask for it
feature-ask-change = Ask for a change
# $what (String) - a feature
feature-ask-subject = Please change: { $what }
# $what (String) - a feature
# $merchant (String) - the merchant’s name
feature-ask-text = This is about { $what } for { $merchant }. We would like to have switched on:
# $feature (String) - a feature
flash-feature-switched = Changed: { $feature }.
# $feature (String) - a feature
flash-feature-taken-back = Change taken back: { $feature }.
activity-merchant-feature = Feature switched
activity-merchant-feature-taken-back = Change of a feature taken back
activity-field-feature = Feature
activity-field-takes-effect-at = Counts from
activity-field-taken-back = Taken back
hindrance-switched-off = Email payments are switched off for your company: your success manager can switch them on
