# $time (String) - hour and minute, 09:12
dates-today = Today { $time }
