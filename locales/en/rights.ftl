right-view-email-payments = See email payments
right-write-email-payments = Create, resend and cancel email payments
right-export = Download lists as files
right-use-api = Access tokens for the API
right-manage-team = Team and roles
right-view-activity = Activity
right-manage-merchants = Merchants in one’s care
right-use-tickets = Ask support and follow tickets
right-from-owner = An owner of your company or your success manager can give it to you.
right-from-administrator = An administrator of the platform can give it to you.

role-owner = Owner
role-manager = Manager
role-accountant = Accountant
role-customer-care = Customer care
role-clerk = Clerk
role-developer = Developer
role-read-only = Read only
role-success-manager = Success manager
role-support = Support
role-accounting = Platform accountant
role-administrator = Administrator

# $merchant (String) - the merchant’s name
# $names (String) - people, by name
right-owners = At { $merchant } these people can give it to you: { $names }.
# $names (String) - people, by name
right-managers = So can your success manager: { $names }.
# $names (String) - people, by name
right-administrators = On the platform these people can give it to you: { $names }.
right-merchants-alone = Only a merchant’s own people have it: no role of the platform does.
right-ask = Ask for it
# $right (String) - a right, as the permission matrix names it
right-ask-subject = Right needed: { $right }
# $right (String) - a right, as the permission matrix names it
# $merchant (String) - the merchant’s name
# $names (String) - people, by name
right-ask-text = For my work I need the right “{ $right }” at { $merchant }. It can be given by: { $names }.
# $email (String) - the address of who is signed in
problem-nobody-words = You are signed in as { $email }, and you are in no company’s team yet. Ask an owner of your company to invite this address under Settings, Team: the invitation comes by email.
problem-nobody-support = Nobody to ask? Write to support:
