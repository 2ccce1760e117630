exports-title = Exports
exports-link = Export
exports-intro = Every file that left, with what proves which figures it holds: zone, filter, moment, rows and SHA-256.
exports-new = New file
exports-new-words = All rows that fit now, as of one moment, with the columns of the list:
exports-change = Change
exports-csv-hint = For Excel and LibreOffice take XLSX. CSV with semicolons opens where a comma begins decimals; CSV with commas is for programs. Amounts in CSV have a point before the decimals.
export-xlsx = XLSX
export-csv-comma = CSV, commas
export-csv-semicolon = CSV, semicolons
export-no-filter = Everything
exports-all = All files of this list
exports-own = Your files
exports-refresh = Refresh
exports-none-title = No file yet
exports-none-words = Files that you download appear here, each with its record.
exports-caption = Exports, newest first
exports-col-file = File
exports-col-filter = Filter
exports-col-rows = Rows
exports-col-state = State
exports-col-started = Started
exports-details = Details and SHA-256
exports-finished = Ended
exports-columns = Columns
exports-check = Check a file
exports-check-windows = On Windows
exports-no-hash = Only a whole file has one.
exports-stop = Stop
# $rows (Number) - how many
# $grouped (String) - the same as people write it
export-rows = { $rows ->
    [one] { $grouped } row
   *[other] { $grouped } rows
}
# $rows (String) - so far
# $total (String) - in all
export-rows-of = { $rows } of { $total } rows
export-state-running = Running
export-state-stopping = Stopping
export-state-done = Whole
export-state-broken = Broken off
export-state-stopped = Stopped
export-about = About this file
# $title (String) - the column with the date and time
export-offset = { $title }: offset from UTC
export-fact-merchant = Merchant
export-fact-list = List
export-fact-filter = Filter
export-fact-query = Filter as an address
export-fact-as-of = As of
export-fact-zone = Time zone
export-fact-rows = Rows
export-fact-by = Made by
export-fact-record = Record
