home-title = Ti diamo il benvenuto
home-hello = Buongiorno { $name }
home-nothing = Qui non c’è ancora nulla per il tuo ruolo. Le sue pagine arrivano in una versione successiva.
