home-title = Welcome
# $name (String) - the user's name
home-hello = Hello { $name }
overview-title = Overview
overview-needed = To do
overview-untold = Not everything here could be counted in time. Load the page again in a moment.
# $count (Number) - how many
# $shown (String) - the same, or “99+”
overview-tickets = { $count ->
    [one] { $shown } ticket waits for you
   *[other] { $shown } tickets wait for you
}
# $count (Number) - how many
# $shown (String) - the same, or “99+”
overview-unread = { $count ->
    [one] { $shown } document to read
   *[other] { $shown } documents to read
}
# $count (Number) - refunds that wait for a second person
# $shown (String) - the same, grouped; "more than" beyond a limit
overview-refunds = { $count ->
    [one] { $shown } refund to approve
   *[other] { $shown } refunds to approve
}
overview-collected = Collected
overview-period = Period
# $count (Number) - how many days
overview-days = Last { $count } days
# $zone (String) - a time zone
overview-zone = Days by the clock of { $zone }.
overview-collected-nothing = Nothing was collected in these days.
overview-chart = Chart
# $currency (String) - a currency
# $from (String) - a day
# $until (String) - a day
overview-chart-title = Collected per day and channel, { $currency }, from { $from } to { $until }
# $total (String) - an amount
# $day (String) - a day
# $best (String) - an amount
overview-chart-words = { $total } in all. The best day is { $day } with { $best }. The numbers are in the table that follows.
overview-chart-table = The numbers
overview-col-day = Day
overview-col-sum = Total
overview-col-payments = Payments
overview-channel-email = By email
overview-channel-ecommerce = E-commerce
overview-channel-in-store = In store
overview-channel-virtual-terminal = Virtual terminal
overview-due = Waiting for payment
overview-due-nothing = No request waits for payment.
# $count (Number) - how many
# $grouped (String) - the same, as it is written
overview-requests = { $count ->
    [one] { $grouped } request
   *[other] { $grouped } requests
}
overview-balance = Balance
overview-balance-nothing = Nothing is owed.
overview-first-title = Begin here
overview-first-words = As soon as a customer is asked for money, this page shows what there is to do and what came in.
overview-step-request = Ask a customer for money
overview-step-team = Invite your team
overview-step-page = Set up your payment page
overview-step-confirmations = Read what your customers get after paying
overview-step-contacts = See whom you can ask
overview-portfolio-open = All merchants
overview-merchants = Merchants
overview-needing = To follow up
overview-seeking = Without a success manager
overview-urgent = First of all
overview-queue-open = The whole queue
overview-late = Late
overview-nobodys = Taken by nobody
overview-mine = Mine
overview-owed = Waiting for support
overview-held = With blocked documents
overview-documents-open = All documents
