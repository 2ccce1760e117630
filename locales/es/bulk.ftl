# Acciones sobre varias solicitudes a la vez.
bulk-title = Acciones en bloque
bulk-words = Lo que se hizo con varias solicitudes a la vez, de la más reciente a la más antigua.
bulk-caption = Acciones en bloque, la más reciente primero
bulk-empty-title = Aún no hay acciones en bloque
bulk-empty-words = Selecciona solicitudes en la lista para enviar recordatorios o cancelarlas juntas.
bulk-col-act = Acción
bulk-col-done = Hechas
bulk-col-who = Iniciada por
bulk-col-when = Cuándo
bulk-col-reason = Motivo
bulk-col-outcome = Resultado
bulk-done-of = { $done } de { $rows }
bulk-act-remind = Recordatorios
bulk-act-cancel = Cancelaciones
bulk-state-running = En curso
bulk-state-done = Terminada
bulk-state-stopped = Detenida
bulk-pick = Seleccionar { $order }, { $customer }
bulk-pick-page = Seleccionar todas las filas de esta página
bulk-bar = Solicitudes seleccionadas
bulk-bar-picked = seleccionadas
bulk-all = Las { $shown } de este filtro
bulk-all-uncounted = Todas las solicitudes de este filtro
bulk-remind = Enviar recordatorios…
bulk-export = Exportar
bulk-cancel = Cancelar…
picked-rows = { $count ->
    [one] { $count } fila seleccionada
   *[other] { $count } filas seleccionadas
}
picked-too-many = Selecciona { $most } filas como máximo, o usa un filtro
bulk-ask-remind = { $count ->
    [one] ¿Enviar un recordatorio de { $shown } solicitud?
   *[other] ¿Enviar recordatorios de { $shown } solicitudes?
}
bulk-ask-cancel = { $count ->
    [one] ¿Cancelar { $shown } solicitud de pago?
   *[other] ¿Cancelar { $shown } solicitudes de pago?
}
bulk-remind-words = Cada cliente recibe otro correo con el mismo enlace. Se omiten las solicitudes que, al llegar su turno, ya no se pueden pagar.
bulk-cancel-words = Los enlaces dejan de funcionar y se avisa a los clientes que recibieron el correo. No se puede deshacer. Se omiten las solicitudes que se estén pagando en ese momento.
bulk-none-remind = De ninguna de estas solicitudes se puede enviar ahora un recordatorio
bulk-none-cancel = Ninguna de estas solicitudes se puede cancelar
bulk-none-words = No se ha hecho nada. Los motivos están abajo.
bulk-too-many-title = Más de { $most } solicitudes a la vez son demasiadas
bulk-too-many-words = No se ha hecho nada. Acota el filtro, por ejemplo por fecha, y ve por partes.
bulk-rows = Solicitudes
bulk-skipped = Omitidas
bulk-remind-button = { $count ->
    [one] Enviar { $shown } recordatorio
   *[other] Enviar { $shown } recordatorios
}
bulk-cancel-button = { $count ->
    [one] Cancelar { $shown } solicitud
   *[other] Cancelar { $shown } solicitudes
}
bulk-will-skip = { $count ->
    [one] Se omitirá { $shown } solicitud
   *[other] Se omitirán { $shown } solicitudes
}
bulk-skipped-caption = Solicitudes omitidas, con el motivo
bulk-first-shown = De cada resultado se muestran las { $shown } primeras; el informe las contiene todas.
bulk-changed = Las solicitudes han cambiado entretanto: revisa las cifras y confirma de nuevo.
bulk-running-title = { $done } de { $whole } hechas
bulk-running-words = Puedes salir de esta página: continúa sola.
bulk-stop = Detener: no hacer más
bulk-done-remind = { $count ->
    [one] { $shown } recordatorio enviado
   *[other] { $shown } recordatorios enviados
}
bulk-done-cancel = { $count ->
    [one] { $shown } solicitud cancelada
   *[other] { $shown } solicitudes canceladas
}
bulk-ended = Terminó: { $moment }.
bulk-stopped-words = Se detuvo: lo que aún no se había hecho no se hizo.
bulk-skipped-title = { $count ->
    [one] { $shown } solicitud omitida
   *[other] { $shown } solicitudes omitidas
}
bulk-done-rows = Solicitudes afectadas
bulk-report = Informe (CSV)
bulk-report-name = informe
bulk-row-queued = Por hacer
bulk-row-reminded = Recordatorio enviado
bulk-row-cancelled = Cancelada
bulk-row-skipped = Omitida: { $reason }
bulk-reason-not-sent = Aún no enviada
bulk-reason-open = Espera el pago
bulk-reason-processing = Se está pagando ahora mismo
bulk-reason-paid = Ya pagada
bulk-reason-expired = Vencida: se puede renovar
bulk-reason-cancelled = Ya cancelada
bulk-reason-failed = El pago falló: se puede sustituir
bulk-reason-never-sent = Solo se creó el enlace, no se envió ningún correo
bulk-reason-not-delivered = El correo no llegó: corrige antes la dirección
bulk-reason-on-its-way = El último correo aún está en camino
bulk-reason-too-soon = Salió un correo hace menos de 10 minutos
bulk-reason-too-many-sends = Ya tiene todos los correos que admite una solicitud
bulk-reason-too-many-to-address = La dirección ya ha recibido todos los correos que admite un día
bulk-reason-reminders-stopped = El cliente no quiere más recordatorios
bulk-reason-error = Un error nuestro: prueba con esta solicitud por separado
bulk-reason-stopped = Detenida antes de su turno
activity-bulk-action-begin = Inició una acción en bloque
activity-bulk-action-stop = Detuvo una acción en bloque
