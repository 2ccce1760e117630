home-title = Bienvenue
home-hello = Bonjour { $name }
home-nothing = Il n’y a encore rien ici pour votre rôle. Ses pages arrivent dans une version ultérieure.
