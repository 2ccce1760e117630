home-title = Te damos la bienvenida
home-hello = Hola, { $name }
home-nothing = Aquí aún no hay nada para tu rol. Sus páginas llegan en una versión posterior.
