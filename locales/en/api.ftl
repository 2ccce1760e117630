api-malformed-title = The request can’t be read
api-malformed-words = Something in the address, the headers or the body is not as this address reads it.
api-token-missing-title = A token is needed
api-token-missing-words = Send an access token in the header “Authorization: Bearer …”. Cookies and parameters are not read.
api-invalid-token-title = The token is not valid
api-invalid-token-words = It is unknown, has expired or was revoked, or its user no longer has access.
api-insufficient-scope-title = The token does not cover this
api-insufficient-scope-words = Use a token with the scope that the header WWW-Authenticate names.
api-forbidden-title = The token’s user may not do this
api-forbidden-words = The present role of the user whose token this is does not include it.
api-several-merchants-title = The token’s user works for several merchants
api-several-merchants-words = Use an access token made in Central for one merchant: no parameter chooses it.
api-not-found-title = There is no such thing
api-not-found-words = The address is wrong, or what it names is not yours to see.
api-method-not-allowed-title = The address does not know this method
api-method-not-allowed-words = The header Allow names the methods that it knows.
api-conflict-title = The state does not allow this
api-conflict-words = Nothing was done. Read the object again to see how things stand.
api-request-running-title = The same request is being worked on
api-request-running-words = A request with this Idempotency-Key has not ended yet. Send it again in a moment.
api-too-large-title = The body is too large
api-too-large-words = A body may have 256 KiB.
api-unsupported-media-type-title = The body has a type that is not read
api-unsupported-media-type-words = Send JSON with the header “Content-Type: application/json”.
api-invalid-fields-title = Some fields are wrong
api-invalid-fields-words = The list “errors” names each field and what to do about it. Nothing was done.
api-key-reused-title = The key belongs to another request
api-key-reused-words = This Idempotency-Key came with another method, address or body before. Use a new one.
api-too-many-requests-title = Too many requests
api-too-many-requests-words = Wait as many seconds as the header Retry-After says.
api-internal-title = Something went wrong on our side
api-internal-words = Nothing was done. Send it again with the same Idempotency-Key; if it fails again, quote the request’s id to support.
api-unavailable-title = Out of reach for a moment
api-unavailable-words = Whether it was done is not certain. Wait as long as Retry-After says and send it again with the same Idempotency-Key.

# $scope (String) - a word such as email_payments:read
api-needs-scope = This needs a token with the scope { $scope }.
# $right (String) - what the right is called
api-needs-right = This needs the right “{ $right }”, which the present role of the token’s user does not include.
# $line (Number) - counted from one
# $column (Number) - counted from one
api-not-json = The body is not the JSON object that this address reads: see line { $line }, column { $column }.
api-too-deep = Lists and objects may nest 32 levels deep.
api-key-missing = Send a header Idempotency-Key with a value of its own for each new request, such as a UUID: the same request again then does nothing twice.
api-key-malformed = An Idempotency-Key is one header of 1 to 255 printable ASCII characters.
# $name (String) - a parameter
api-parameter-repeated = The parameter { $name } may be given once.
api-field-unknown = There is no such field
api-parameter-unknown = There is no such parameter
api-field-text = This has to be a text
api-field-whole = This has to be a whole number of minor units, such as cents
api-field-switch = This has to be true or false

api-page-title = Central API
api-page-intro = Ask for payments by email from your own programs: the same rules and the same words as the pages of Central.
api-page-machine = The same description for machines (OpenAPI 3.1)
api-page-tokens = Access tokens are made in Central, under Settings, by owners and developers.
api-page-contents = Contents
api-page-operations = Operations
api-page-parameters = Parameters
api-page-body = Body
api-page-answers = Answers
api-page-objects = Objects
api-page-problems = Problems
api-page-problems-words = Everything that goes wrong is answered as application/problem+json (RFC 9457). Its type ends with one of these words.
api-page-name = Name
api-page-type = Type
api-page-meaning = Meaning
api-page-required = required
api-page-status = Status
# $scope (String) - a word such as email_payments:read
api-page-scope = Scope { $scope }
api-page-no-token = Needs no token
api-page-request-example = Example of a request
api-page-answer-example = Example of an answer
api-page-languages = Languages
