# Lists of all kinds: filters, chips, columns, pages.
days-today = Today
days-yesterday = Yesterday
days-seven = Last 7 days
days-thirty = Last 30 days
days-this-week = This week
days-last-week = Last week
days-this-month = This month
days-last-month = Last month
days-this-quarter = This quarter
days-this-year = This year
days-reversed = The last day comes before the first
# $most (Number) - the largest number that may be given
days-within-unreadable = Write a whole number of days, from 1 to { $most }
days-any = Any time
days-within = Within so many days
amount-between = Between
amount-is = Exactly
amount-is-not = Anything but
amount-above = More than
amount-at-least = At least
amount-below = Less than
amount-at-most = At most
amount-reversed = The second amount is smaller than the first
amount-first = Amount
amount-second = Up to
text-contains = Contains
text-is = Is
text-starts = Begins with
text-contains-not = Does not contain
text-empty = Is empty
text-filled = Is not empty
text-too-short = Type at least three characters, or choose “begins with”
# $operator (String) - contains, at least, …
# $text (String) - what is compared
chip-text = { $operator } { $text }
# $column (String) - a column's name
# $words (String) - what is asked about it
chip-column = { $column }: { $words }
# $names (String) - values that are left out
chip-none-of = not { $names }
# $days (Number) - from now on
chip-within = { $days ->
    [one] within { $days } day
   *[other] within { $days } days
}
# $from (String) - the first day
# $to (String) - the last day
chip-days = { $from } to { $to }
# $low (String) - an amount
# $high (String) - a larger amount
chip-amount-between = { $low } to { $high }
filter-operator = Comparison
filter-none-of = All but these
filter-more = More filters
page-first = First
page-previous = Previous
page-next = Next
page-last = Last
