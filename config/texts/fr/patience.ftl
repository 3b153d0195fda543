# Quand un disque est abandonné alors qu’il répond encore, et comment on s’assure que le noyau envoie les vidages.

## Abandonnés

reason-too-slow = Passe { $pass } : pendant { DURATION($period) }, le disque lui-même n’a traité que { BYTES($speed) } par seconde (abandon en dessous de { BYTES($limit) } par seconde, compte tenu de sa part de la liaison). Des données peuvent rester : détruisez le disque, ou rebranchez-le ailleurs et recommencez si le câble ou le quai est en cause.
reason-errors-growing = Passe { $pass } : { $count ->
        [one] une erreur
       *[other] { NUMBER($count) } erreurs
    } sur { BYTES($moved) } en { DURATION($period) } (abandon au-delà de { NUMBER($limit) }, ou de plus d’une par { BYTES($every) }). Des données peuvent rester : détruisez le disque, ou vérifiez le câble et l’alimentation et recommencez s’ils sont en cause.
reason-eta-too-long = Passe { $pass } : le temps restant est demeuré trop long pendant { DURATION($period) }, en dernier { DURATION($left) } (abandon au-delà de { DURATION($limit) }). Des données peuvent rester : détruisez le disque, ou branchez-le sur une liaison plus rapide et recommencez.
reason-no-name = Passe { $pass } : interrogé sur son identité, le disque n’a pas répondu pendant { NUMBER($seconds) } secondes. Des données peuvent rester : détruisez le disque.

## Vidages du cache

write-cache-flushed = Le noyau croyait { $node } sans cache d’écriture (« { $found } ») et ne lui aurait envoyé aucun vidage. Tant que le disque est tenu, les vidages sont envoyés ; le disque a répondu à un premier. Le réglage du noyau est remis ensuite.
write-cache-untried = Le noyau croyait { $node } sans cache d’écriture (« { $found } ») et ne lui aurait envoyé aucun vidage. Tant que le disque est tenu, les vidages sont envoyés ; aucun n’a été essayé d’abord, car le disque était encore en train de s’effacer ou de se formater. Le réglage du noyau est remis ensuite.
write-cache-not-flushed = Le noyau croit { $node } sans cache d’écriture (« { $found } ») et ne lui envoie aucun vidage ; cela n’a pas pu être changé ({ $why }). Si le disque ou son adaptateur en a un malgré tout, une coupure de courant perd ce qui a été écrit en dernier : une reprise revient donc bien avant le dernier point de contrôle.
write-cache-unknown = Le noyau ne dit pas si { $node } a un cache d’écriture : on ne sait pas si les vidages sont envoyés. Une reprise revient bien avant le dernier point de contrôle.
