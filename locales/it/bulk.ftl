# Azioni su più richieste insieme.
bulk-title = Azioni multiple
bulk-words = Ciò che è stato fatto su più richieste insieme, dal più recente.
bulk-caption = Azioni multiple, dalla più recente
bulk-empty-title = Ancora nessuna azione multipla
bulk-empty-words = Seleziona alcune richieste nell’elenco per sollecitarle o annullarle insieme.
bulk-col-act = Azione
bulk-col-done = Fatte
bulk-col-who = Avviata da
bulk-col-when = Quando
bulk-col-reason = Motivo
bulk-col-outcome = Esito
bulk-done-of = { $done } di { $rows }
bulk-act-remind = Promemoria
bulk-act-cancel = Annullamenti
bulk-state-running = In corso
bulk-state-done = Completata
bulk-state-stopped = Fermata
bulk-pick = Seleziona { $order }, { $customer }
bulk-pick-page = Seleziona tutte le righe di questa pagina
bulk-bar = Richieste selezionate
bulk-bar-picked = selezionate
bulk-all = Tutte le { $shown } di questo filtro
bulk-all-uncounted = Tutte le richieste di questo filtro
bulk-remind = Sollecita…
bulk-export = Esporta
bulk-cancel = Annulla…
picked-rows = { $count ->
    [one] { $count } riga selezionata
   *[other] { $count } righe selezionate
}
picked-too-many = Seleziona al massimo { $most } righe, oppure usa un filtro
bulk-ask-remind = { $count ->
    [one] Sollecitare { $shown } richiesta?
   *[other] Sollecitare { $shown } richieste?
}
bulk-ask-cancel = { $count ->
    [one] Annullare { $shown } richiesta di pagamento?
   *[other] Annullare { $shown } richieste di pagamento?
}
bulk-remind-words = Ogni cliente riceve un’altra e-mail con lo stesso link. Le richieste che al loro turno non si possono più pagare vengono saltate.
bulk-cancel-words = I link smettono di funzionare e chi ha ricevuto l’e-mail viene avvisato. L’azione è definitiva. Le richieste in corso di pagamento in quel momento vengono saltate.
bulk-none-remind = Nessuna di queste richieste si può sollecitare adesso
bulk-none-cancel = Nessuna di queste richieste si può annullare
bulk-none-words = Non è stato fatto nulla. I motivi sono qui sotto.
bulk-too-many-title = Più di { $most } richieste insieme sono troppe
bulk-too-many-words = Non è stato fatto nulla. Restringi il filtro, per esempio per data, e procedi in più volte.
bulk-rows = Richieste
bulk-skipped = Saltate
bulk-remind-button = { $count ->
    [one] Sollecita { $shown } cliente
   *[other] Sollecita { $shown } richieste
}
bulk-cancel-button = { $count ->
    [one] Annulla { $shown } richiesta
   *[other] Annulla { $shown } richieste
}
bulk-will-skip = { $count ->
    [one] { $shown } richiesta sarà saltata
   *[other] { $shown } richieste saranno saltate
}
bulk-skipped-caption = Richieste saltate, con il motivo
bulk-first-shown = Di ogni esito sono mostrate le prime { $shown }; il resoconto le contiene tutte.
bulk-changed = Nel frattempo le richieste sono cambiate: controlla i numeri e conferma di nuovo.
bulk-running-title = Fatte { $done } su { $whole }
bulk-running-words = Puoi lasciare questa pagina: l’azione continua da sola.
bulk-stop = Ferma: non farne altre
bulk-done-remind = { $count ->
    [one] { $shown } promemoria inviato
   *[other] { $shown } promemoria inviati
}
bulk-done-cancel = { $count ->
    [one] { $shown } richiesta annullata
   *[other] { $shown } richieste annullate
}
bulk-ended = Conclusa: { $moment }.
bulk-stopped-words = È stata fermata: ciò che non era ancora stato fatto non è stato fatto.
bulk-skipped-title = { $count ->
    [one] { $shown } richiesta saltata
   *[other] { $shown } richieste saltate
}
bulk-done-rows = Richieste interessate
bulk-report = Resoconto (CSV)
bulk-report-name = resoconto
bulk-row-queued = Da fare
bulk-row-reminded = Promemoria inviato
bulk-row-cancelled = Annullata
bulk-row-skipped = Saltata: { $reason }
bulk-reason-not-sent = Non ancora inviata
bulk-reason-open = In attesa di pagamento
bulk-reason-processing = In corso di pagamento proprio adesso
bulk-reason-paid = Già pagata
bulk-reason-expired = Scaduta: si può rinnovare
bulk-reason-cancelled = Già annullata
bulk-reason-failed = Pagamento non riuscito: si può sostituire
bulk-reason-never-sent = Solo il link, nessuna e-mail inviata
bulk-reason-not-delivered = L’e-mail non è arrivata: correggi prima l’indirizzo
bulk-reason-on-its-way = L’ultima e-mail è ancora in viaggio
bulk-reason-too-soon = Un’e-mail è partita meno di 10 minuti fa
bulk-reason-too-many-sends = Già tutte le e-mail che una richiesta può avere
bulk-reason-too-many-to-address = Già tutte le e-mail che un indirizzo può ricevere in un giorno
bulk-reason-reminders-stopped = Il cliente non vuole altri promemoria
bulk-reason-error = Un errore nostro: riprova solo con questa richiesta
bulk-reason-stopped = Fermata prima del suo turno
activity-bulk-action-begin = Ha avviato un’azione multipla
activity-bulk-action-stop = Ha fermato un’azione multipla
