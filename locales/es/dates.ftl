dates-today = Hoy { $time }
dates-today-within = hoy { $time }
