gwacc-title = Account presso il gateway
gwacc-words = Il gateway viene interrogato ogni ora; queste impostazioni le modifica l’assistenza.
gwacc-asked = Ultima risposta: { $at }; invariata da: { $since }.
gwacc-never = Non ancora interrogato.
gwacc-silent = Nessuna risposta ({ $at }): il gateway non è raggiungibile o rifiuta le credenziali di questo originator.
gwacc-ask = Interroga ora
gwacc-warnings = Da verificare
gwacc-name = Nome mostrato
gwacc-attempts = Tentativi per pagamento
gwacc-terms = Condizioni
gwacc-support = Aiuto
gwacc-sender = Mittente delle sue e-mail
gwacc-merchant = Avvisa l’esercente a
gwacc-methods = Che cosa offre il gateway
gwacc-currencies = Valute
gwacc-operation = Denaro
gwacc-sale = prelevato subito
gwacc-authorize = prima promesso, poi incassato
gwacc-as-of = Al
gwacc-none = Nessun originator è attivo.
gwacc-warn-currency = Nessun metodo del gateway accetta { $currency }: le richieste in questa valuta non si possono pagare. Chiedi all’assistenza.
gwacc-warn-attempts = Al gateway il cliente può tentare { $count ->
    [one] una volta
   *[other] { $count } volte
}; un numero maggiore impostato qui non conta.
gwacc-warn-success = È il gateway stesso a scrivere ai clienti che hanno pagato. Se le conferme d’ordine sono attive, ricevono due e-mail.
gwacc-warn-failure = È il gateway stesso a scrivere ai clienti il cui pagamento è stato rifiutato. Se le conferme d’ordine sono attive, ricevono due e-mail.
gwacc-warn-alipay = Alipay+ è attivo per te, ma il gateway non lo offre per nessuno dei tuoi originator: i clienti non lo vedono. Apri una richiesta di assistenza.
flash-gateway-asked = Il gateway ha risposto.
flash-gateway-silent = Il gateway non ha risposto o rifiuta le credenziali. Verrà interrogato di nuovo da solo.
