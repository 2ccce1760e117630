# $time (String) - hour and minute, 09:12
dates-today = Today { $time }
# $time (String) - hour and minute, 09:12
dates-today-within = today { $time }
