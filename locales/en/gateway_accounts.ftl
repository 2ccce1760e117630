gwacc-title = Account at the gateway
gwacc-words = The gateway is asked every hour; support changes these settings.
# $at (String)
# $since (String)
gwacc-asked = Asked { $at }; the same since { $since }.
gwacc-never = Not asked yet.
# $at (String)
gwacc-silent = No answer { $at }: the gateway is away, or refuses the credentials of this originator.
gwacc-ask = Ask now
gwacc-warnings = To look at
gwacc-name = Displayed name
gwacc-attempts = Tries per payment
gwacc-terms = Terms
gwacc-support = Help
gwacc-sender = Sender of its emails
gwacc-merchant = Tells the merchant at
gwacc-methods = What the gateway offers
gwacc-currencies = Currencies
gwacc-operation = Money
gwacc-sale = taken at once
gwacc-authorize = promised first, captured later
gwacc-as-of = As of
gwacc-none = There is no active originator.
# $currency (String)
gwacc-warn-currency = No method at the gateway takes { $currency }: requests in it can’t be paid. Ask support.
# $count (Number)
gwacc-warn-attempts = At the gateway a customer may try { $count ->
    [one] once
   *[other] { $count } times
}; what is set here above that does not count.
gwacc-warn-success = The gateway itself writes to customers who have paid. With order confirmations on, they get two emails.
gwacc-warn-failure = The gateway itself writes to customers whose payment was declined. With order confirmations on, they get two emails.
gwacc-warn-alipay = Alipay+ is on for you, but the gateway offers it for none of your originators: customers don’t see it. Open a ticket with support.
flash-gateway-asked = The gateway has answered.
flash-gateway-silent = The gateway did not answer, or refuses the credentials. It is asked again by itself.
