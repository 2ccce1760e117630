checks-title = { $count ->
    [one] Una cosa que comprobar antes de enviar
   *[other] { $count } cosas que comprobar antes de enviar
}
checks-words = Nada de esto te impide enviar.
checks-held = { $count ->
    [one] Aún no se ha enviado nada: junto a la vista previa hay una cosa que comprobar.
   *[other] Aún no se ha enviado nada: junto a la vista previa hay { $count } cosas que comprobar.
}
checks-show = Mostrar
checks-send-anyway = Enviar de todos modos
checks-send-amount-anyway = Enviar de todos modos la solicitud de { $amount }
check-address = La dirección de correo parece mal escrita. ¿Querías decir { $address }?
check-address-use = Usar { $address }
check-twin = En las últimas 24 horas ya se pidió el mismo importe a la misma dirección:
check-high = Es { $times } veces tu importe habitual. La mitad de tus últimas { $count } solicitudes en esta divisa era de { $amount } como máximo.
check-low = Tu importe habitual es { $times } veces este. La mitad de tus últimas { $count } solicitudes en esta divisa era de { $amount } como mínimo.
check-today = El enlace vence hoy a las 23:59: el cliente solo tiene unas horas para pagar.
check-tomorrow = El enlace vence mañana a las 23:59: el cliente tiene poco tiempo para pagar.
check-weekend = El enlace vence antes de que acabe el fin de semana: quien solo lee correos en días laborables no podrá pagar.
