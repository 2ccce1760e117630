imports-title = Importa richieste di pagamento
imports-intro = Una richiesta per riga. Vedi che cosa partirebbe prima che parta qualcosa.
imports-past = Importazioni passate
imports-past-words = Chi ha caricato che cosa, e che fine ha fatto.
imports-past-caption = Importazioni, dalla più recente
imports-none-title = Non è ancora stato importato nulla
imports-none-words = Con un file chiedi un pagamento a molti clienti in una volta sola.
imports-file = File
imports-file-hint = CSV, con una riga di intestazione. Al massimo { $rows } righe e { $megabytes } MB.
imports-pasted = Righe incollate
imports-in-list = Mostrale nell’elenco
imports-paste = Oppure incolla le righe
imports-paste-hint = Con la riga di intestazione, come copiate da un foglio di calcolo. Non si leggono se scegli un file.
imports-check = Controlla le righe
imports-check-again = Controlla di nuovo
imports-columns = Colonne
imports-columns-words = In qualsiasi ordine, con questi nomi o quelli dell’API, in una delle quattro lingue; separate da punto e virgola, virgola o tabulazione.
imports-template = Scarica il modello
imports-template-name = modello
imports-needed = Necessaria.
imports-example-description = Tre vasi
imports-col-email = E-mail
imports-col-name = Nome
imports-col-amount = Importo
imports-col-currency = Valuta
imports-col-order-id = ID ordine
imports-col-description = Descrizione
imports-col-message = Messaggio
imports-col-language = Lingua
imports-col-expires-on = Scadenza
imports-col-originator = Originator
imports-col-row = Riga
imports-col-reason = Motivo
imports-hint-email = La richiesta va a questo indirizzo.
imports-hint-amount = Come lo scrivi: 1.830,00 o 1830.
imports-hint-currency = Un codice come EUR. Se manca, lo scegli nella pagina successiva.
imports-hint-order-id = Il tuo, non ancora usato. Se manca, il prossimo libero.
imports-hint-language = Dell’e-mail: it, en, es o fr.
imports-hint-expires-on = L’ultimo giorno per pagare: 2026-12-31 o 31/12/2026.
imports-hint-originator = Il nome, se ne hai più di uno.
imports-file-none = Scegli un file o incolla le righe
imports-file-too-large = Il file supera { $megabytes } MB: dividilo
imports-file-not-text = Non è un file di testo: salvalo come CSV dal foglio di calcolo
imports-file-no-rows = Sotto l’intestazione non ci sono righe
imports-file-too-many-rows = Ci sono { $rows } righe e se ne leggono al massimo { $most } per volta: dividi il file
imports-file-too-many-columns = Ci sono più di 100 colonne: togli quelle che non servono
imports-file-missing = Nell’intestazione manca: { $names }
imports-file-twice = Due colonne contengono lo stesso dato: { $name }
imports-row-is-longer = La riga ha più celle dell’intestazione: metti tra virgolette i testi che contengono un separatore
imports-day-unreadable = Scrivi il giorno come 2026-12-31 o 31/12/2026
imports-language-unknown = Scrivi it, en, es o fr
imports-originator-unknown = Nessun originator attivo ha questo nome
imports-fault = { $column }: { $words }
imports-reason-faulty = Con qualcosa da correggere
imports-reason-order-id-twice = ID ordine di una riga precedente
imports-reason-order-id-taken = ID ordine di un’altra richiesta
imports-reason-repeated = Stesso indirizzo e importo di un’altra riga o di una richiesta delle ultime 24 ore
imports-reason-failed = Un errore nostro: riprova con questa riga
imports-reason-stopped = Fermata prima del suo turno
imports-state-checked = Da confermare
imports-state-waiting = Sta per iniziare
imports-state-running = Invio in corso
imports-state-done = Completata
imports-state-stopped = Fermata
imports-state-undone = Annullata
imports-state-discarded = Non confermata
imports-rows = Righe
imports-made = Richieste
imports-who = Caricata da
imports-review-title = { $count ->
    [one] { $shown } richiesta si può inviare
   *[other] { $shown } richieste si possono inviare
}
imports-review-words = Non è ancora partito nulla.
imports-send-ask = { $count ->
    [one] Invia { $shown } richiesta…
   *[other] Invia { $shown } richieste…
}
imports-send = { $count ->
    [one] Invia { $shown } richiesta
   *[other] Invia { $shown } richieste
}
imports-requests = { $count ->
    [one] { $shown } richiesta
   *[other] { $shown } richieste
}
imports-other-file = Carica un altro file
imports-same-file = Lo stesso file è già stato caricato: { $moment }, da { $name }.
imports-same-file-link = Vedi quella importazione
imports-unknown-columns = Queste colonne non si leggono: { $names }
imports-totals = Totali per valuta
imports-total-in = In { $currency }
imports-settings = Se una riga non lo indica
imports-days-usual = Come indica la pagina di pagamento
imports-valid-for = Valida per
imports-days = { $days } giorni
imports-with-repeats = { $count ->
    [one] Invia anche { $shown } riga con lo stesso indirizzo e importo di un’altra
   *[other] Invia anche { $shown } righe con lo stesso indirizzo e importo di un’altra
}
imports-left-out = Escluse
imports-left-out-title = { $count ->
    [one] { $shown } riga esclusa
   *[other] { $shown } righe escluse
}
imports-left-out-file = Scarica queste righe con i motivi
imports-left-out-name = righe-escluse
imports-left-out-caption = Righe escluse, con il motivo
imports-more-in-file = Sono mostrate le prime { $shown }; il file le contiene tutte.
imports-first-rows = Le prime { $first } di { $shown }
imports-all-rows = Richieste che si possono inviare
imports-good-caption = Righe da cui nascerebbero richieste
imports-repeated-note = Stesso indirizzo e importo di un’altra
imports-order-id-next = prossimo libero
imports-kept-unconfirmed = Ciò che non confermi viene eliminato dopo 24 ore.
imports-confirm = Invio
imports-confirm-title = { $count ->
    [one] Inviare { $shown } richiesta?
   *[other] Inviare { $shown } richieste?
}
imports-confirm-words = Ogni cliente riceve un’e-mail. Poi hai { $minutes } minuti per tornare indietro: fino ad allora non viene creato nulla.
imports-changed = Le righe che si possono inviare sono cambiate: controlla i numeri e conferma di nuovo.
imports-last-at = Ultimo invio
imports-about = { $moment } circa
imports-pace = Ne partono fino a 400 all’ora, così le caselle le accettano e puoi inviarne altre.
imports-waiting-title = { $count ->
    [one] { $shown } richiesta parte dalle { $time }
   *[other] { $shown } richieste partono dalle { $time }
}
imports-waiting-words = Fino ad allora non viene creato nulla e puoi annullare l’invio. Puoi lasciare questa pagina.
imports-undo = Annulla l’invio
imports-start = Invia ora
imports-running-title = { $made } richieste inviate su { $shown }
imports-running-words = Puoi lasciare questa pagina: l’invio continua da solo.
imports-resumes-at = Riprende alle { $time }.
imports-last-leaves = Ultimo invio: { $moment } circa.
imports-progress = A che punto è
imports-stop = Ferma: non inviarne altre
imports-stopped-words = È stata fermata: ciò che non era ancora stato creato non è stato creato.
imports-undone-title = Non è partito nulla
imports-undone-words = L’importazione è stata annullata in tempo e le sue righe sono state eliminate.
imports-discarded-title = Nessuno ha confermato questa importazione
imports-discarded-words = Non è partito nulla e le righe sono state eliminate dopo 24 ore.
imports-done-title = { $count ->
    [one] { $shown } richiesta inviata
   *[other] { $shown } richieste inviate
}
imports-done-words = Fine: { $moment }.
imports-made-title = Richieste create
imports-made-caption = Richieste create da questa importazione
imports-kept-until = Il contenuto del file viene conservato (fino a: { $day }), poi eliminato. Le richieste restano.
imports-forgotten = Il contenuto del file è stato eliminato ({ $day }). Le richieste restano.
flash-import-undone = Annullato: non è partito nulla.
list-import = Importa CSV
