recon-title = Riconciliazione
right-settle-differences = Chiudere le differenze tra pagamenti via e-mail e transazioni
flash-difference-settled = La differenza è chiusa. Puoi riaprirla qui sotto.
flash-difference-reopened = La differenza è di nuovo aperta.
activity-difference-settle = Differenza tra pagamento e transazioni chiusa
activity-difference-reopen = Differenza tra pagamento e transazioni riaperta
activity-field-difference = Differenza
recon-intro = Qui vedi se i pagamenti via e-mail e le transazioni del gateway coincidono, e fino a dove il gateway è stato letto.
recon-open = Differenze
recon-agrees = Coincide al centesimo · { $moment }
recon-agrees-words = Ogni pagamento via e-mail incassato negli ultimi 40 giorni ha la sua transazione, con lo stesso importo e gli stessi rimborsi.
recon-not-read = Non ancora confrontato
recon-not-read-words = Le transazioni del gateway vengono lette in background. Torna tra qualche minuto.
recon-more = Sono mostrate le { $count } più recenti. Le più vecchie prendono il posto di quelle che chiudi.
recon-found = Trovata { $moment }
recon-note = Che cosa hai accertato
recon-settle = Segna come chiusa
recon-fault-gone = Questa differenza non è più aperta, perciò la tua nota non è stata salvata: «{ $note }»
recon-reopen = Riapri
recon-settled = Chiuse
recon-read = Letto dal gateway
recon-col-state = Stato
recon-col-last = Ultima lettura
recon-col-next = Prossima
recon-window = { $from } – { $until }
recon-never = Mai
recon-state-current = Aggiornato
recon-state-running = Lettura in corso
recon-state-failed = Non riuscita, si riprova
recon-failure-unavailable = Il gateway non ha risposto o rifiuta le credenziali di questo originator.
recon-failure-too-large = Il gateway elenca in un secondo più di quanto si possa leggere. Deve occuparsene l’assistenza.
recon-failure-internal = Qualcosa è andato storto da parte nostra. Deve occuparsene l’assistenza.
recon-figures = Pagamento via e-mail: { $expected } · Transazioni: { $found }
recon-unreadable-count = { $count ->
    [one] { $count } transazione
   *[other] { $count } transazioni
}
recon-missing = Pagato, ma nessuna transazione ha incassato il denaro
recon-missing-advice = Prima di consegnare, cerca il denaro sul tuo conto presso il fornitore. Se non c’è, chiedi all’assistenza.
recon-amount = È stato incassato un altro importo
recon-amount-advice = Confronta con l’ordine. Rimborsa l’eccedenza o chiedi il resto al cliente.
recon-twice = Pagato più di una volta
recon-twice-advice = Rimborsa quanto è stato incassato la seconda volta, a meno che il cliente non lo volesse.
recon-unexpected = È stato incassato denaro per un pagamento che non risulta pagato
recon-unexpected-advice = Rimborsalo, oppure consegna e annotalo qui: la richiesta era annullata o scaduta quando il cliente ha pagato.
recon-refunds = I rimborsi non coincidono
recon-refunds-advice = Confronta la cronologia del pagamento con i rimborsi tra le transazioni. Se dopo un’ora resta così, chiedi all’assistenza.
recon-unreadable = Il gateway ha comunicato qualcosa che non si può leggere
recon-unreadable-advice = Manca nell’elenco delle transazioni e nei riepiloghi. Chiedi all’assistenza di verificare.
tx-differences = { $count ->
    [one] { $shown } differenza tra pagamenti via e-mail e transazioni
   *[other] { $shown } differenze tra pagamenti via e-mail e transazioni
}
