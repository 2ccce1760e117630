sandbox-idp-mark = Ambiente di prova
sandbox-idp-title = Chi vuoi essere?
sandbox-idp-lead = Questi account sono inventati. Basta un clic per accedere, senza password.
sandbox-idp-current = Accesso attivo
sandbox-idp-refused = Non possiamo rispondere a questa richiesta di accesso
sandbox-idp-refused-lead = Torna all'applicazione e accedi di nuovo. Il motivo, per chi sviluppa:
sandbox-idp-signed-out = Hai effettuato la disconnessione
sandbox-idp-signed-out-lead = Puoi chiudere questa pagina.
