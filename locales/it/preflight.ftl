checks-title = { $count ->
    [one] Una cosa da controllare prima dell’invio
   *[other] { $count } cose da controllare prima dell’invio
}
checks-words = Nulla di tutto questo ti impedisce di inviare.
checks-held = { $count ->
    [one] Non è ancora partito nulla: accanto all’anteprima c’è una cosa da controllare.
   *[other] Non è ancora partito nulla: accanto all’anteprima ci sono { $count } cose da controllare.
}
checks-show = Mostra
checks-send-anyway = Invia comunque
checks-send-amount-anyway = Invia comunque la richiesta da { $amount }
check-address = L’indirizzo e-mail sembra scritto male. Intendevi { $address }?
check-address-use = Usa { $address }
check-twin = Allo stesso indirizzo è già stato chiesto lo stesso importo nell’ultimo giorno:
check-high = È { $times } volte il tuo importo abituale. Metà delle tue ultime { $count } richieste in questa valuta era al massimo di { $amount }.
check-low = Il tuo importo abituale è { $times } volte questo. Metà delle tue ultime { $count } richieste in questa valuta era almeno di { $amount }.
check-today = Il link scade oggi alle 23:59: il cliente ha solo poche ore per pagare.
check-tomorrow = Il link scade domani alle 23:59: il cliente ha poco tempo per pagare.
check-weekend = Il link scade prima della fine del fine settimana: chi legge le e-mail solo nei giorni lavorativi non può pagare.
