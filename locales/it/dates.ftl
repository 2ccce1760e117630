dates-today = Oggi { $time }
dates-today-within = oggi { $time }
