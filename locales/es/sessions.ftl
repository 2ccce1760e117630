sessions-title = Sesiones
sessions-intro = Los navegadores en los que has iniciado sesión.
sessions-hint = Una sesión termina sola a los quince minutos sin uso, y a las ocho horas. Si no reconoces alguna, termínala y avisa a tu proveedor de identidad.
sessions-col-device = Navegador
sessions-col-network = Red
sessions-col-since = Inicio
sessions-col-used = Último uso
sessions-this = Este navegador
sessions-unknown-device = Navegador desconocido
sessions-unknown-network = Desconocida
sessions-end = Terminar
sessions-end-others = Terminar todas las demás
flash-sessions-ended = { $count ->
    [0] No quedaba ninguna sesión por terminar.
    [one] Una sesión ha terminado.
   *[other] { $count } sesiones han terminado.
}
