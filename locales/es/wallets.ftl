wallet-title = Monederos de Alipay+
wallet-intro = Los monederos con los que pueden pagar los clientes de cada país, dondequiera que un comercio tenga Alipay+. Un archivo nuevo vale al momento, en todas partes.
wallet-name = Monedero
wallet-country = Clientes en
wallet-pays-in = Pagan en
wallet-way = Cómo
wallet-way-qr = Escanean un código
wallet-way-redirect = Se abre el monedero
wallet-way-both = Escanean un código, o se abre el monedero
wallet-between = de { $low } a { $high }
wallet-from = desde { $low }
wallet-up-to = hasta { $high }
wallet-replace = Sustituir el catálogo
wallet-replace-words = Toma el archivo que vale ahora, modifícalo en una hoja de cálculo y envíalo de nuevo. Los monederos que falten en el archivo nuevo dejan de ofrecerse.
wallet-file = Archivo
wallet-file-hint = CSV en UTF-8, { $size } KiB como máximo, con las columnas wallet, name, country, currency, smallest, largest, way
wallet-versions = Versiones
wallet-version = Versión
wallet-version-of = Versión { $version } de { $name }
wallet-restores = restaurada la versión { $version }
wallet-first = La que vino con el programa
wallet-count = Monederos
wallet-wallets = { $count ->
    [one] { $count } monedero
   *[other] { $count } monederos
}
wallet-counts = vale ahora
wallet-restore = Restaurar
wallet-fault-file = Este archivo no puede ser el catálogo; no se cambió nada
wallet-fault-missing = Elige un archivo
wallet-fault-large = Pasa de { $size } KiB
wallet-fault-text = No es un texto en UTF-8: guárdalo como «CSV UTF-8»
wallet-fault-columns = Faltan estas columnas: { $columns }
wallet-fault-none = No contiene ningún monedero
wallet-fault-many = Contiene más de { $most } monederos
wallet-fault-line = Línea { $line }: { $what }
wallet-fault-twice = Línea { $line }: { $code } ya está en la línea { $first }
wallet-fault-code = «wallet» admite letras minúsculas, cifras y _, { $most } como máximo
wallet-fault-name = «name» admite de 1 a { $most } caracteres
wallet-fault-country = «{ $typed }» no es un país de ISO 3166-1, como CN
wallet-fault-currency = «{ $typed }» no es una divisa de ISO 4217, como CNY
wallet-fault-amount = «{ $typed }» no es un importe en { $currency }
wallet-fault-bounds = «smallest» es mayor que «largest»
wallet-fault-way = «{ $typed }» no es qr, redirect o ambos separados por un espacio
wallet-mine-title = Monederos con los que pueden pagar tus clientes
wallet-mine-words = Quien tenga uno de ellos paga con él en tus páginas de pago. Tú recibes la divisa que pediste.
wallet-mine-off = Alipay+ no está activo para ti; con Alipay+ los clientes podrían pagar con { $count ->
    [one] { $count } monedero
   *[other] { $count } monederos
} en { $countries ->
    [one] { $countries } país
   *[other] { $countries } países
}.
wallet-collected = Cobrado con monederos en los últimos 30 días
wallet-collected-nothing = En los últimos 30 días ningún cliente ha pagado con un monedero. Las pruebas no cuentan.
wallet-unnamed = Monedero sin indicar
