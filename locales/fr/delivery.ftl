undelivered-title = Non remises
undelivered-intro = Demandes en attente de paiement dont l’e-mail n’est pas arrivé. Corrigez l’adresse et renvoyez d’ici.
undelivered-count = { $count ->
    [one] { $grouped } demande
   *[other] { $grouped } demandes
}
undelivered-count-more = Plus de { $grouped } demandes
undelivered-none-title = Tous les e-mails sont arrivés
undelivered-none-words = D’après ce que nous disent les serveurs de messagerie, chaque demande en attente de paiement est chez son client. Rien ne vous attend ici.
undelivered-to-list = Voir les paiements par e-mail
undelivered-since = envoyée { $moment }
undelivered-next-try = prochain essai { $moment }
undelivered-said = Réponse du serveur de messagerie :
undelivered-address = E-mail du client
undelivered-button = Corriger et renvoyer
undelivered-still-tried = Nous essayons encore cette adresse nous-mêmes : changez-la ou attendez le prochain essai
undelivered-sent = Renvoyées d’ici
undelivered-later-bounces = Certains serveurs acceptent d’abord un e-mail et le retournent des heures plus tard. Ces messages de retour vont à l’adresse de l’expéditeur et Central ne les lit pas : une demande peut paraître envoyée sans être arrivée.

answer-unknown-mailbox = Personne n’a cette adresse sur le serveur du destinataire. Demandez la bonne au client.
answer-no-mail-server = La partie après le @ ne reçoit pas d’e-mails : elle est très probablement mal écrite.
answer-mailbox-full = La boîte du client est pleine. Demandez une autre adresse, ou renvoyez quand il y aura de la place.
answer-mailbox-closed = L’adresse existe, mais elle est fermée. Demandez-en une autre au client.
answer-refused-by-rule = Le serveur du destinataire prend l’e-mail pour du spam, ou ses règles l’interdisent. Utilisez une autre adresse, ou copiez le lien de paiement de la demande et transmettez-le vous-même.
answer-greylisted = Le serveur du destinataire fait attendre les expéditeurs qu’il ne connaît pas. Il accepte en général l’essai suivant : vous n’avez rien à faire.
answer-busy = Le serveur du destinataire nous demande de réessayer plus tard. Nous le faisons pendant deux jours.
answer-not-reached = Aucun serveur de messagerie n’a pu être joint. Nous réessayons pendant deux jours.
answer-page-not-ready = La passerelle n’a pas pu préparer la page de paiement : l’e-mail n’est donc pas encore parti, car son lien ne fonctionnerait pas. Nous continuons d’essayer.
answer-suppressed = Plus rien n’est envoyé à cette adresse. Demandez-en une autre au client.
answer-refused = Le serveur du destinataire refuse l’e-mail. Si sa réponse ne dit pas pourquoi, demandez une autre adresse au client.
answer-not-yet = L’e-mail n’a pas encore été accepté. Nous réessayons pendant deux jours.
answer-given-up = Nous avons essayé pendant deux jours. Renvoyez, ou copiez le lien de paiement de la demande et transmettez-le vous-même.

visit-head-only = elle a seulement vérifié que la page existe
visit-looks-ahead = un navigateur ou une messagerie l’a chargée d’avance
visit-no-agent = un programme sans nom
visit-known-agent = un filtre de messagerie, un aperçu de lien ou un autre programme, d’après son nom
visit-no-navigation = un programme a lu la page ; personne n’a suivi le lien
visit-no-fetch-metadata = un programme qui se fait passer pour un navigateur
visit-no-language = un programme qui se fait passer pour un navigateur, sans langue
visit-too-soon = quelques secondes après l’arrivée de l’e-mail, avant qu’une personne puisse le lire
visit-person = { $count ->
    [one] Page de paiement ouverte
   *[other] Page de paiement ouverte { $count } fois
}
visit-automatic = { $count ->
    [one] Visite automatique du lien
   *[other] { $count } visites automatiques du lien
}
visit-unsure = { $count ->
    [one] Visite du lien, peut-être automatique
   *[other] { $count } visites du lien, peut-être automatiques
}

show-visits = Visites du lien
show-opens = Ouvert par des personnes
show-times = { $count ->
    [one] une fois
   *[other] { $count } fois
}
show-first-opened = La première
show-last-opened = La dernière
show-never-opened = pas encore
show-scanner-visits = { $count ->
    [one] En outre, 1 visite automatique ou incertaine.
   *[other] En outre, { $count } visites automatiques ou incertaines.
}
show-scanner-hint = Les filtres de messagerie et les aperçus ouvrent aussi les liens ; nous les distinguons par ce que disent leurs requêtes, sans certitude.
