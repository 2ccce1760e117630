product = Central
skip-to-content = Ir al contenido
menu = Menú
menu-label = Principal
menu-processing = Procesamiento
menu-email-payments = Pagos por correo
menu-merchants = Comercios
menu-portfolio = Cartera
switch-merchant = Cambiar de comercio
choose-merchant-title = ¿Para qué comercio quieres trabajar?
choose-merchant-here = actual
sign-out = Cerrar sesión
display-title = Idioma y apariencia
display-language = Idioma
display-theme = Apariencia
display-theme-system = Según el sistema
display-theme-light = Clara
display-theme-dark = Oscura
display-save = Guardar
breadcrumb = Ruta de navegación
error-prefix = Error:
errors-summary = { $count ->
    [one] Hay { $count } campo que corregir
   *[other] Hay { $count } campos que corregir
}
optional = (opcional)
copy = Copiar
copied = Copiado
go-back = Volver

flash-payment-sent = Solicitud { $order } en camino a { $email }.
flash-draft-saved = Borrador { $order } guardado. No se ha enviado nada.
flash-payment-cancelled = Solicitud { $order } cancelada. Su enlace ya no funciona.
flash-payment-resent = Solicitud { $order } de nuevo en camino a { $email }.
flash-merchant-chosen = Ahora trabajas para { $name }.
flash-order-confirmations-on = Los clientes de { $merchant } reciben una confirmación después de pagar.
flash-order-confirmations-off = Los clientes de { $merchant } ya no reciben una confirmación después de pagar.

problem-forbidden-title = No puedes hacer esto
problem-forbidden-words = Tu rol no lo incluye, o el formulario ha estado abierto demasiado tiempo. Vuelve atrás, recarga la página e inténtalo de nuevo; quien tiene el rol de propietario en tu empresa puede cambiar el tuyo.
problem-not-found-title = Aquí no hay nada
problem-not-found-words = La dirección puede contener una errata, o no tienes acceso a lo que buscas. Empieza de nuevo desde la lista.
problem-conflict-title = Algo ha cambiado mientras tanto
problem-conflict-words = Otra persona o el cliente se ha adelantado, así que no se ha hecho nada. Recarga la página para ver cómo está todo.
problem-too-large-title = El texto no cabe entero
problem-too-large-words = No se ha guardado nada. Acorta el texto y envíalo de nuevo.
problem-too-many-title = Demasiados intentos en poco tiempo
problem-too-many-words = Espera un minuto y vuelve a intentarlo. Los pagos no se ven afectados.
problem-internal-title = Algo ha fallado por nuestra parte
problem-internal-words = Los pagos siguen funcionando. Vuelve a intentarlo en unos minutos.
problem-unavailable-title = No podemos mostrar la página en este momento
problem-unavailable-words = Los pagos siguen funcionando. Vuelve a intentarlo en unos segundos.
problem-malformed-title = No podemos leer lo que ha llegado
problem-malformed-words = No se ha cambiado nada. Vuelve atrás y envíalo de nuevo.
problem-quote = Si continúa, escribe a asistencia e indica { $id }.
problem-home = Ir a la página de inicio
