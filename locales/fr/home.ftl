home-title = Bienvenue
home-hello = Bonjour { $name }
overview-title = Vue d’ensemble
overview-needed = À faire
overview-untold = Tout n’a pas pu être compté à temps ici. Rechargez la page dans un instant.
overview-tickets = { $count ->
    [one] { $shown } demande d’assistance attend votre réponse
   *[other] { $shown } demandes d’assistance attendent votre réponse
}
overview-unread = { $count ->
    [one] { $shown } document à lire
   *[other] { $shown } documents à lire
}
overview-refunds = { $count ->
    [one] { $shown } remboursement à approuver
   *[other] { $shown } remboursements à approuver
}
overview-collected = Encaissé
overview-period = Période
overview-days = { $count } derniers jours
overview-zone = Jours à l’heure de { $zone }.
overview-collected-nothing = Rien n’a été encaissé durant ces jours.
overview-chart = Graphique
overview-chart-title = Encaissé par jour et par canal, { $currency }, du { $from } au { $until }
overview-chart-words = { $total } au total. Le meilleur jour est le { $day }, avec { $best }. Les chiffres sont dans le tableau qui suit.
overview-chart-table = Les chiffres
overview-col-day = Jour
overview-col-sum = Total
overview-col-payments = Paiements
overview-channel-email = Par e-mail
overview-channel-ecommerce = Boutique en ligne
overview-channel-in-store = En magasin
overview-channel-virtual-terminal = Terminal virtuel
overview-due = En attente de paiement
overview-due-nothing = Aucune demande n’attend de paiement.
overview-requests = { $count ->
    [one] { $grouped } demande
   *[other] { $grouped } demandes
}
overview-balance = Solde
overview-balance-nothing = Rien n’est dû.
overview-first-title = Commencez ici
overview-first-words = Dès qu’un paiement est demandé à un client, cette page montre ce qu’il y a à faire et ce qui a été encaissé.
overview-step-request = Demander un paiement à un client
overview-step-team = Inviter votre équipe
overview-step-page = Configurer votre page de paiement
overview-step-confirmations = Lire ce que vos clients reçoivent après le paiement
overview-step-contacts = Voir à qui vous adresser
overview-portfolio-open = Tous les commerçants
overview-merchants = Commerçants
overview-needing = À suivre
overview-seeking = Sans responsable réussite client
overview-urgent = En premier
overview-queue-open = Toute la file
overview-late = En retard
overview-nobodys = À personne
overview-mine = À moi
overview-owed = En attente de l’assistance
overview-held = Avec des documents bloqués
overview-documents-open = Tous les documents
