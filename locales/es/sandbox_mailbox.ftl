sandbox-mailbox-mark = Entorno de pruebas: ningún correo sale de esta máquina
sandbox-mailbox-title = Buzón
sandbox-mailbox-count = { $count ->
    [one] { $count } correo
   *[other] { $count } correos
}
sandbox-mailbox-empty = Aún no hay correos
sandbox-mailbox-clear = Eliminar todos los correos
sandbox-mailbox-older = Correos anteriores
sandbox-mailbox-newest = Correos más recientes
sandbox-mailbox-pages = Páginas
sandbox-mailbox-back = Todos los correos
sandbox-mailbox-missing = Este correo ya no está aquí
sandbox-mailbox-empty-lead = Lo que envía la aplicación aparece aquí automáticamente.
sandbox-mailbox-no-subject = (sin asunto)
sandbox-mailbox-from = De
sandbox-mailbox-to = Para
sandbox-mailbox-delivered-to = Entregado a
sandbox-mailbox-reply-to = Responder a
sandbox-mailbox-date = Fecha
sandbox-mailbox-open-html = Solo la parte HTML
sandbox-mailbox-open-text = Solo el texto
sandbox-mailbox-open-raw = Código fuente
sandbox-mailbox-html = El correo tal como lo ve quien lo lee
sandbox-mailbox-text = Parte de texto
sandbox-mailbox-headers = Todas las cabeceras
sandbox-mailbox-refusals = Para ver un rechazo, escribe a { $addresses }.
