# $count (Number) - how many things there are to look at
checks-title = { $count ->
    [one] One thing to check before sending
   *[other] { $count } things to check before sending
}
checks-words = None of this keeps you from sending.
# $count (Number) - how many things there are to look at
checks-held = { $count ->
    [one] Nothing has been sent yet: there is one thing to check beside the preview.
   *[other] Nothing has been sent yet: there are { $count } things to check beside the preview.
}
checks-show = Show
checks-send-anyway = Send anyway
# $amount (String) - the amount with its currency
checks-send-amount-anyway = Send request for { $amount } anyway
# $address (String) - the address that was probably meant
check-address = The email address looks mistyped. Did you mean { $address }?
# $address (String) - the address that was probably meant
check-address-use = Use { $address }
check-twin = The same address has been asked for the same amount within a day:
# $times (String) - how often
# $count (Number) - of how many requests
# $amount (String) - the usual amount with its currency
check-high = This is { $times } times your usual amount. Half of your last { $count } requests in this currency were for at most { $amount }.
# $times (String) - how often
# $count (Number) - of how many requests
# $amount (String) - the usual amount with its currency
check-low = Your usual amount is { $times } times this one. Half of your last { $count } requests in this currency were for at least { $amount }.
check-today = The link ends today at 23:59: the customer has only hours to pay.
check-tomorrow = The link ends tomorrow at 23:59: the customer has little time to pay.
check-weekend = The link ends before the weekend is over: whoever reads emails on working days only can’t pay.
