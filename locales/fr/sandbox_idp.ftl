sandbox-idp-mark = Environnement de test
sandbox-idp-title = Qui voulez-vous être ?
sandbox-idp-lead = Ces comptes sont fictifs. Un clic suffit pour vous connecter, sans mot de passe.
sandbox-idp-current = Connecté
sandbox-idp-refused = Impossible de répondre à cette demande de connexion
sandbox-idp-refused-lead = Revenez à l'application et connectez-vous à nouveau. La raison, pour les développeurs :
sandbox-idp-signed-out = Vous êtes déconnecté
sandbox-idp-signed-out-lead = Vous pouvez fermer cette page.
