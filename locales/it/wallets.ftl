wallet-title = Portafogli Alipay+
wallet-intro = Con quale portafoglio possono pagare i clienti di quale paese, ovunque un esercente abbia Alipay+. Un nuovo file vale subito, dappertutto.
wallet-name = Portafoglio
wallet-country = Clienti in
wallet-pays-in = Pagano in
wallet-way = Come
wallet-way-qr = Inquadrano un codice
wallet-way-redirect = Si apre il portafoglio
wallet-way-both = Inquadrano un codice, o si apre il portafoglio
wallet-between = da { $low } a { $high }
wallet-from = da { $low }
wallet-up-to = fino a { $high }
wallet-replace = Sostituisci il catalogo
wallet-replace-words = Scarica il file che vale ora, modificalo in un foglio di calcolo e invialo di nuovo. I portafogli che mancano nel nuovo file non vengono più proposti.
wallet-file = File
wallet-file-hint = CSV in UTF-8, al massimo { $size } KiB, con le colonne wallet, name, country, currency, smallest, largest, way
wallet-versions = Versioni
wallet-version = Versione
wallet-version-of = Versione { $version } di { $name }
wallet-restores = ripristinata la versione { $version }
wallet-first = Quella fornita con il programma
wallet-count = Portafogli
wallet-wallets = { $count ->
    [one] { $count } portafoglio
   *[other] { $count } portafogli
}
wallet-counts = vale ora
wallet-restore = Ripristina
wallet-fault-file = Questo file non può essere il catalogo; nulla è cambiato
wallet-fault-missing = Scegli un file
wallet-fault-large = Supera { $size } KiB
wallet-fault-text = Non è un testo in UTF-8: salvalo come «CSV UTF-8»
wallet-fault-columns = Mancano queste colonne: { $columns }
wallet-fault-none = Non contiene alcun portafoglio
wallet-fault-many = Contiene più di { $most } portafogli
wallet-fault-line = Riga { $line }: { $what }
wallet-fault-twice = Riga { $line }: { $code } è già nella riga { $first }
wallet-fault-code = «wallet» accetta lettere minuscole, cifre e _, al massimo { $most }
wallet-fault-name = «name» accetta da 1 a { $most } caratteri
wallet-fault-country = «{ $typed }» non è un paese di ISO 3166-1, come CN
wallet-fault-currency = «{ $typed }» non è una valuta di ISO 4217, come CNY
wallet-fault-amount = «{ $typed }» non è un importo in { $currency }
wallet-fault-bounds = «smallest» è maggiore di «largest»
wallet-fault-way = «{ $typed }» non è qr, redirect o entrambi separati da uno spazio
wallet-mine-title = Portafogli con cui possono pagare i tuoi clienti
wallet-mine-words = Chi ne ha uno lo usa per pagare nelle tue pagine di pagamento. Tu ricevi la valuta che hai chiesto.
wallet-mine-off = Alipay+ non è attivo per te; con Alipay+ i clienti potrebbero pagare con { $count ->
    [one] { $count } portafoglio
   *[other] { $count } portafogli
} in { $countries ->
    [one] { $countries } paese
   *[other] { $countries } paesi
}.
wallet-collected = Incassato con i portafogli negli ultimi 30 giorni
wallet-collected-nothing = Negli ultimi 30 giorni nessun cliente ha pagato con un portafoglio. Le prove non contano.
wallet-unnamed = Portafoglio non indicato
