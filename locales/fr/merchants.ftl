merchants-title = Commerçants
merchants-intro = Les commerçants que vous suivez.
merchants-none-title = Aucun commerçant pour l’instant
merchants-none-words = Les commerçants qui vous sont attribués apparaissent ici.
merchants-col-merchant = Commerçant
merchants-col-country = Pays
merchants-col-currency = Devise
merchants-col-confirmations = Confirmations de commande
merchant-confirmations-words = Si elles sont activées, les clients reçoivent une confirmation par e-mail après le paiement.
merchant-changed = Dernière modification : { $name }, { $moment }
merchant-never-changed = Jamais modifiées
merchant-facts = Données
merchant-legal-name = Raison sociale
merchant-address = Adresse
merchant-language = Langue
merchant-time-zone = Fuseau horaire
merchant-email = E-mail
merchant-team-title = Équipe
merchant-team-words = Qui travaille pour ce commerçant, et les invitations en cours.
merchant-team-open = Ouvrir l’équipe
merchants-col-needed = À suivre
needed-nothing = Rien à faire
needed-tickets = { $count ->
    [one] { $shown } demande d’assistance en attente
   *[other] { $shown } demandes d’assistance en attente
}
needed-requests = { $count ->
    [one] { $shown } autorisation demandée
   *[other] { $shown } autorisations demandées
}
needed-documents = { $count ->
    [one] { $shown } document bloqué
   *[other] { $shown } documents bloqués
}
needed-unreached = { $count ->
    [one] { $shown } demande de paiement non remise
   *[other] { $shown } demandes de paiement non remises
}
needed-expiring = { $count ->
    [one] { $shown } demande de paiement expire d’ici { $days } jours
   *[other] { $shown } demandes de paiement expirent d’ici { $days } jours
}
seeking-title = Commerçants qui cherchent un responsable réussite client
seeking-words = Ils ont ouvert une demande parce que personne ne les suit.
seeking-since = demandé :
seeking-take = Le suivre
hand-over-title = Transmission
hand-over-ask = Transmettre…
hand-over-pick-all = Choisir tous les commerçants
hand-over-pick = Choisir { $name }
hand-over-one = Transmettre { $name } ?
hand-over-several = Transmettre { $count } commerçants ?
hand-over-words = Dès lors votre collègue les suit, et vous ne les voyez plus. Leurs propriétaires lisent dans leur activité de qui il s’agit et pourquoi.
hand-over-nobody = Il n’y a pas d’autre responsable réussite client.
hand-over-to = À qui
hand-over-reason = Pourquoi
hand-over-reason-hint = Votre collègue et le commerçant le lisent.
hand-over-button = Transmettre
hand-over-fault-to = Choisissez un responsable réussite client
hand-over-mail-subject = { $by } vous a confié des commerçants
hand-over-mail-subject-one = { $by } vous a confié { $merchant }
hand-over-mail-one = { $by } vous a confié { $merchant }. Vous vous en occupez désormais.
hand-over-mail-several = { $by } vous a confié { $count } commerçants, dont { $merchant }. Vous vous en occupez désormais.
hand-over-mail-button = Ouvrir vos commerçants
hand-over-history = Qui l’a suivi
hand-over-asked = Le commerçant n’avait personne et l’a demandé.
merchant-no-manager = Personne ne suit ce commerçant.
merchant-originators = Initiateurs
card-title = Votre fiche
card-intro = Les commerçants que vous suivez la lisent.
card-name = Nom
card-languages = Langues
card-hours = Horaires
card-hours-hint = Quand on peut vous joindre, avec le fuseau horaire : du lundi au vendredi, 9 h–17 h, Paris.
card-fault-hours = Au plus { $max } caractères simples
card-save = Enregistrer la fiche
contacts-title = Contacts
contacts-intro = À qui vous adresser.
contacts-manager = Votre responsable réussite client
contacts-manager-words = Pour votre contrat, les nouvelles fonctionnalités et tout ce qui dépasse une question.
contacts-nobody = Personne ne suit encore votre entreprise. Demandez un responsable réussite client : la personne qui s’en charge vous répond dans la demande.
contacts-ask = Demander un responsable
contacts-support-words = Pour les questions de tous les jours, ouvrez une demande : depuis un paiement, l’assistance voit duquel il s’agit.
contacts-hours-label = Horaires
contacts-hours-week = Du lundi au vendredi, { $from }–{ $until } ({ $zone })
contacts-hours = { $from }–{ $until } ({ $zone })
flash-card-saved = Votre fiche est enregistrée.
flash-handed-over = { $count ->
    [one] { $name } suit désormais le commerçant.
   *[other] { $name } suit désormais { $count } commerçants.
}
flash-taken-over = Vous suivez désormais { $merchant }.
activity-merchant-hand-over = Responsable réussite client changé
activity-user-card = Responsable réussite client : fiche changée
activity-field-success-manager = Responsable réussite client
activity-field-languages = Langues
activity-field-hours = Horaires
