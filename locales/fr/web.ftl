product = Central
skip-to-content = Aller au contenu
menu = Menu
menu-label = Principal
menu-processing = Traitement
menu-email-payments = Paiements par e-mail
menu-merchants = Commerçants
menu-portfolio = Portefeuille
switch-merchant = Changer de commerçant
choose-merchant-title = Pour quel commerçant voulez-vous travailler ?
choose-merchant-here = actuel
sign-out = Se déconnecter
display-title = Langue et apparence
display-language = Langue
display-theme = Apparence
display-theme-system = Suivre le système
display-theme-light = Claire
display-theme-dark = Sombre
display-save = Enregistrer
breadcrumb = Fil d’Ariane
error-prefix = Erreur :
errors-summary = { $count ->
    [one] { $count } champ est à corriger
   *[other] { $count } champs sont à corriger
}
optional = (facultatif)
copy = Copier
copied = Copié
go-back = Retour

flash-payment-sent = Demande { $order } en route vers { $email }.
flash-draft-saved = Brouillon { $order } enregistré. Rien n’a été envoyé.
flash-payment-cancelled = Demande { $order } annulée. Son lien ne fonctionne plus.
flash-payment-resent = Demande { $order } de nouveau en route vers { $email }.
flash-merchant-chosen = Vous travaillez maintenant pour { $name }.
flash-order-confirmations-on = Les clients de { $merchant } reçoivent une confirmation après le paiement.
flash-order-confirmations-off = Les clients de { $merchant } ne reçoivent plus de confirmation après le paiement.

problem-forbidden-title = Vous ne pouvez pas faire cela
problem-forbidden-words = Votre rôle ne le prévoit pas, ou le formulaire est resté ouvert trop longtemps. Revenez en arrière, rechargez la page et réessayez ; la personne qui a le rôle de propriétaire dans votre société peut changer le vôtre.
problem-not-found-title = Il n’y a rien ici
problem-not-found-words = L’adresse contient peut-être une faute de frappe, ou vous n’avez pas accès à ce que vous cherchez. Repartez de la liste.
problem-conflict-title = Quelque chose a changé entre-temps
problem-conflict-words = Une autre personne ou le client a agi avant, donc rien n’a été fait. Rechargez la page pour voir où en sont les choses.
problem-too-large-title = Le texte est trop long
problem-too-large-words = Rien n’a été enregistré. Raccourcissez le texte et renvoyez-le.
problem-too-many-title = Trop d’essais en peu de temps
problem-too-many-words = Attendez une minute, puis réessayez. Les paiements ne sont pas touchés.
problem-internal-title = Un problème est survenu de notre côté
problem-internal-words = Les paiements continuent de fonctionner. Réessayez dans quelques minutes.
problem-unavailable-title = Impossible d’afficher la page pour le moment
problem-unavailable-words = Les paiements continuent de fonctionner. Réessayez dans quelques secondes.
problem-malformed-title = Impossible de lire ce qui est arrivé
problem-malformed-words = Rien n’a été changé. Revenez en arrière et renvoyez le formulaire.
problem-quote = Si cela continue, écrivez à l’assistance et indiquez { $id }.
problem-home = Aller à la page d’accueil
