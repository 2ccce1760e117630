team-title = Team
# $merchant (String) - the merchant's name
team-intro = Who works for { $merchant }, and in which role. Changes act at once.
team-invite = Invite a person
team-members = Members
team-nobody-title = Nobody is in this team
team-nobody-words = Invite the first owner by email.
team-col-person = Person
team-col-role = Role
team-col-signed-in = Last sign-in
team-col-since = In the team since
team-col-next = What to do
team-col-address = Address
team-col-until = Valid until
team-col-mail = Email
team-you = (you)
team-never = Never
team-switched-off = Account switched off
team-change = Change
team-invitations = Open invitations
team-no-invitations = No invitation is open.
# $name (String) - who invited
team-invited-by = by { $name }
team-resend = Send again
team-withdraw = Withdraw
team-mail-ready = On its way
team-mail-deferred = Delayed, we keep trying
team-mail-sent = Sent
team-mail-failed = Not delivered
team-mail-expired = Expired
team-invite-title = Invite a person to the team
# $merchant (String) - the merchant's name
team-invite-intro = The email from { $merchant } has a link that works once, for 72 hours.
team-email = Email address
team-email-hint = The address that this person uses at your identity provider.
team-email-missing = Enter an email address
team-email-wrong = No email can be sent to this address: check it
team-other-account = I mean another account with the same address
team-role = Role
team-role-missing = Choose a role
team-language = Language of the email
team-language-missing = Choose a language
team-invite-button = Send invitation
team-beyond-yours = This role may do more than yours, so you can’t give it or take it away
team-last-owner = This is the last owner: make somebody else an owner first
# $name (String) - a member
team-address-in-team = { $name } is in the team with this address already. An address does not identify an account: say below if you mean another one
# $count (Number) - the limit
team-too-many-open = { $count } invitations are open, which is as many as may be: withdraw one first
# $count (Number) - the limit
team-too-many-today = { $count } invitations were sent in 24 hours, which is as many as may be: try again tomorrow
team-change-role = Role
team-change-role-button = Save role
team-sessions = Sessions
team-sessions-words = Signs this person out of every browser. They can sign in again.
team-sessions-button = End all sessions
team-removal = Access
# $merchant (String) - the merchant's name
team-removal-hint = Takes access to { $merchant } away. What this person does for other merchants goes on.
team-removal-ask = Take access away…
# $name (String) - a member
team-removal-title = Take access away from { $name }?
# $name (String) - a member
# $merchant (String) - the merchant's name
team-removal-words = { $name } can’t do anything for { $merchant } any more, from the next click on. Open invitations that this person sent are withdrawn. Nobody is told by email; a new invitation brings the access back.
team-removal-button = Take access away
team-facts = Facts
team-account = Account
role-owner-words = Does everything, and decides who is in the team.
role-manager-words = Runs the daily business: sees all email payments, sends and cancels them.
role-accountant-words = Keeps the books: sees all email payments and changes nothing.
role-customer-care-words = Helps customers: sees all email payments, sends and cancels them.
role-clerk-words = Asks customers for money, and sees only their own requests.
role-developer-words = Connects programs: sees all email payments and makes access tokens.
role-read-only-words = Sees all email payments and changes nothing.
# $merchant (String) - the merchant's name
team-mail-subject = { $merchant } invites you to its team on Central
# $name (String) - who invites
# $until (String) - day, time and zone
team-mail-preheader = { $name } invites you. Accept by { $until }.
# $name (String) - who invites
# $merchant (String) - the merchant's name
team-mail-intro = { $name } invites you to work for { $merchant } on Central, the place for its payments.
team-mail-role = Role
team-mail-until = Valid until
team-mail-button = Open the invitation
team-mail-open = Open the invitation here:
team-mail-check-text = Before you sign in, check that the page’s address begins with
team-mail-once = The link works once, and only for this address.
# $merchant (String) - the merchant's name
team-mail-not-yours = You don’t know { $merchant }? Delete this email: nothing happens.
# $merchant (String) - the merchant's name
invitation-title = Join { $merchant }
# $name (String) - who invites
# $merchant (String) - the merchant's name
invitation-words = { $name } invites you to the team of { $merchant }.
invitation-sign-in-words = First sign in at your identity provider. Then you see who you are there, and accept.
invitation-sign-in = Sign in and go on
# $name (String) - as the provider says
# $email (String) - the verified address
invitation-identity = You are signed in at the provider as { $name }, { $email }.
# $merchant (String) - the merchant's name
invitation-accept = Work for { $merchant }
invitation-other-account = Sign in with another account
invitation-gone-title = This invitation can’t be used
invitation-gone-words = An invitation works once and for 72 hours, until it is withdrawn or a newer one replaces it. Ask whoever invited you for a new one.
invitation-other-title = This invitation is for another address
invitation-other-words = Ask for a new one for the address you use at the provider, or sign in there with the other account.
invitation-member-title = You are in this team already
invitation-member-words = Nothing was changed, and the invitation stays unused. An owner can give you another role.
invitation-account-title = This account can’t join a team
invitation-account-words = Nothing was changed. Ask the platform’s support, or sign in with another account.
permissions-title = What each role may do
# $role (String) - the reader's
permissions-intro = Your role is { $role }. An owner can give you another one.
permissions-caption = Rights in rows, roles in columns; under each right the addresses that it opens
permissions-col-right = Right
permissions-yours = your role
permissions-yes = Yes
permissions-own = Only their own
permissions-no = No
permissions-opens = Opens
permissions-takes = Sends to
permissions-no-pages = No page needs it so far.
# $count (Number) - how many there may be
team-too-many-to-address = { $count } invitations went to this address in 24 hours, which is as many as may be: try again tomorrow
