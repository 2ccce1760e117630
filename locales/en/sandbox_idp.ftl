sandbox-idp-mark = Sandbox
sandbox-idp-title = Who do you want to be?
sandbox-idp-lead = These accounts are made up. One click signs you in, there is no password.
sandbox-idp-current = Signed in
sandbox-idp-refused = This sign-in request can't be answered
sandbox-idp-refused-lead = Go back to the application and sign in again. The reason, for developers:
sandbox-idp-signed-out = You are signed out
sandbox-idp-signed-out-lead = You can close this page.
