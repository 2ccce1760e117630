checks-title = { $count ->
    [one] Un point à vérifier avant l’envoi
   *[other] { $count } points à vérifier avant l’envoi
}
checks-words = Rien de cela ne vous empêche d’envoyer.
checks-held = { $count ->
    [one] Rien n’est encore parti : un point est à vérifier à côté de l’aperçu.
   *[other] Rien n’est encore parti : { $count } points sont à vérifier à côté de l’aperçu.
}
checks-show = Afficher
checks-send-anyway = Envoyer quand même
checks-send-amount-anyway = Envoyer quand même la demande de { $amount }
check-address = L’adresse e-mail semble mal écrite. Vouliez-vous dire { $address } ?
check-address-use = Utiliser { $address }
check-twin = Le même montant a déjà été demandé à la même adresse au cours des dernières 24 heures :
check-high = C’est { $times } fois votre montant habituel. La moitié de vos { $count } dernières demandes dans cette devise était de { $amount } au plus.
check-low = Votre montant habituel est { $times } fois celui-ci. La moitié de vos { $count } dernières demandes dans cette devise était de { $amount } au moins.
check-today = Le lien expire aujourd’hui à 23:59 : le client n’a que quelques heures pour payer.
check-tomorrow = Le lien expire demain à 23:59 : le client a peu de temps pour payer.
check-weekend = Le lien expire avant la fin du week-end : qui ne lit ses e-mails que les jours ouvrés ne pourra pas payer.
