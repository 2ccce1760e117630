home-title = Welcome
# $name (String) - the user's name
home-hello = Hello { $name }
home-nothing = There is nothing for your role here yet. The pages for it follow in a later version.
