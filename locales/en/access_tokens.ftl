menu-access-tokens = Access tokens
access-tokens-title = Access tokens
access-tokens-intro = With a token your own programs use Central in your stead.
access-tokens-api = How the API works
access-tokens-new = New token
access-tokens-caption = Access tokens, newest first
access-tokens-none-title = No tokens yet
access-tokens-none-words = Make one for each program, so that you can revoke one without stopping the others.
access-tokens-col-name = Token
access-tokens-col-state = State
access-tokens-col-made = Created
access-tokens-col-expires = Expires
access-tokens-col-used = Last used
access-tokens-revoke = Revoke
access-token-good = Active
access-token-expired = Expired
access-token-revoked = Revoked
access-token-never-used = never
scope-read-email-payments = Read email payments
scope-write-email-payments = Create email payments, send them again, cancel them
access-token-form-title = New access token
access-token-form-intro = It works for this merchant only, and never does more than your own role may.
access-token-name = Name
access-token-name-hint = The program that will use it, such as “Shop” or “Bookkeeping”.
access-token-name-missing = Enter the name of the program
access-token-scopes = What it may do
access-token-choose-scope = Choose at least one thing that the token may do
access-token-life = How long it works
# $days (Number) - 30, 90 or 365
access-token-days = { $days } days
access-token-choose-days = Choose how long the token works
access-token-make = Create token
# $name (String) - the token’s name
access-token-made-title = Token “{ $name }” is ready
# $day (String) - weekday and day
access-token-made-until = It works until { $day }.
access-token-made-words = Copy it now: it is shown this once only. Keep it like a password.
access-token-made-token = Token
access-token-made-try = Try it in a terminal
access-token-made-done = I have kept it
# $name (String) - the token’s name
access-token-revoke-title = Revoke the token “{ $name }”?
access-token-revoke-words = Programs that use it are refused at once. This can’t be undone.
access-token-revoke-button = Revoke token
# $name (String) - the token’s name
flash-access-token-revoked = Token “{ $name }” revoked. It no longer works.
# $count (Number) - how many there may be
access-token-too-many = This merchant has { $count } working tokens, which is as many as may be: revoke one first
