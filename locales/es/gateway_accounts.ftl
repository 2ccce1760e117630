gwacc-title = Cuenta en la pasarela
gwacc-words = Se consulta la pasarela cada hora; la asistencia cambia estos ajustes.
gwacc-asked = Última respuesta: { $at }; sin cambios desde: { $since }.
gwacc-never = Aún no se ha consultado.
gwacc-silent = Sin respuesta ({ $at }): la pasarela no está disponible o rechaza las credenciales de este iniciador.
gwacc-ask = Consultar ahora
gwacc-warnings = Por revisar
gwacc-name = Nombre mostrado
gwacc-attempts = Intentos por pago
gwacc-terms = Condiciones
gwacc-support = Ayuda
gwacc-sender = Remitente de sus correos
gwacc-merchant = Avisa al comercio en
gwacc-methods = Qué ofrece la pasarela
gwacc-currencies = Divisas
gwacc-operation = Dinero
gwacc-sale = cobrado al momento
gwacc-authorize = primero prometido, capturado después
gwacc-as-of = A fecha de
gwacc-none = No hay ningún iniciador activo.
gwacc-warn-currency = Ningún método de la pasarela acepta { $currency }: las solicitudes en esa divisa no se pueden pagar. Pregunta a la asistencia.
gwacc-warn-attempts = En la pasarela el cliente puede intentarlo { $count ->
    [one] una vez
   *[other] { $count } veces
}; lo que aquí supere ese número no cuenta.
gwacc-warn-success = La propia pasarela escribe a los clientes que han pagado. Con las confirmaciones de pedido activas, reciben dos correos.
gwacc-warn-failure = La propia pasarela escribe a los clientes cuyo pago se ha rechazado. Con las confirmaciones de pedido activas, reciben dos correos.
gwacc-warn-alipay = Tienes Alipay+ activo, pero la pasarela no lo ofrece para ninguno de tus iniciadores: los clientes no lo ven. Abre una solicitud de asistencia.
flash-gateway-asked = La pasarela ha respondido.
flash-gateway-silent = La pasarela no ha respondido o rechaza las credenciales. Se volverá a consultar automáticamente.
