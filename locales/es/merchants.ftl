merchants-title = Comercios
merchants-intro = Los comercios que llevas.
merchants-none-title = Aún no hay comercios
merchants-none-words = Los comercios que se te asignan aparecen aquí.
merchants-col-merchant = Comercio
merchants-col-country = País
merchants-col-currency = Divisa
merchants-col-confirmations = Confirmaciones de pedido
merchant-confirmations-words = Si están activadas, los clientes reciben una confirmación por correo después de pagar.
merchant-changed = Último cambio: { $name }, { $moment }
merchant-never-changed = Nunca modificadas
merchant-facts = Datos
merchant-legal-name = Razón social
merchant-address = Dirección
merchant-language = Idioma
merchant-time-zone = Zona horaria
merchant-email = Correo
merchant-team-title = Equipo
merchant-team-words = Quién trabaja para este comercio, y las invitaciones abiertas.
merchant-team-open = Abrir equipo
merchants-col-needed = Por atender
needed-nothing = Nada que hacer
needed-tickets = { $count ->
    [one] { $shown } consulta en espera
   *[other] { $shown } consultas en espera
}
needed-requests = { $count ->
    [one] { $shown } permiso solicitado
   *[other] { $shown } permisos solicitados
}
needed-documents = { $count ->
    [one] { $shown } documento bloqueado
   *[other] { $shown } documentos bloqueados
}
needed-unreached = { $count ->
    [one] { $shown } solicitud de pago no entregada
   *[other] { $shown } solicitudes de pago no entregadas
}
needed-expiring = { $count ->
    [one] { $shown } solicitud de pago vence en { $days } días como máximo
   *[other] { $shown } solicitudes de pago vencen en { $days } días como máximo
}
seeking-title = Comercios que buscan un gestor de éxito
seeking-words = Han abierto una consulta porque nadie los atiende.
seeking-since = solicitado:
seeking-take = Atenderlo
hand-over-title = Traspaso
hand-over-ask = Traspasar…
hand-over-pick-all = Elegir todos los comercios
hand-over-pick = Elegir { $name }
hand-over-one = ¿Traspasar { $name }?
hand-over-several = ¿Traspasar { $count } comercios?
hand-over-words = Desde ese momento los atiende quien elijas, y tú dejas de verlos. Sus propietarios leen en su actividad quién es y por qué.
hand-over-nobody = No hay otro gestor de éxito.
hand-over-to = A quién
hand-over-reason = Por qué
hand-over-reason-hint = Lo leen quien lo recibe y el comercio.
hand-over-button = Traspasar
hand-over-fault-to = Elige un gestor de éxito
hand-over-mail-subject = { $by } te ha pasado comercios
hand-over-mail-subject-one = { $by } te ha pasado { $merchant }
hand-over-mail-one = { $by } te ha pasado { $merchant }. Desde ahora lo atiendes tú.
hand-over-mail-several = { $by } te ha pasado { $count } comercios, entre ellos { $merchant }. Desde ahora los atiendes tú.
hand-over-mail-button = Abrir tus comercios
hand-over-history = Quién lo ha atendido
hand-over-asked = El comercio no tenía a nadie y lo pidió.
merchant-no-manager = Nadie atiende este comercio.
merchant-originators = Iniciadores
card-title = Tu ficha
card-intro = La leen los comercios que atiendes.
card-name = Nombre
card-languages = Idiomas
card-hours = Horario
card-hours-hint = Cuándo se te puede localizar, con la zona horaria: de lunes a viernes, 9–17, Madrid.
card-fault-hours = Caben como máximo { $max } caracteres sencillos
card-save = Guardar la ficha
contacts-title = Contactos
contacts-intro = A quién puedes preguntar.
contacts-manager = Tu gestor de éxito
contacts-manager-words = Para tu contrato, las nuevas funciones y todo lo que va más allá de una pregunta.
contacts-nobody = Nadie atiende aún tu empresa. Pide un gestor de éxito: quien se encargue te responde en la consulta.
contacts-ask = Pedir un gestor de éxito
contacts-support-words = Para las preguntas de cada día, abre una consulta: desde un pago, la asistencia ve de cuál se trata.
contacts-hours-label = Horario
contacts-hours-week = De lunes a viernes, { $from }–{ $until } ({ $zone })
contacts-hours = { $from }–{ $until } ({ $zone })
flash-card-saved = Tu ficha está guardada.
flash-handed-over = { $count ->
    [one] Ahora { $name } atiende el comercio.
   *[other] Ahora { $name } atiende { $count } comercios.
}
flash-taken-over = Ahora atiendes { $merchant }.
activity-merchant-hand-over = Gestor de éxito cambiado
activity-user-card = Gestor de éxito: ficha cambiada
activity-field-success-manager = Gestor de éxito
activity-field-languages = Idiomas
activity-field-hours = Horario
