# Fichiers de politique (--policy) : ce qui y est faux, et où.

policy-unreadable = { $file } ne peut pas être lu : { $why }.
policy-not-toml = { $file } n’est pas un fichier TOML : { $why }.
policy-field-missing = { $file } : il manque « { $field } », que chaque politique doit dire.
policy-field-unknown = { $file }, ligne { $line } : « { $field } » n’est pas connu. Corrigez-le ou retirez-le.
policy-field-empty = { $file }, ligne { $line } : « { $field } » est vide.
policy-out-of-range = { $file }, ligne { $line } : « { $field } » vaut { $found }, hors limites ({ $limit }).
policy-wrong-choice = { $file }, ligne { $line } : « { $field } » vaut { $found } ; choix possibles : { $choices }.
policy-wrong-value = { $file }, ligne { $line } : « { $field } » ne peut pas être { $found }. Voyez les exemples fournis, clear.toml et purge.toml.
policy-technique-twice = { $file }, ligne { $line } : « { $field } » nomme deux fois { $found }.
policy-too-few-canaries = { $file }, ligne { $line } : « { $field } » vaut { $found } : choisissez 0, ou au moins { $fewest }.
