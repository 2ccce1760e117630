dates-today = Oggi { $time }
