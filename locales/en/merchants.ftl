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
