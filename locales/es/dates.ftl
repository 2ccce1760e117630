dates-today = Hoy { $time }
