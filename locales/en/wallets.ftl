# The wallets of Alipay+: the catalogue that the platform keeps.
wallet-title = Wallets of Alipay+
wallet-intro = Whose customers can pay with which wallet, wherever a merchant has Alipay+. A new file counts at once, everywhere.
wallet-name = Wallet
wallet-country = Customers in
wallet-pays-in = They pay in
wallet-way = How
wallet-way-qr = They scan a code
wallet-way-redirect = The wallet opens
wallet-way-both = They scan a code, or the wallet opens
# $low (String) - an amount
# $high (String) - an amount
wallet-between = { $low } to { $high }
# $low (String) - an amount
wallet-from = from { $low }
# $high (String) - an amount
wallet-up-to = up to { $high }
wallet-replace = Replace the catalogue
wallet-replace-words = Take the file that counts, change it in a spreadsheet, and send it again. Wallets that are not in the new file are no longer offered.
wallet-file = File
# $size (Number) - kilobytes
wallet-file-hint = CSV in UTF-8, { $size } KiB at most, with the columns wallet, name, country, currency, smallest, largest, way
wallet-versions = Versions
wallet-version = Version
# $version (Number) - its number
# $name (String) - who made it
wallet-version-of = Version { $version } by { $name }
# $version (Number) - its number
wallet-restores = version { $version } put back
wallet-first = The one that came with the program
wallet-count = Wallets
# $count (Number)
wallet-wallets = { $count ->
    [one] { $count } wallet
   *[other] { $count } wallets
}
wallet-counts = counts now
wallet-restore = Put back
wallet-fault-file = This file can’t be the catalogue; nothing was changed
wallet-fault-missing = Choose a file
# $size (Number) - kilobytes
wallet-fault-large = It is longer than { $size } KiB
wallet-fault-text = It is not a text in UTF-8: save it as “CSV UTF-8”
# $columns (String) - names
wallet-fault-columns = These columns are missing: { $columns }
wallet-fault-none = There is no wallet in it
# $most (Number)
wallet-fault-many = It has more than { $most } wallets
# $line (Number)
# $what (String) - what is wrong with it
wallet-fault-line = Line { $line }: { $what }
# $line (Number)
# $code (String) - of a wallet
# $first (Number) - the other line
wallet-fault-twice = Line { $line }: { $code } stands in line { $first } already
# $most (Number) - characters
wallet-fault-code = “wallet” takes small letters, digits and _, { $most } at most
# $most (Number) - characters
wallet-fault-name = “name” takes 1 to { $most } characters
# $typed (String)
wallet-fault-country = “{ $typed }” is no country of ISO 3166-1, such as CN
# $typed (String)
wallet-fault-currency = “{ $typed }” is no currency of ISO 4217, such as CNY
# $typed (String)
# $currency (String) - code
wallet-fault-amount = “{ $typed }” is no amount in { $currency }
wallet-fault-bounds = “smallest” is more than “largest”
# $typed (String)
wallet-fault-way = “{ $typed }” is not qr, redirect or both with a space between them
wallet-mine-title = Wallets your customers can pay with
wallet-mine-words = Whoever has one of these pays with it on your payment pages. You get the currency that you asked for.
# $count (Number)
# $countries (Number)
wallet-mine-off = Alipay+ is off for you; with it, customers could pay with { $count ->
    [one] { $count } wallet
   *[other] { $count } wallets
} in { $countries ->
    [one] { $countries } country
   *[other] { $countries } countries
}.
wallet-collected = Collected with wallets in the last 30 days
wallet-collected-nothing = No customer has paid with a wallet in the last 30 days. Tests don’t count.
wallet-unnamed = Wallet not named
