sandbox-mailbox-mark = Ambiente di prova: nessuna e-mail esce da questa macchina
sandbox-mailbox-title = Casella di posta
sandbox-mailbox-count = { $count ->
    [one] { $count } e-mail
   *[other] { $count } e-mail
}
sandbox-mailbox-empty = Nessuna e-mail, per ora
sandbox-mailbox-clear = Elimina tutte le e-mail
sandbox-mailbox-older = E-mail precedenti
sandbox-mailbox-newest = E-mail più recenti
sandbox-mailbox-pages = Pagine
sandbox-mailbox-back = Tutte le e-mail
sandbox-mailbox-missing = Questa e-mail non c’è più
sandbox-mailbox-empty-lead = Quello che l’applicazione invia compare qui da solo.
sandbox-mailbox-no-subject = (senza oggetto)
sandbox-mailbox-from = Da
sandbox-mailbox-to = A
sandbox-mailbox-delivered-to = Recapitata a
sandbox-mailbox-reply-to = Rispondi a
sandbox-mailbox-date = Data
sandbox-mailbox-open-html = Solo la parte HTML
sandbox-mailbox-open-text = Solo il testo
sandbox-mailbox-open-raw = Sorgente
sandbox-mailbox-html = L’e-mail come la vede chi la legge
sandbox-mailbox-text = Parte di testo
sandbox-mailbox-headers = Tutte le intestazioni
sandbox-mailbox-refusals = Per vedere un rifiuto, scrivi a { $addresses }.
