product = Central
skip-to-content = Skip to content
menu = Menu
menu-label = Main
menu-overview = Overview
menu-processing = Processing
menu-email-payments = Email payments
menu-settings = Settings
menu-merchants = Merchants
menu-portfolio = Portfolio
menu-team = Team
menu-permissions = Roles and rights
switch-merchant = Switch merchant
choose-merchant-title = Which merchant do you want to work for?
choose-merchant-here = current
sign-out = Sign out
display-title = Language and appearance
display-language = Language
display-theme = Appearance
display-theme-system = Follow the system
display-theme-light = Light
display-theme-dark = Dark
display-save = Save
breadcrumb = Breadcrumb
error-prefix = Error:
# $count (Number) - fields that are wrong
errors-summary = { $count ->
    [one] There is { $count } field to fix
   *[other] There are { $count } fields to fix
}
optional = (optional)
copy = Copy
copied = Copied
form-again = You have signed in again. Nothing has been done yet: check the form and send it once more.
go-back = Go back

# $email (String) - the customer's address
# $order (String) - the order ID
flash-payment-sent = Request { $order } is on its way to { $email }.
# $order (String) - the order ID
flash-draft-saved = Draft { $order } saved. Nothing has been sent.
# $order (String) - the order ID
flash-payment-cancelled = Request { $order } cancelled. Its link no longer works.
# $email (String) - the customer's address
# $order (String) - the order ID
flash-payment-resent = Request { $order } is on its way to { $email } again.
# $name (String) - the merchant
flash-merchant-chosen = You now work for { $name }.
# $email (String) - the invited address
flash-team-invited = Invitation on its way to { $email }.
# $email (String) - the invited address
flash-team-withdrawn = Invitation to { $email } withdrawn. Its link no longer works.
# $name (String) - a member
# $role (String) - the new role
flash-team-role = { $name } now has the role { $role }.
# $name (String) - who was a member
flash-team-removed = { $name } no longer has access.
# $name (String) - a member
flash-team-sessions-ended = All sessions of { $name } have ended.
# $merchant (String) - the merchant's name
flash-team-joined = Welcome. You now work for { $merchant }.

problem-forbidden-title = You can’t do this
problem-forbidden-words = Your account does not reach this part of the product.
# $right (String) - what the right is called
problem-forbidden-right = This needs the right “{ $right }”, which your role does not include.
problem-form-title = This form can’t be sent any more
problem-form-words = It was open for too long, or it did not come from this site. Nothing was changed. Go back, reload the page and try again.
problem-not-found-title = There is nothing here
problem-not-found-words = The address may have a typing error, or the thing is not yours to see. Start again from the list.
problem-conflict-title = Something has changed in the meantime
problem-conflict-words = Somebody or the customer was faster, so nothing was done. Reload the page to see how things stand.
problem-too-large-title = That is more than fits
problem-too-large-words = Nothing was saved. Shorten the text and send it again.
problem-too-many-title = Too many tries in a short time
problem-too-many-words = Wait a minute, then try again. Payments are not affected.
problem-internal-title = Something went wrong on our side
problem-internal-words = Payments keep working. Try again in a few minutes.
problem-unavailable-title = We can’t show this right now
problem-unavailable-words = Payments keep working. Try again in a few seconds.
problem-malformed-title = We can’t read this request
problem-malformed-words = Nothing was changed. Go back and send it again.
# $id (String) - the request id
problem-quote = If it goes on, write to support and quote { $id }.
problem-home = Go to the start page
live-ended = You have been signed out, so this page no longer follows what happens.
live-sign-in = Sign in again
live-updated = The page was updated.
# $from (String) - a day
flash-conditions-added = Conditions hold from { $from }
flash-rhythm-set = Saved. The period that has begun ends as planned; the next follows the new rhythm.
# $name (String) - a financial provider
flash-provider-saved = { $name } is saved: invoices from now on are issued so
# $added (Number)
# $changed (Number)
# $withdrawn (Number)
flash-wallets-replaced = The catalogue counts now: { $added } added, { $changed } changed, { $withdrawn } withdrawn
# $most (Number) - characters
fault-too-long = At most { $most } characters
fault-characters = It holds characters that can’t stand there
fault-day = Enter a day such as 2026-10-31
fault-currency = Enter a currency such as EUR
fault-reason = Say why
