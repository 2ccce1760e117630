dates-today = Aujourd’hui { $time }
