recon-title = Conciliación
right-settle-differences = Cerrar diferencias entre pagos por correo y transacciones
flash-difference-settled = La diferencia está cerrada. Puedes volver a abrirla abajo.
flash-difference-reopened = La diferencia vuelve a estar abierta.
activity-difference-settle = Diferencia entre pago y transacciones cerrada
activity-difference-reopen = Diferencia entre pago y transacciones abierta de nuevo
activity-field-difference = Diferencia
recon-intro = Indica si tus pagos por correo y las transacciones de la pasarela coinciden, y hasta dónde se ha leído la pasarela.
recon-open = Diferencias
recon-agrees = Coincide al céntimo · { $moment }
recon-agrees-words = Cada pago por correo cobrado en los últimos 40 días tiene su transacción, con el mismo importe y los mismos reembolsos.
recon-not-read = Aún sin comparar
recon-not-read-words = Las transacciones de la pasarela se leen en segundo plano. Vuelve en unos minutos.
recon-more = Se muestran las { $count } más recientes. Las anteriores ocupan el lugar de las que cierres.
recon-found = Encontrada { $moment }
recon-note = Qué has averiguado
recon-settle = Marcar como cerrada
recon-fault-gone = Esta diferencia ya no está abierta, así que tu nota no se ha guardado: «{ $note }»
recon-reopen = Abrir de nuevo
recon-settled = Cerradas
recon-read = Leído de la pasarela
recon-col-state = Estado
recon-col-last = Última lectura
recon-col-next = Próxima
recon-window = { $from } – { $until }
recon-never = Nunca
recon-state-current = Al día
recon-state-running = Leyendo
recon-state-failed = Falló, se reintenta
recon-failure-unavailable = La pasarela no respondió o rechaza las credenciales de este iniciador.
recon-failure-too-large = Para un mismo segundo, la pasarela indica más transacciones de las que se pueden leer. Debe revisarlo la asistencia.
recon-failure-internal = Algo falló por nuestra parte. Debe revisarlo la asistencia.
recon-figures = Pago por correo: { $expected } · Transacciones: { $found }
recon-unreadable-count = { $count ->
    [one] { $count } transacción
   *[other] { $count } transacciones
}
recon-missing = Pagado, pero ninguna transacción cobró el dinero
recon-missing-advice = Antes de entregar, busca el dinero en tu cuenta con el proveedor. Si no está, pregunta a la asistencia.
recon-amount = Se cobró otro importe
recon-amount-advice = Compara con tu pedido. Reembolsa lo que sobra o pide el resto al cliente.
recon-twice = Pagado más de una vez
recon-twice-advice = Reembolsa lo cobrado la segunda vez, salvo que el cliente lo quisiera así.
recon-unexpected = Se cobró dinero de un pago que no consta como pagado
recon-unexpected-advice = Reembólsalo, o entrega y anótalo aquí: la solicitud estaba cancelada o vencida cuando el cliente pagó.
recon-refunds = Los reembolsos no coinciden
recon-refunds-advice = Compara el historial del pago con sus reembolsos entre las transacciones. Si sigue así tras una hora, pregunta a la asistencia.
recon-unreadable = La pasarela comunicó algo que no se puede leer
recon-unreadable-advice = Falta en la lista de transacciones y en los extractos. Pide a la asistencia que lo revise.
tx-differences = { $count ->
    [one] { $shown } diferencia entre pagos por correo y transacciones
   *[other] { $shown } diferencias entre pagos por correo y transacciones
}
