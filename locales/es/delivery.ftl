undelivered-title = No entregadas
undelivered-intro = Solicitudes pendientes de pago cuyo correo no ha llegado. Corrige la dirección y reenvía desde aquí.
undelivered-count = { $count ->
    [one] { $grouped } solicitud
   *[other] { $grouped } solicitudes
}
undelivered-count-more = Más de { $grouped } solicitudes
undelivered-none-title = Todos los correos han llegado
undelivered-none-words = Por lo que nos dicen los servidores de correo, cada solicitud pendiente de pago está en manos de su cliente. Aquí no hay nada que hacer.
undelivered-to-list = Ir a los pagos por correo
undelivered-since = enviada { $moment }
undelivered-next-try = próximo intento { $moment }
undelivered-said = Respuesta del servidor de correo:
undelivered-address = Correo del cliente
undelivered-button = Corregir y reenviar
undelivered-still-tried = Seguimos probando por nuestra cuenta con esta dirección: cámbiala o espera al próximo intento
undelivered-sent = Reenviadas desde aquí
undelivered-later-bounces = Algunos servidores aceptan primero un correo y lo devuelven horas después. Esos mensajes de devolución llegan a la dirección del remitente y Central no los lee: una solicitud puede figurar como enviada y no haber llegado.

answer-unknown-mailbox = En el servidor del destinatario nadie tiene esta dirección. Pide al cliente la correcta.
answer-no-mail-server = La parte después de la @ no recibe correo: lo más probable es que esté mal escrita.
answer-mailbox-full = El buzón del cliente está lleno. Pide otra dirección o reenvía cuando haya espacio.
answer-mailbox-closed = La dirección existe, pero está cerrada. Pide otra al cliente.
answer-refused-by-rule = El servidor del destinatario toma el correo por spam o sus reglas lo prohíben. Usa otra dirección o copia el enlace de pago de la solicitud y envíalo tú.
answer-greylisted = El servidor del destinatario hace esperar a los remitentes que no conoce. Suele aceptar el siguiente intento: no tienes que hacer nada.
answer-busy = El servidor del destinatario pide que lo intentemos más tarde. Lo hacemos durante dos días.
answer-not-reached = No se pudo contactar con ningún servidor de correo. Lo intentamos durante dos días.
answer-page-not-ready = La pasarela no pudo preparar la página de pago, por lo que el correo aún no ha salido: su enlace no funcionaría. Seguimos intentándolo.
answer-suppressed = A esta dirección ya no se envía nada. Pide otra al cliente.
answer-refused = El servidor del destinatario rechaza el correo. Si su respuesta no dice por qué, pide otra dirección al cliente.
answer-not-yet = El correo aún no ha sido aceptado. Lo intentamos durante dos días.
answer-given-up = Lo intentamos durante dos días. Reenvía o copia el enlace de pago de la solicitud y envíalo tú.

visit-head-only = solo comprobó si la página existe
visit-looks-ahead = un navegador o programa de correo la cargó por adelantado
visit-no-agent = un programa sin nombre
visit-known-agent = un filtro de correo, una vista previa de enlaces u otro programa, por su nombre
visit-no-navigation = un programa leyó la página; nadie siguió el enlace
visit-no-fetch-metadata = un programa que se hace pasar por navegador
visit-no-language = un programa que se hace pasar por navegador, sin idioma
visit-too-soon = a los pocos segundos de llegar el correo, antes de que una persona pueda leerlo
visit-person = { $count ->
    [one] Página de pago abierta
   *[other] Página de pago abierta { $count } veces
}
visit-automatic = { $count ->
    [one] Visita automática del enlace
   *[other] { $count } visitas automáticas del enlace
}
visit-unsure = { $count ->
    [one] Visita del enlace, quizá automática
   *[other] { $count } visitas del enlace, quizá automáticas
}

show-visits = Visitas del enlace
show-opens = Abierto por personas
show-times = { $count ->
    [one] una vez
   *[other] { $count } veces
}
show-first-opened = La primera
show-last-opened = La última
show-never-opened = todavía no
show-scanner-visits = { $count ->
    [one] Además, 1 visita automática o dudosa.
   *[other] Además, { $count } visitas automáticas o dudosas.
}
show-scanner-hint = Los filtros de correo y las vistas previas también abren enlaces; los distinguimos por lo que dicen sus peticiones, sin certeza.
