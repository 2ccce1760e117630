imports-title = Importar solicitudes de pago
imports-intro = Una solicitud por fila. Ves lo que se enviaría antes de que se envíe nada.
imports-past = Importaciones anteriores
imports-past-words = Quién subió qué, y qué fue de ello.
imports-past-caption = Importaciones, de la más reciente a la más antigua
imports-none-title = Todavía no se ha importado nada
imports-none-words = Con un archivo pides dinero a muchos clientes a la vez.
imports-file = Archivo
imports-file-hint = CSV, con una fila de encabezado. Como máximo { $rows } filas y { $megabytes } MB.
imports-pasted = Filas pegadas
imports-in-list = Verlas en la lista
imports-paste = O pega las filas
imports-paste-hint = Con su fila de encabezado, tal como se copian de una hoja de cálculo. No se leen si eliges un archivo.
imports-check = Comprobar las filas
imports-check-again = Comprobar de nuevo
imports-columns = Columnas
imports-columns-words = En cualquier orden, con estos nombres o los de la API, en cualquiera de los cuatro idiomas; separadas por punto y coma, coma o tabulador.
imports-template = Descargar la plantilla
imports-template-name = plantilla
imports-needed = Obligatoria.
imports-example-description = Tres jarrones
imports-col-email = Correo electrónico
imports-col-name = Nombre
imports-col-amount = Importe
imports-col-currency = Divisa
imports-col-order-id = ID de pedido
imports-col-description = Descripción
imports-col-message = Mensaje
imports-col-language = Idioma
imports-col-expires-on = Vencimiento
imports-col-originator = Iniciador
imports-col-row = Fila
imports-col-reason = Motivo
imports-hint-email = La solicitud va a esta dirección.
imports-hint-amount = Como lo escribes: 1.830,00 o 1830.
imports-hint-currency = Un código como EUR. Si falta, lo eliges en la página siguiente.
imports-hint-order-id = El tuyo, sin usar. Si falta, el siguiente libre.
imports-hint-language = Del correo: it, en, es o fr.
imports-hint-expires-on = El último día para pagar: 2026-12-31 o 31/12/2026.
imports-hint-originator = Su nombre, si tienes varios.
imports-file-none = Elige un archivo o pega las filas
imports-file-too-large = El archivo supera { $megabytes } MB: divídelo
imports-file-not-text = No es un archivo de texto: guárdalo como CSV desde la hoja de cálculo
imports-file-no-rows = No hay filas bajo el encabezado
imports-file-too-many-rows = Hay { $rows } filas y se leen como máximo { $most } a la vez: divide el archivo
imports-file-too-many-columns = Hay más de 100 columnas: quita las que no hagan falta
imports-file-missing = En el encabezado falta: { $names }
imports-file-twice = Dos columnas contienen lo mismo: { $name }
imports-row-is-longer = La fila tiene más celdas que el encabezado: pon entre comillas los textos que contienen un separador
imports-day-unreadable = Escribe el día como 2026-12-31 o 31/12/2026
imports-language-unknown = Escribe it, en, es o fr
imports-originator-unknown = Ningún iniciador activo tiene este nombre
imports-fault = { $column }: { $words }
imports-reason-faulty = Con algo que corregir
imports-reason-order-id-twice = ID de pedido de una fila anterior
imports-reason-order-id-taken = ID de pedido de otra solicitud
imports-reason-repeated = Misma dirección e importe que otra fila o que una solicitud de las últimas 24 horas
imports-reason-failed = Un error nuestro: vuelve a intentarlo con esta fila
imports-reason-stopped = Detenida antes de su turno
imports-state-checked = Por confirmar
imports-state-waiting = A punto de empezar
imports-state-running = Enviando
imports-state-done = Terminada
imports-state-stopped = Detenida
imports-state-undone = Deshecha
imports-state-discarded = Sin confirmar
imports-rows = Filas
imports-made = Solicitudes
imports-who = Subida por
imports-review-title = { $count ->
    [one] { $shown } solicitud se puede enviar
   *[other] { $shown } solicitudes se pueden enviar
}
imports-review-words = Todavía no se ha enviado nada.
imports-send-ask = { $count ->
    [one] Enviar { $shown } solicitud…
   *[other] Enviar { $shown } solicitudes…
}
imports-send = { $count ->
    [one] Enviar { $shown } solicitud
   *[other] Enviar { $shown } solicitudes
}
imports-requests = { $count ->
    [one] { $shown } solicitud
   *[other] { $shown } solicitudes
}
imports-other-file = Subir otro archivo
imports-same-file = El mismo archivo ya se subió: { $moment }, por { $name }.
imports-same-file-link = Ver esa importación
imports-unknown-columns = Estas columnas no se leen: { $names }
imports-totals = Totales por divisa
imports-total-in = En { $currency }
imports-settings = Para las filas que no lo indican
imports-days-usual = Lo que indica la página de pago
imports-valid-for = Válida durante
imports-days = { $days } días
imports-with-repeats = { $count ->
    [one] Enviar también { $shown } fila con la misma dirección e importe que otra
   *[other] Enviar también { $shown } filas con la misma dirección e importe que otra
}
imports-left-out = Excluidas
imports-left-out-title = { $count ->
    [one] { $shown } fila excluida
   *[other] { $shown } filas excluidas
}
imports-left-out-file = Descargar estas filas con los motivos
imports-left-out-name = filas-excluidas
imports-left-out-caption = Filas excluidas, con el motivo
imports-more-in-file = Se muestran las primeras { $shown }; el archivo las contiene todas.
imports-first-rows = Las primeras { $first } de { $shown }
imports-all-rows = Solicitudes que se pueden enviar
imports-good-caption = Filas de las que saldrían solicitudes
imports-repeated-note = Misma dirección e importe que otra
imports-order-id-next = siguiente libre
imports-kept-unconfirmed = Lo que no confirmes se elimina a las 24 horas.
imports-confirm = Envío
imports-confirm-title = { $count ->
    [one] ¿Enviar { $shown } solicitud?
   *[other] ¿Enviar { $shown } solicitudes?
}
imports-confirm-words = Cada cliente recibe un correo. Después tienes { $minutes } minutos para deshacerlo: hasta entonces no se crea nada.
imports-changed = Las filas que se pueden enviar han cambiado: comprueba las cifras y confirma de nuevo.
imports-last-at = Último envío
imports-about = hacia { $moment }
imports-pace = Salen hasta 400 por hora, para que los buzones las acepten y puedas enviar otras.
imports-waiting-title = { $count ->
    [one] { $shown } solicitud saldrá a partir de las { $time }
   *[other] { $shown } solicitudes saldrán a partir de las { $time }
}
imports-waiting-words = Hasta entonces no se crea nada y puedes deshacerlo. Puedes salir de esta página.
imports-undo = Deshacer
imports-start = Enviar ya
imports-running-title = { $made } de { $shown } solicitudes enviadas
imports-running-words = Puedes salir de esta página: el envío sigue solo.
imports-resumes-at = Continúa a las { $time }.
imports-last-leaves = Último envío hacia { $moment }.
imports-progress = Progreso
imports-stop = Detener: no enviar más
imports-stopped-words = Se detuvo: lo que no se había creado hasta entonces no se creó.
imports-undone-title = No se envió nada
imports-undone-words = La importación se deshizo a tiempo y sus filas se eliminaron.
imports-discarded-title = Nadie confirmó esta importación
imports-discarded-words = No se envió nada y las filas se eliminaron a las 24 horas.
imports-done-title = { $count ->
    [one] { $shown } solicitud enviada
   *[other] { $shown } solicitudes enviadas
}
imports-done-words = Fin: { $moment }.
imports-made-title = Solicitudes creadas
imports-made-caption = Solicitudes creadas por esta importación
imports-kept-until = El contenido del archivo se conserva hasta el { $day } y después se elimina. Las solicitudes se quedan.
imports-forgotten = El contenido del archivo se eliminó el { $day }. Las solicitudes se quedan.
flash-import-undone = Deshecho: no se envió nada.
list-import = Importar CSV
