product = Central
skip-to-content = Vai al contenuto
menu = Menu
menu-label = Principale
menu-processing = Elaborazione
menu-email-payments = Pagamenti via e-mail
menu-merchants = Esercenti
menu-portfolio = Portafoglio
switch-merchant = Cambia esercente
choose-merchant-title = Per quale esercente vuoi lavorare?
choose-merchant-here = attuale
sign-out = Esci
display-title = Lingua e aspetto
display-language = Lingua
display-theme = Aspetto
display-theme-system = Come il sistema
display-theme-light = Chiaro
display-theme-dark = Scuro
display-save = Salva
breadcrumb = Percorso
error-prefix = Errore:
errors-summary = { $count ->
    [one] C’è { $count } campo da correggere
   *[other] Ci sono { $count } campi da correggere
}
optional = (facoltativo)
copy = Copia
copied = Copiato
go-back = Torna indietro

flash-payment-sent = Richiesta { $order } in partenza per { $email }.
flash-draft-saved = Bozza { $order } salvata. Non è stato inviato nulla.
flash-payment-cancelled = Richiesta { $order } annullata. Il suo link non funziona più.
flash-payment-resent = Richiesta { $order } di nuovo in partenza per { $email }.
flash-merchant-chosen = Ora lavori per { $name }.
flash-order-confirmations-on = I clienti di { $merchant } ricevono una conferma dopo il pagamento.
flash-order-confirmations-off = I clienti di { $merchant } non ricevono più una conferma dopo il pagamento.

problem-forbidden-title = Non puoi farlo
problem-forbidden-words = Il tuo ruolo non lo prevede, oppure il modulo è rimasto aperto troppo a lungo. Torna indietro, ricarica la pagina e riprova; chi ha il ruolo di proprietario nella tua società può cambiare il tuo.
problem-not-found-title = Qui non c’è nulla
problem-not-found-words = L’indirizzo può contenere un errore di battitura, oppure non hai accesso a quello che cerchi. Riparti dall’elenco.
problem-conflict-title = Nel frattempo qualcosa è cambiato
problem-conflict-words = Un’altra persona o il cliente ha agito prima, quindi non è stato fatto nulla. Ricarica la pagina per vedere la situazione.
problem-too-large-title = Il testo non ci sta tutto
problem-too-large-words = Non è stato salvato nulla. Accorcia il testo e invialo di nuovo.
problem-too-many-title = Troppi tentativi in poco tempo
problem-too-many-words = Aspetta un minuto, poi riprova. I pagamenti non ne risentono.
problem-internal-title = Qualcosa da noi non ha funzionato
problem-internal-words = I pagamenti continuano a funzionare. Riprova tra qualche minuto.
problem-unavailable-title = In questo momento non riusciamo a mostrare la pagina
problem-unavailable-words = I pagamenti continuano a funzionare. Riprova tra qualche secondo.
problem-malformed-title = Non riusciamo a leggere quello che è arrivato
problem-malformed-words = Non è cambiato nulla. Torna indietro e invia di nuovo.
problem-quote = Se continua, scrivi all’assistenza e indica { $id }.
problem-home = Vai alla pagina iniziale
