# Les réglages de l’atelier

settings-unreadable = Le fichier de réglages { $file } ne peut pas être lu ({ $why }). Vérifiez son chemin et ses droits d’accès.
settings-not-toml = Le fichier de réglages { $file } n’est pas du TOML en UTF-8 ({ $why }). Corrigez cette ligne.
settings-unknown = Fichier de réglages { $file } : « { $name } » n’est pas un réglage. Comparez avec config/settings.example.toml.
settings-too-small = Fichier de réglages { $file } : { $name } = { $found } est trop petit, il faut au moins { $limit }.
settings-not-above = Fichier de réglages { $file } : { $name } = { $found } est trop petit, il faut plus de { $limit }.
settings-too-large = Fichier de réglages { $file } : { $name } = { $found } est trop grand, il faut au plus { $limit }.
settings-not-a-number = Fichier de réglages { $file } : { $name } = { $found } n’est pas de la forme attendue. Comparez avec config/settings.example.toml.
cli-option-settings = Fichier TOML des réglages de l’atelier ; config/settings.example.toml les montre tous.
