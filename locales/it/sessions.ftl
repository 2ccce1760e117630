sessions-title = Sessioni
sessions-intro = I browser in cui hai effettuato l’accesso.
sessions-hint = Una sessione si chiude da sola dopo quindici minuti senza uso, e dopo otto ore. Se non ne riconosci una, chiudila e avvisa il tuo provider di identità.
sessions-col-device = Browser
sessions-col-network = Rete
sessions-col-since = Accesso
sessions-col-used = Ultimo uso
sessions-this = Questo browser
sessions-unknown-device = Browser sconosciuto
sessions-unknown-network = Sconosciuta
sessions-end = Chiudi
sessions-end-others = Chiudi tutte le altre
flash-sessions-ended = { $count ->
    [0] Non c’era più nessuna sessione da chiudere.
    [one] Una sessione è stata chiusa.
   *[other] { $count } sessioni sono state chiuse.
}
