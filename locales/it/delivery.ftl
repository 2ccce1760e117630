undelivered-title = Non recapitate
undelivered-intro = Richieste in attesa di pagamento la cui e-mail non è arrivata. Correggi l’indirizzo e reinvia da qui.
undelivered-count = { $count ->
    [one] { $grouped } richiesta
   *[other] { $grouped } richieste
}
undelivered-count-more = Più di { $grouped } richieste
undelivered-none-title = Tutte le e-mail sono arrivate
undelivered-none-words = Per quanto ci dicono i server di posta, ogni richiesta in attesa di pagamento è arrivata al suo cliente. Qui non c’è nulla da fare.
undelivered-to-list = Vai ai pagamenti via e-mail
undelivered-since = inviata { $moment }
undelivered-next-try = prossimo tentativo { $moment }
undelivered-said = Parole del server di posta:
undelivered-address = E-mail del cliente
undelivered-button = Correggi e reinvia
undelivered-still-tried = Stiamo ancora provando da soli con questo indirizzo: cambialo, o attendi il prossimo tentativo
undelivered-sent = Reinviate da qui
undelivered-later-bounces = Alcuni server prima accettano un’e-mail e la respingono ore dopo. Questi messaggi di ritorno vanno all’indirizzo del mittente e Central non li legge: una richiesta può risultare inviata e non essere arrivata.

answer-unknown-mailbox = Sul server del destinatario nessuno ha questo indirizzo. Chiedi al cliente quello giusto.
answer-no-mail-server = La parte dopo la @ non riceve posta: molto probabilmente è scritta male.
answer-mailbox-full = La casella del cliente è piena. Chiedi un altro indirizzo, o reinvia quando c’è spazio.
answer-mailbox-closed = L’indirizzo esiste, ma è chiuso. Chiedi al cliente un altro indirizzo.
answer-refused-by-rule = Il server del destinatario tratta l’e-mail come spam, o le sue regole la vietano. Usa un altro indirizzo, o copia il link di pagamento dalla richiesta e mandalo tu.
answer-greylisted = Il server del destinatario fa aspettare i mittenti che non conosce. Di solito accetta il tentativo successivo: non devi fare nulla.
answer-busy = Il server del destinatario chiede di riprovare più tardi. Riproviamo per due giorni.
answer-not-reached = Nessun server di posta è raggiungibile. Riproviamo per due giorni.
answer-page-not-ready = Il gateway non ha potuto preparare la pagina di pagamento, perciò l’e-mail non è ancora partita: il link non funzionerebbe. Continuiamo a provare.
answer-suppressed = A questo indirizzo non si invia più nulla. Chiedi al cliente un altro indirizzo.
answer-refused = Il server del destinatario rifiuta l’e-mail. Se le sue parole non dicono perché, chiedi al cliente un altro indirizzo.
answer-not-yet = L’e-mail non è ancora stata accettata. Riproviamo per due giorni.
answer-given-up = Abbiamo provato per due giorni. Reinvia, o copia il link di pagamento dalla richiesta e mandalo tu.

visit-head-only = ha solo controllato se la pagina esiste
visit-looks-ahead = un browser o un programma di posta l’ha caricata in anticipo
visit-no-agent = un programma senza nome
visit-known-agent = un filtro di posta, un’anteprima di link o un altro programma, dal suo nome
visit-no-navigation = un programma ha letto la pagina; nessuno ha seguito il link
visit-no-fetch-metadata = un programma che si finge un browser
visit-no-language = un programma che si finge un browser, senza lingua
visit-too-soon = a pochi secondi dall’arrivo dell’e-mail, prima che una persona possa leggerla
visit-person = { $count ->
    [one] Pagina di pagamento aperta
   *[other] Pagina di pagamento aperta { $count } volte
}
visit-automatic = { $count ->
    [one] Visita automatica del link
   *[other] { $count } visite automatiche del link
}
visit-unsure = { $count ->
    [one] Visita del link, forse automatica
   *[other] { $count } visite del link, forse automatiche
}

show-visits = Visite del link
show-opens = Aperto da persone
show-times = { $count ->
    [one] una volta
   *[other] { $count } volte
}
show-first-opened = La prima volta
show-last-opened = L’ultima volta
show-never-opened = non ancora
show-scanner-visits = { $count ->
    [one] Inoltre 1 visita automatica o incerta.
   *[other] Inoltre { $count } visite automatiche o incerte.
}
show-scanner-hint = Anche i filtri di posta e le anteprime aprono i link; li distinguiamo da ciò che dicono le loro richieste, senza certezza.
