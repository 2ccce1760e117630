imports-title = Importer des demandes de paiement
imports-intro = Une demande par ligne. Vous voyez ce qui serait envoyé avant tout envoi.
imports-past = Imports précédents
imports-past-words = Qui a importé quoi, et ce que c’est devenu.
imports-past-caption = Imports, du plus récent au plus ancien
imports-none-title = Rien n’a encore été importé
imports-none-words = Avec un fichier, vous adressez une demande à de nombreux clients à la fois.
imports-file = Fichier
imports-file-hint = CSV, avec une ligne d’en-tête. Au plus { $rows } lignes et { $megabytes } Mo.
imports-pasted = Lignes collées
imports-in-list = Les voir dans la liste
imports-paste = Ou collez les lignes
imports-paste-hint = Avec leur ligne d’en-tête, telles que copiées d’un tableur. Elles ne sont pas lues si vous choisissez un fichier.
imports-check = Vérifier les lignes
imports-check-again = Vérifier à nouveau
imports-columns = Colonnes
imports-columns-words = Dans n’importe quel ordre, sous ces noms ou ceux de l’API, dans l’une des quatre langues ; séparées par un point-virgule, une virgule ou une tabulation.
imports-template = Télécharger le modèle
imports-template-name = modele
imports-needed = Obligatoire.
imports-example-description = Trois vases
imports-col-email = Adresse e-mail
imports-col-name = Nom
imports-col-amount = Montant
imports-col-currency = Devise
imports-col-order-id = Nº de commande
imports-col-description = Description
imports-col-message = Message
imports-col-language = Langue
imports-col-expires-on = Expiration
imports-col-originator = Initiateur
imports-col-row = Ligne
imports-col-reason = Motif
imports-hint-email = La demande est envoyée à cette adresse.
imports-hint-amount = Comme vous l’écrivez : 1 830,00 ou 1830.
imports-hint-currency = Un code tel que EUR. S’il manque, vous le choisissez à la page suivante.
imports-hint-order-id = Le vôtre, jamais utilisé. S’il manque, le prochain libre.
imports-hint-language = De l’e-mail : it, en, es ou fr.
imports-hint-expires-on = Le dernier jour pour payer : 2026-12-31 ou 31/12/2026.
imports-hint-originator = Son nom, si vous en avez plusieurs.
imports-file-none = Choisissez un fichier ou collez des lignes
imports-file-too-large = Le fichier dépasse { $megabytes } Mo : divisez-le
imports-file-not-text = Ce n’est pas un fichier texte : enregistrez-le en CSV depuis votre tableur
imports-file-no-rows = Il n’y a aucune ligne sous l’en-tête
imports-file-too-many-rows = Il y a { $rows } lignes et { $most } au plus sont lues à la fois : divisez le fichier
imports-file-too-many-columns = Il y a plus de 100 colonnes : retirez celles qui ne servent pas
imports-file-missing = Il manque dans l’en-tête : { $names }
imports-file-twice = Deux colonnes contiennent la même chose : { $name }
imports-row-is-longer = La ligne a plus de cellules que l’en-tête : mettez entre guillemets les textes qui contiennent un séparateur
imports-day-unreadable = Écrivez le jour comme 2026-12-31 ou 31/12/2026
imports-language-unknown = Écrivez it, en, es ou fr
imports-originator-unknown = Aucun initiateur actif ne porte ce nom
imports-fault = { $column } : { $words }
imports-reason-faulty = Avec quelque chose à corriger
imports-reason-order-id-twice = Nº de commande d’une ligne précédente
imports-reason-order-id-taken = Nº de commande d’une autre demande
imports-reason-repeated = Même adresse et même montant qu’une autre ligne ou qu’une demande des dernières 24 heures
imports-reason-failed = Une erreur de notre part : réessayez avec cette ligne
imports-reason-stopped = Arrêtée avant son tour
imports-state-checked = À confirmer
imports-state-waiting = Sur le point de commencer
imports-state-running = Envoi en cours
imports-state-done = Terminé
imports-state-stopped = Arrêté
imports-state-undone = Annulé
imports-state-discarded = Non confirmé
imports-rows = Lignes
imports-made = Demandes
imports-who = Importé par
imports-review-title = { $count ->
    [one] { $shown } demande peut être envoyée
   *[other] { $shown } demandes peuvent être envoyées
}
imports-review-words = Rien n’a encore été envoyé.
imports-send-ask = { $count ->
    [one] Envoyer { $shown } demande…
   *[other] Envoyer { $shown } demandes…
}
imports-send = { $count ->
    [one] Envoyer { $shown } demande
   *[other] Envoyer { $shown } demandes
}
imports-requests = { $count ->
    [one] { $shown } demande
   *[other] { $shown } demandes
}
imports-other-file = Importer un autre fichier
imports-same-file = Le même fichier a déjà été importé : { $moment }, par { $name }.
imports-same-file-link = Voir cet import
imports-unknown-columns = Ces colonnes ne sont pas lues : { $names }
imports-totals = Totaux par devise
imports-total-in = En { $currency }
imports-settings = Pour les lignes qui ne le précisent pas
imports-days-usual = Selon la page de paiement
imports-valid-for = Valable pendant
imports-days = { $days } jours
imports-with-repeats = { $count ->
    [one] Envoyer aussi { $shown } ligne avec la même adresse et le même montant qu’une autre
   *[other] Envoyer aussi { $shown } lignes avec la même adresse et le même montant qu’une autre
}
imports-left-out = Écartées
imports-left-out-title = { $count ->
    [one] { $shown } ligne écartée
   *[other] { $shown } lignes écartées
}
imports-left-out-file = Télécharger ces lignes avec les motifs
imports-left-out-name = lignes-ecartees
imports-left-out-caption = Lignes écartées, avec le motif
imports-more-in-file = Les { $shown } premières sont affichées ; le fichier les contient toutes.
imports-first-rows = Les { $first } premières sur { $shown }
imports-all-rows = Demandes qui peuvent être envoyées
imports-good-caption = Lignes dont chacune donnerait une demande
imports-repeated-note = Même adresse et même montant qu’une autre
imports-order-id-next = prochain libre
imports-kept-unconfirmed = Ce que vous ne confirmez pas est supprimé au bout de 24 heures.
imports-confirm = Envoi
imports-confirm-title = { $count ->
    [one] Envoyer { $shown } demande ?
   *[other] Envoyer { $shown } demandes ?
}
imports-confirm-words = Chaque client reçoit un e-mail. Vous avez ensuite { $minutes } minutes pour annuler l’import : rien n’est créé avant.
imports-changed = Les lignes qui peuvent être envoyées ont changé : vérifiez les chiffres et confirmez à nouveau.
imports-last-at = Dernier envoi
imports-about = vers { $moment }
imports-pace = Il en part jusqu’à 400 par heure, pour que les messageries les acceptent et que vous puissiez en envoyer d’autres.
imports-waiting-title = { $count ->
    [one] { $shown } demande partira à { $time }
   *[other] { $shown } demandes partiront à partir de { $time }
}
imports-waiting-words = D’ici là rien n’est créé et vous pouvez annuler l’import. Vous pouvez quitter cette page.
imports-undo = Annuler l’import
imports-start = Envoyer maintenant
imports-running-title = { $made } demandes envoyées sur { $shown }
imports-running-words = Vous pouvez quitter cette page : l’envoi continue tout seul.
imports-resumes-at = L’envoi reprend à { $time }.
imports-last-leaves = Dernier envoi vers { $moment }.
imports-progress = Avancement
imports-stop = Arrêter : ne plus rien envoyer
imports-stopped-words = L’import a été arrêté : ce qui n’était pas encore créé ne l’a pas été.
imports-undone-title = Rien n’a été envoyé
imports-undone-words = L’import a été annulé à temps et ses lignes ont été supprimées.
imports-discarded-title = Personne n’a confirmé cet import
imports-discarded-words = Rien n’a été envoyé et les lignes ont été supprimées au bout de 24 heures.
imports-done-title = { $count ->
    [one] { $shown } demande envoyée
   *[other] { $shown } demandes envoyées
}
imports-done-words = Fin : { $moment }.
imports-made-title = Demandes créées
imports-made-caption = Demandes créées par cet import
imports-kept-until = Le contenu du fichier est conservé jusqu’au { $day }, puis supprimé. Les demandes restent.
imports-forgotten = Le contenu du fichier a été supprimé le { $day }. Les demandes restent.
flash-import-undone = Annulé : rien n’a été envoyé.
list-import = Importer un CSV
