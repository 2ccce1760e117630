# Actions sur plusieurs demandes à la fois.
bulk-title = Actions groupées
bulk-words = Ce qui a été fait sur plusieurs demandes à la fois, de la plus récente à la plus ancienne.
bulk-caption = Actions groupées, la plus récente d’abord
bulk-empty-title = Aucune action groupée pour le moment
bulk-empty-words = Sélectionnez des demandes dans la liste pour relancer leurs clients ou les annuler ensemble.
bulk-col-act = Action
bulk-col-done = Faites
bulk-col-who = Lancée par
bulk-col-when = Quand
bulk-col-reason = Motif
bulk-col-outcome = Résultat
bulk-done-of = { $done } sur { $rows }
bulk-act-remind = Rappels
bulk-act-cancel = Annulations
bulk-state-running = En cours
bulk-state-done = Terminée
bulk-state-stopped = Arrêtée
bulk-pick = Sélectionner { $order }, { $customer }
bulk-pick-page = Sélectionner toutes les lignes de cette page
bulk-bar = Demandes sélectionnées
bulk-bar-picked = sélectionnées
bulk-all = Les { $shown } de ce filtre
bulk-all-uncounted = Toutes les demandes de ce filtre
bulk-remind = Relancer…
bulk-export = Exporter
bulk-cancel = Annuler…
picked-rows = { $count ->
    [one] { $count } ligne sélectionnée
   *[other] { $count } lignes sélectionnées
}
picked-too-many = Sélectionnez { $most } lignes au plus, ou utilisez un filtre
bulk-ask-remind = { $count ->
    [one] Relancer { $shown } demande ?
   *[other] Relancer { $shown } demandes ?
}
bulk-ask-cancel = { $count ->
    [one] Annuler { $shown } demande de paiement ?
   *[other] Annuler { $shown } demandes de paiement ?
}
bulk-remind-words = Chaque client reçoit un autre e-mail avec le même lien. Les demandes qui ne peuvent plus être payées quand vient leur tour sont ignorées.
bulk-cancel-words = Leurs liens cessent de fonctionner et les clients qui ont reçu l’e-mail sont prévenus. C’est irréversible. Les demandes en cours de paiement à ce moment-là sont ignorées.
bulk-none-remind = Aucune de ces demandes ne peut être relancée maintenant
bulk-none-cancel = Aucune de ces demandes ne peut être annulée
bulk-none-words = Rien n’a été fait. Les motifs figurent ci-dessous.
bulk-too-many-title = Plus de { $most } demandes à la fois, c’est trop
bulk-too-many-words = Rien n’a été fait. Restreignez le filtre, par exemple par date, et procédez par parties.
bulk-rows = Demandes
bulk-skipped = Ignorées
bulk-remind-button = { $count ->
    [one] Relancer { $shown } demande
   *[other] Relancer { $shown } demandes
}
bulk-cancel-button = { $count ->
    [one] Annuler { $shown } demande
   *[other] Annuler { $shown } demandes
}
bulk-will-skip = { $count ->
    [one] { $shown } demande sera ignorée
   *[other] { $shown } demandes seront ignorées
}
bulk-skipped-caption = Demandes ignorées, avec le motif
bulk-first-shown = De chaque résultat, les { $shown } premières sont affichées ; le rapport les contient toutes.
bulk-changed = Les demandes ont changé entre-temps : vérifiez les chiffres et confirmez de nouveau.
bulk-running-title = { $done } faites sur { $whole }
bulk-running-words = Vous pouvez quitter cette page : l’action continue d’elle-même.
bulk-stop = Arrêter : ne rien faire de plus
bulk-done-remind = { $count ->
    [one] { $shown } rappel envoyé
   *[other] { $shown } rappels envoyés
}
bulk-done-cancel = { $count ->
    [one] { $shown } demande annulée
   *[other] { $shown } demandes annulées
}
bulk-ended = Terminée : { $moment }.
bulk-stopped-words = Elle a été arrêtée : ce qui n’était pas encore fait ne l’a pas été.
bulk-skipped-title = { $count ->
    [one] { $shown } demande ignorée
   *[other] { $shown } demandes ignorées
}
bulk-done-rows = Demandes concernées
bulk-report = Rapport (CSV)
bulk-report-name = rapport
bulk-row-queued = À faire
bulk-row-reminded = Rappel envoyé
bulk-row-cancelled = Annulée
bulk-row-skipped = Ignorée : { $reason }
bulk-reason-not-sent = Pas encore envoyée
bulk-reason-open = En attente de paiement
bulk-reason-processing = En cours de paiement
bulk-reason-paid = Déjà payée
bulk-reason-expired = Expirée : elle peut être renouvelée
bulk-reason-cancelled = Déjà annulée
bulk-reason-failed = Paiement échoué : elle peut être remplacée
bulk-reason-never-sent = Lien seul, aucun e-mail envoyé
bulk-reason-not-delivered = L’e-mail n’est pas arrivé : corrigez d’abord l’adresse
bulk-reason-on-its-way = Le dernier e-mail est encore en route
bulk-reason-too-soon = Un e-mail est parti il y a moins de 10 minutes
bulk-reason-too-many-sends = Nombre d’e-mails maximal atteint pour une demande
bulk-reason-too-many-to-address = Nombre d’e-mails maximal atteint pour cette adresse en un jour
bulk-reason-reminders-stopped = Le client ne veut plus de rappels
bulk-reason-error = Une erreur de notre part : essayez cette demande seule
bulk-reason-stopped = Arrêtée avant son tour
activity-bulk-action-begin = A lancé une action groupée
activity-bulk-action-stop = A arrêté une action groupée
