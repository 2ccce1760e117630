merchants-title = Esercenti
merchants-intro = Gli esercenti che segui.
merchants-none-title = Nessun esercente, per ora
merchants-none-words = Qui compaiono gli esercenti assegnati a te.
merchants-col-merchant = Esercente
merchants-col-country = Paese
merchants-col-currency = Valuta
merchants-col-confirmations = Conferme d’ordine
merchant-confirmations-words = Se sono attive, i clienti ricevono una conferma via e-mail dopo il pagamento.
merchant-changed = Ultima modifica: { $name }, { $moment }
merchant-never-changed = Mai modificate
merchant-facts = Dati
merchant-legal-name = Ragione sociale
merchant-address = Indirizzo
merchant-language = Lingua
merchant-time-zone = Fuso orario
merchant-email = E-mail
merchant-team-title = Team
merchant-team-words = Chi lavora per questo esercente, e gli inviti aperti.
merchant-team-open = Apri il team
merchants-col-needed = Da fare
needed-nothing = Tutto a posto
needed-tickets = { $count ->
    [one] { $shown } richiesta di assistenza in attesa
   *[other] { $shown } richieste di assistenza in attesa
}
needed-requests = { $count ->
    [one] { $shown } permesso richiesto
   *[other] { $shown } permessi richiesti
}
needed-documents = { $count ->
    [one] { $shown } documento bloccato
   *[other] { $shown } documenti bloccati
}
needed-unreached = { $count ->
    [one] { $shown } pagamento non recapitato
   *[other] { $shown } pagamenti non recapitati
}
needed-expiring = { $count ->
    [one] { $shown } pagamento scade entro { $days } giorni
   *[other] { $shown } pagamenti scadono entro { $days } giorni
}
seeking-title = Esercenti che cercano un success manager
seeking-words = Hanno aperto una richiesta perché nessuno li segue.
seeking-since = richiesta:
seeking-take = Seguilo tu
hand-over-title = Passaggio
hand-over-ask = Passa a un collega…
hand-over-pick-all = Scegli tutti gli esercenti
hand-over-pick = Scegli { $name }
hand-over-one = Passare { $name } a un collega?
hand-over-several = Passare { $count } esercenti a un collega?
hand-over-words = Da quel momento li segue il collega che scegli, e tu non li vedi più. I proprietari leggono nelle loro attività chi è e perché.
hand-over-nobody = Non c’è nessun altro success manager.
hand-over-to = A chi
hand-over-reason = Perché
hand-over-reason-hint = Lo leggono chi subentra e l’esercente.
hand-over-button = Passa
hand-over-fault-to = Scegli un success manager
hand-over-mail-subject = { $by } ti ha affidato degli esercenti
hand-over-mail-subject-one = { $by } ti ha affidato { $merchant }
hand-over-mail-one = { $by } ti ha affidato { $merchant }. Da ora lo segui tu.
hand-over-mail-several = { $by } ti ha affidato { $count } esercenti, tra cui { $merchant }. Da ora li segui tu.
hand-over-mail-button = Apri i tuoi esercenti
hand-over-history = Chi lo ha seguito
hand-over-asked = L’esercente non aveva un success manager e lo ha chiesto.
merchant-no-manager = Nessuno segue questo esercente.
merchant-originators = Originator
card-title = La tua scheda
card-intro = La leggono gli esercenti che segui.
card-name = Nome
card-languages = Lingue
card-hours = Orari
card-hours-hint = Quando ti si può raggiungere, con il fuso orario: da lunedì a venerdì, 9–17, ora di Roma.
card-fault-hours = Al massimo { $max } caratteri semplici
card-save = Salva la scheda
contacts-title = Contatti
contacts-intro = A chi puoi rivolgerti.
contacts-manager = Il tuo success manager
contacts-manager-words = Per il contratto, le nuove funzioni e tutto ciò che va oltre una singola domanda.
contacts-nobody = Nessuno segue ancora la tua azienda. Chiedi un success manager: chi se ne occupa ti risponde nella richiesta.
contacts-ask = Chiedi un success manager
contacts-support-words = Per le domande di ogni giorno apri una richiesta: se la apri da un pagamento, l’assistenza vede di quale si tratta.
contacts-hours-label = Orari
contacts-hours-week = Da lunedì a venerdì, { $from }–{ $until } ({ $zone })
contacts-hours = { $from }–{ $until } ({ $zone })
flash-card-saved = La tua scheda è salvata.
flash-handed-over = { $count ->
    [one] Ora è { $name } a seguire l’esercente.
   *[other] Ora è { $name } a seguire { $count } esercenti.
}
flash-taken-over = Ora segui { $merchant }.
activity-merchant-hand-over = Success manager cambiato
activity-user-card = Success manager: scheda cambiata
activity-field-success-manager = Success manager
activity-field-languages = Lingue
activity-field-hours = Orari
