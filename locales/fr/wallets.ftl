wallet-title = Portefeuilles d’Alipay+
wallet-intro = Les portefeuilles avec lesquels les clients de chaque pays peuvent payer, partout où un commerçant a Alipay+. Un nouveau fichier vaut aussitôt, partout.
wallet-name = Portefeuille
wallet-country = Clients en
wallet-pays-in = Ils paient en
wallet-way = Comment
wallet-way-qr = Ils scannent un code
wallet-way-redirect = Le portefeuille s’ouvre
wallet-way-both = Ils scannent un code, ou le portefeuille s’ouvre
wallet-between = de { $low } à { $high }
wallet-from = à partir de { $low }
wallet-up-to = jusqu’à { $high }
wallet-replace = Remplacer le catalogue
wallet-replace-words = Prenez le fichier qui vaut à présent, modifiez-le dans un tableur et renvoyez-le. Les portefeuilles absents du nouveau fichier ne sont plus proposés.
wallet-file = Fichier
wallet-file-hint = CSV en UTF-8, { $size } Kio au plus, avec les colonnes wallet, name, country, currency, smallest, largest, way
wallet-versions = Versions
wallet-version = Version
wallet-version-of = Version { $version } de { $name }
wallet-restores = version { $version } rétablie
wallet-first = Celle livrée avec le programme
wallet-count = Portefeuilles
wallet-wallets = { $count ->
    [one] { $count } portefeuille
   *[other] { $count } portefeuilles
}
wallet-counts = vaut à présent
wallet-restore = Rétablir
wallet-fault-file = Ce fichier ne peut pas être le catalogue ; rien n’a été changé
wallet-fault-missing = Choisissez un fichier
wallet-fault-large = Il dépasse { $size } Kio
wallet-fault-text = Ce n’est pas un texte en UTF-8 : enregistrez-le comme « CSV UTF-8 »
wallet-fault-columns = Il manque ces colonnes : { $columns }
wallet-fault-none = Il ne contient aucun portefeuille
wallet-fault-many = Il contient plus de { $most } portefeuilles
wallet-fault-line = Ligne { $line } : { $what }
wallet-fault-twice = Ligne { $line } : { $code } se trouve déjà à la ligne { $first }
wallet-fault-code = « wallet » accepte des minuscules, des chiffres et _, { $most } au plus
wallet-fault-name = « name » accepte de 1 à { $most } caractères
wallet-fault-country = « { $typed } » n’est pas un pays d’ISO 3166-1, comme CN
wallet-fault-currency = « { $typed } » n’est pas une devise d’ISO 4217, comme CNY
wallet-fault-amount = « { $typed } » n’est pas un montant en { $currency }
wallet-fault-bounds = « smallest » dépasse « largest »
wallet-fault-way = « { $typed } » n’est ni qr, ni redirect, ni les deux séparés par une espace
wallet-mine-title = Portefeuilles avec lesquels vos clients peuvent payer
wallet-mine-words = Toute personne qui en possède un peut l’utiliser sur vos pages de paiement. Vous recevez la devise que vous avez demandée.
wallet-mine-off = Alipay+ n’est pas actif chez vous ; avec Alipay+, les clients pourraient payer avec { $count ->
    [one] { $count } portefeuille
   *[other] { $count } portefeuilles
} dans { $countries ->
    [one] { $countries } pays
   *[other] { $countries } pays
}.
wallet-collected = Encaissé par portefeuille ces 30 derniers jours
wallet-collected-nothing = Ces 30 derniers jours, aucun client n’a payé avec un portefeuille. Les tests ne comptent pas.
wallet-unnamed = Portefeuille non précisé
