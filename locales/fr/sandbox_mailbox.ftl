sandbox-mailbox-mark = Environnement de test : aucun e-mail ne quitte cette machine
sandbox-mailbox-title = Boîte e-mail
sandbox-mailbox-count = { $count ->
    [one] { $count } e-mail
   *[other] { $count } e-mails
}
sandbox-mailbox-empty = Aucun e-mail pour l’instant
sandbox-mailbox-clear = Supprimer tous les e-mails
sandbox-mailbox-older = E-mails précédents
sandbox-mailbox-newest = E-mails les plus récents
sandbox-mailbox-pages = Pages
sandbox-mailbox-back = Tous les e-mails
sandbox-mailbox-missing = Cet e-mail n’est plus ici
sandbox-mailbox-empty-lead = Ce que l’application envoie apparaît ici automatiquement.
sandbox-mailbox-no-subject = (sans objet)
sandbox-mailbox-from = De
sandbox-mailbox-to = À
sandbox-mailbox-delivered-to = Remis à
sandbox-mailbox-reply-to = Répondre à
sandbox-mailbox-date = Date
sandbox-mailbox-open-html = Partie HTML seule
sandbox-mailbox-open-text = Texte seul
sandbox-mailbox-open-raw = Source
sandbox-mailbox-html = L’e-mail tel que le voit son lecteur
sandbox-mailbox-text = Partie texte
sandbox-mailbox-headers = Tous les en-têtes
sandbox-mailbox-refusals = Pour voir un refus, écrivez à { $addresses }.
