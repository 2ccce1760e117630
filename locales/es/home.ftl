home-title = Te damos la bienvenida
home-hello = Hola, { $name }
overview-title = Resumen
overview-needed = Por hacer
overview-untold = Aquí no ha dado tiempo a contarlo todo. Vuelve a cargar la página dentro de un momento.
overview-tickets = { $count ->
    [one] { $shown } consulta espera tu respuesta
   *[other] { $shown } consultas esperan tu respuesta
}
overview-unread = { $count ->
    [one] { $shown } documento por leer
   *[other] { $shown } documentos por leer
}
overview-refunds = { $count ->
    [one] { $shown } reembolso por aprobar
   *[other] { $shown } reembolsos por aprobar
}
overview-collected = Cobrado
overview-period = Periodo
overview-days = Últimos { $count } días
overview-zone = Días según la hora de { $zone }.
overview-collected-nothing = En estos días no se ha cobrado nada.
overview-chart = Gráfico
overview-chart-title = Cobrado por día y canal, { $currency }, del { $from } al { $until }
overview-chart-words = { $total } en total. El mejor día es el { $day }, con { $best }. Las cifras están en la tabla que sigue.
overview-chart-table = Las cifras
overview-col-day = Día
overview-col-sum = Total
overview-col-payments = Pagos
overview-channel-email = Por correo
overview-channel-ecommerce = Tienda en línea
overview-channel-in-store = Tienda física
overview-channel-virtual-terminal = Terminal virtual
overview-due = A la espera de pago
overview-due-nothing = Ninguna solicitud espera el pago.
overview-requests = { $count ->
    [one] { $grouped } solicitud
   *[other] { $grouped } solicitudes
}
overview-balance = Saldo
overview-balance-nothing = No hay nada pendiente.
overview-first-title = Empieza por aquí
overview-first-words = En cuanto pidas un pago a un cliente, esta página muestra qué hay por hacer y cuánto has cobrado.
overview-step-request = Pide un pago a un cliente
overview-step-team = Invita a tu equipo
overview-step-page = Configura tu página de pago
overview-step-confirmations = Lee qué reciben tus clientes después de pagar
overview-step-contacts = Mira a quién puedes preguntar
overview-portfolio-open = Todos los comercios
overview-merchants = Comercios
overview-needing = Por atender
overview-seeking = Sin gestor de éxito
overview-urgent = Lo primero
overview-queue-open = Toda la cola
overview-late = Con retraso
overview-nobodys = De nadie
overview-mine = Mías
overview-owed = A la espera de la asistencia
overview-held = Con documentos bloqueados
overview-documents-open = Todos los documentos
