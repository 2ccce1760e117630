sandbox-idp-mark = Entorno de pruebas
sandbox-idp-title = ¿Quién quieres ser?
sandbox-idp-lead = Estas cuentas son inventadas. Entras con un clic, sin contraseña.
sandbox-idp-current = Sesión iniciada
sandbox-idp-refused = No podemos responder a esta solicitud de acceso
sandbox-idp-refused-lead = Vuelve a la aplicación e inicia sesión de nuevo. El motivo, para desarrolladores:
sandbox-idp-signed-out = Has cerrado la sesión
sandbox-idp-signed-out-lead = Puedes cerrar esta página.
