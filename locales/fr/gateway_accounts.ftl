gwacc-title = Compte auprès de la passerelle
gwacc-words = La passerelle est interrogée toutes les heures ; c’est l’assistance qui modifie ces réglages.
gwacc-asked = Dernière réponse : { $at } ; inchangée depuis : { $since }.
gwacc-never = Pas encore interrogée.
gwacc-silent = Pas de réponse ({ $at }) : la passerelle est injoignable ou refuse les identifiants de cet initiateur.
gwacc-ask = Interroger maintenant
gwacc-warnings = À vérifier
gwacc-name = Nom affiché
gwacc-attempts = Essais par paiement
gwacc-terms = Conditions
gwacc-support = Aide
gwacc-sender = Expéditeur de ses e-mails
gwacc-merchant = Prévient le commerçant à
gwacc-methods = Ce que propose la passerelle
gwacc-currencies = Devises
gwacc-operation = Argent
gwacc-sale = prélevé tout de suite
gwacc-authorize = d’abord promis, encaissé plus tard
gwacc-as-of = En date du
gwacc-none = Aucun initiateur n’est actif.
gwacc-warn-currency = Aucun moyen de la passerelle n’accepte { $currency } : les demandes dans cette devise ne peuvent pas être payées. Demandez à l’assistance.
gwacc-warn-attempts = Sur la passerelle, un client peut essayer { $count ->
    [one] une fois
   *[other] { $count } fois
} ; un nombre plus grand réglé ici ne compte pas.
gwacc-warn-success = La passerelle écrit elle-même aux clients qui ont payé. Si les confirmations de commande sont activées, ils reçoivent deux e-mails.
gwacc-warn-failure = La passerelle écrit elle-même aux clients dont le paiement a été refusé. Si les confirmations de commande sont activées, ils reçoivent deux e-mails.
gwacc-warn-alipay = Alipay+ est activé pour vous, mais la passerelle ne le propose pour aucun de vos initiateurs : les clients ne le voient pas. Ouvrez une demande d’assistance.
flash-gateway-asked = La passerelle a répondu.
flash-gateway-silent = La passerelle n’a pas répondu ou refuse les identifiants. Elle sera interrogée de nouveau automatiquement.
