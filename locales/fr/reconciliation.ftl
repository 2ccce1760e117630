recon-title = Rapprochement
right-settle-differences = Clore les écarts entre paiements par e-mail et transactions
flash-difference-settled = L’écart est clos. Vous pouvez le rouvrir ci-dessous.
flash-difference-reopened = L’écart est de nouveau ouvert.
activity-difference-settle = Écart entre paiement et transactions clos
activity-difference-reopen = Écart entre paiement et transactions rouvert
activity-field-difference = Écart
recon-intro = Indique si vos paiements par e-mail et les transactions de la passerelle concordent, et jusqu’où la passerelle a été lue.
recon-open = Écarts
recon-agrees = Concorde au centime près · { $moment }
recon-agrees-words = Chaque paiement par e-mail encaissé ces 40 derniers jours a sa transaction, avec le même montant et les mêmes remboursements.
recon-not-read = Pas encore comparé
recon-not-read-words = Les transactions de la passerelle sont lues en arrière-plan. Revenez dans quelques minutes.
recon-more = Les { $count } plus récents sont affichés. Les plus anciens prennent la place de ceux que vous marquez comme clos.
recon-found = Trouvé { $moment }
recon-note = Ce que vous avez constaté
recon-settle = Marquer comme clos
recon-fault-gone = Cet écart n’est plus ouvert, votre note n’a donc pas été enregistrée : « { $note } »
recon-reopen = Rouvrir
recon-settled = Clos
recon-read = Lu auprès de la passerelle
recon-col-state = État
recon-col-last = Dernière lecture
recon-col-next = Prochaine
recon-window = { $from } – { $until }
recon-never = Jamais
recon-state-current = À jour
recon-state-running = Lecture en cours
recon-state-failed = Échec, nouvel essai prévu
recon-failure-unavailable = La passerelle n’a pas répondu ou refuse les identifiants de cet initiateur.
recon-failure-too-large = Pour une même seconde, la passerelle indique plus de transactions qu’on ne peut en lire. L’assistance doit s’en occuper.
recon-failure-internal = Quelque chose a échoué chez nous. L’assistance doit s’en occuper.
recon-figures = Paiement par e-mail : { $expected } · Transactions : { $found }
recon-unreadable-count = { $count ->
    [one] { $count } transaction
   *[other] { $count } transactions
}
recon-missing = Payé, mais aucune transaction n’a encaissé l’argent
recon-missing-advice = Avant de livrer, cherchez l’argent sur votre compte chez le prestataire. S’il n’y est pas, demandez à l’assistance.
recon-amount = Un autre montant a été encaissé
recon-amount-advice = Comparez avec votre commande. Remboursez l’excédent ou demandez le reste au client.
recon-twice = Payé plus d’une fois
recon-twice-advice = Remboursez ce qui a été encaissé la seconde fois, sauf si le client le voulait ainsi.
recon-unexpected = De l’argent a été encaissé pour un paiement qui n’est pas payé
recon-unexpected-advice = Remboursez-le, ou livrez et notez-le ici : la demande était annulée ou expirée quand le client a payé.
recon-refunds = Les remboursements ne concordent pas
recon-refunds-advice = Comparez l’historique du paiement avec ses remboursements parmi les transactions. Si cela dure plus d’une heure, demandez à l’assistance.
recon-unreadable = La passerelle a signalé quelque chose d’illisible
recon-unreadable-advice = Cela manque dans la liste des transactions et dans les relevés. Demandez à l’assistance de vérifier.
tx-differences = { $count ->
    [one] { $shown } écart entre paiements par e-mail et transactions
   *[other] { $shown } écarts entre paiements par e-mail et transactions
}
