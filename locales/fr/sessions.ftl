sessions-title = Sessions
sessions-intro = Les navigateurs dans lesquels vous avez une session ouverte.
sessions-hint = Une session se ferme d’elle-même après quinze minutes sans utilisation, et après huit heures. Si vous n’en reconnaissez pas une, fermez-la et prévenez votre fournisseur d’identité.
sessions-col-device = Navigateur
sessions-col-network = Réseau
sessions-col-since = Connexion
sessions-col-used = Dernière utilisation
sessions-this = Ce navigateur
sessions-unknown-device = Navigateur inconnu
sessions-unknown-network = Inconnu
sessions-end = Fermer
sessions-end-others = Fermer toutes les autres
flash-sessions-ended = { $count ->
    [0] Il ne restait aucune session à fermer.
    [one] Une session a été fermée.
   *[other] { $count } sessions ont été fermées.
}
