dates-today = Aujourd’hui { $time }
dates-today-within = aujourd’hui { $time }
