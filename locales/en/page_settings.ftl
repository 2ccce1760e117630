paypage-title = Payment page
paypage-intro = What your customers see when they pay, and the emails that ask them to: name, logo, colour, terms and words. Each originator has its own.
paypage-no-originator = A payment page belongs to an originator; there is none yet.
paypage-state = State
paypage-is-set-up = Set up
paypage-is-not-set-up = Not set up yet
paypage-change-it = Change
paypage-none = none
# $originator (String) - a source of income
paypage-of = Payment page of { $originator }
paypage-edit-intro = Beside the form you see the page and the email as your customers get them. What you save counts at once, for requests on their way too.
paypage-group-look = What customers recognise
paypage-displayed-name = Displayed name
paypage-displayed-name-hint = As your customers know you. Your legal name stays at the foot of each email.
paypage-sender-hint = Who the emails say that they come from. Left empty: the displayed name.
paypage-colour = Colour
paypage-colour-hint = Behind your name, which stands on it in white: #1f4e79. The pay button stays green.
paypage-logo = Logo
paypage-logo-alt = The logo as customers see it
paypage-logo-add = Add a logo
paypage-logo-replace = Replace or remove it
# $originator (String) - a source of income
paypage-logo-of = Logo of { $originator }
paypage-logo-intro = It stands above your name, on the page and in the emails. In the emails it comes along, so that nobody is told who opens them.
paypage-logo-file = Picture
paypage-logo-hint = PNG or JPEG, at most 10 MiB. Larger pictures are made smaller.
paypage-logo-upload = Use this picture
paypage-logo-remove = Remove the logo
paypage-group-rules = Help and rules
paypage-support = Where customers ask
paypage-support-hint = An email address, or a page of yours that begins with https://.
paypage-terms = Terms of sale
paypage-terms-hint = The address of the page where they stand. It begins with https://.
paypage-must-accept = Customers have to accept the terms before they pay
paypage-attempts = Attempts for each request
paypage-attempts-hint = After so many declined ones the request can’t be paid any more.
paypage-validity = Validity of a request
paypage-validity-hint = Filled in by itself; each request can have another.
# $days (Number) - how many
paypage-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
paypage-group-words = Your own words
paypage-words-hint = They follow our first sentence, in the customer’s language. Fields that are filled in:
paypage-mail-text = In the email that asks
paypage-page-text = On the page
# $language (String) - a language’s name for itself
paypage-mail-text-in = Words in the email ({ $language })
# $language (String) - a language’s name for itself
paypage-page-text-in = Words on the page ({ $language })
paypage-save = Save the page
paypage-read-only = Your role reads these settings. Owners, managers and developers change them.
paypage-preview = Preview
paypage-preview-in = Language of the preview
paypage-preview-page = The page
paypage-preview-mail = The email
# $colour (String) - as #rrggbb
# $ratio (String) - to 1
# $needed (String) - to 1
# $shade (String) - as #rrggbb
paypage-fault-contrast = White words on { $colour } are hard to read: the contrast is { $ratio } to 1, and { $needed } is needed. The nearest darker shade that works is { $shade }.
# $shade (String) - as #rrggbb
paypage-take-shade = Take { $shade }
paypage-fault-colour = Write the colour as #1f4e79
paypage-fault-name = Enter the name that customers know
paypage-fault-support-missing = Say where customers can ask
paypage-fault-support = Enter an email address, or an address that begins with https://
paypage-fault-address = Enter the whole address of a public page; it begins with https://
paypage-fault-terms = Say where the terms stand that customers have to accept
# $least (Number) - attempts
# $most (Number) - attempts
paypage-fault-attempts = Choose { $least } to { $most } attempts
paypage-fault-days = Choose one of the offered lengths
paypage-fault-no-file = Choose a picture
# $name (String) - a name
paypage-fault-logo-kind = { $name }: only PNG and JPEG pictures are taken
paypage-fault-meanwhile = Somebody has changed this page meanwhile: look at the history below. What you typed is still here; saving it replaces theirs
paypage-history = History
paypage-history-none = Nothing has been changed yet: your customers see your name and write to your address.
paypage-stands = in use
# $name (String) - a person
paypage-changed-by = { $name } changed the page
# $name (String) - a person
paypage-taken-back-by = { $name } took earlier values back
paypage-take-back = Take these values back
# $field (String) - what was changed
# $before (String) - in words
# $after (String) - in words
paypage-change = { $field }: { $before } → { $after }
paypage-change-logo-new = Logo: another picture
paypage-change-logo-none = Logo: removed
paypage-first-title = First your payment page
# $originator (String) - a source of income
paypage-first-intro = Nobody has set up the page of { $originator } yet. Check these two things once; then you go on to your request, and nothing that you typed is lost.
paypage-first-later = Logo, colour, terms and words can follow at any time: Settings, Payment page.
paypage-first-go-on = Save and go on
# $originator (String) - a source of income
flash-page-settings-saved = The payment page of { $originator } is saved.
# $originator (String) - a source of income
flash-page-settings-taken-back = The earlier values of the payment page of { $originator } are in use again.
# $originator (String) - a source of income
flash-page-set-up = The payment page of { $originator } is set up. Now the request.
activity-originator-page-settings = Payment page changed
activity-originator-page-settings-taken-back = Earlier values of a payment page taken back
# $merchant (String) - the merchant’s name
mail-support = { $merchant } also answers here:
# $merchant (String) - the merchant’s name
pay-support = Questions about the order? { $merchant } answers here
# $merchant (String) - the merchant’s name
pay-terms-accept = I have read and accept the terms of { $merchant }
pay-terms-read = Read the terms (opens a new tab)
pay-terms-missing = Accept the terms before you go on
