home-title = Ti diamo il benvenuto
home-hello = Buongiorno { $name }
overview-title = Panoramica
overview-needed = Da fare
overview-untold = Qui non è stato possibile contare tutto in tempo. Ricarica la pagina tra poco.
overview-tickets = { $count ->
    [one] { $shown } richiesta di assistenza aspetta una tua risposta
   *[other] { $shown } richieste di assistenza aspettano una tua risposta
}
overview-unread = { $count ->
    [one] { $shown } documento da leggere
   *[other] { $shown } documenti da leggere
}
overview-refunds = { $count ->
    [one] { $shown } rimborso da approvare
   *[other] { $shown } rimborsi da approvare
}
overview-collected = Incassato
overview-period = Periodo
overview-days = Ultimi { $count } giorni
overview-zone = Giorni secondo l’ora di { $zone }.
overview-collected-nothing = In questi giorni non è stato incassato nulla.
overview-chart = Grafico
overview-chart-title = Incassato per giorno e canale, { $currency }, { $from } – { $until }
overview-chart-words = Totale { $total }. Giorno migliore: { $day }, con { $best }. I numeri sono nella tabella che segue.
overview-chart-table = I numeri
overview-col-day = Giorno
overview-col-sum = Totale
overview-col-payments = Pagamenti
overview-channel-email = Via e-mail
overview-channel-ecommerce = E-commerce
overview-channel-in-store = In negozio
overview-channel-virtual-terminal = Terminale virtuale
overview-due = In attesa di pagamento
overview-due-nothing = Nessuna richiesta è in attesa di pagamento.
overview-requests = { $count ->
    [one] { $grouped } richiesta
   *[other] { $grouped } richieste
}
overview-balance = Saldo
overview-balance-nothing = Non c’è nulla in sospeso.
overview-first-title = Comincia da qui
overview-first-words = Appena chiedi un pagamento a un cliente, questa pagina mostra che cosa c’è da fare e quanto hai incassato.
overview-step-request = Chiedi un pagamento a un cliente
overview-step-team = Invita il tuo team
overview-step-page = Configura la tua pagina di pagamento
overview-step-confirmations = Leggi che cosa ricevono i tuoi clienti dopo il pagamento
overview-step-contacts = Guarda a chi puoi rivolgerti
overview-portfolio-open = Tutti gli esercenti
overview-merchants = Esercenti
overview-needing = Con cose da fare
overview-seeking = Senza success manager
overview-urgent = Prima di tutto
overview-queue-open = Tutta la coda
overview-late = In ritardo
overview-nobodys = Di nessuno
overview-mine = Mie
overview-owed = In attesa dell’assistenza
overview-held = Con documenti bloccati
overview-documents-open = Tutti i documenti
