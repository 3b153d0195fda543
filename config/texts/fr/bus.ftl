# Ce que tous les quais peuvent transporter ensemble : `tablerase bus`.

cli-bus-short = Mesurer ce que les quais transportent ensemble
cli-bus-help =
    Lit chaque disque seul, puis tous à la fois, et dit ce qu’ils atteignent. S’ils se gênent, c’est le bus qui limite : recopiez la valeur affichée dans le fichier de réglages, et le temps restant en tiendra compte. Rien n’est écrit sur aucun disque.

    Mettez dans les quais autant de disques rapides qu’il y en aura au travail. Ne mesurez pas pendant un effacement.
cli-argument-bus-addresses = Adresses des disques. Sans adresse, tous ceux de la machine que rien d’autre n’utilise ; les disques simulés doivent être nommés.
cli-option-bus-seconds = Durée de lecture de chaque disque, puis de tous ensemble. Par défaut 3.

bus-step-alone = { $step } sur { $steps } : { $address } seul …
bus-step-together = { $step } sur { $steps } : tous ensemble …
bus-column-alone = Seul
bus-column-together = Avec les autres
bus-total = Ensemble
bus-left-out = { $address } a été laissé de côté : il est utilisé ou ne doit pas être touché. « tablerase drives { $address } » dit pourquoi.
bus-silent = { $address } n’a pas pu être lu. Il est peut-être malade, ou son câble mal branché ; mesurez sans lui.
bus-full = Ensemble, ils atteignent { $percent } % de ce qu’ils peuvent chacun seul : c’est le bus qui limite. Pour le fichier de réglages, en tête :
bus-roomy = Les disques se gênent à peine : le bus peut transporter au moins { BYTES($rate) }/s. Laissez bus_bandwidth à 0, ou mesurez de nouveau avec plus de disques.
bus-too-few =
    Il faut au moins deux disques pour voir s’ils se gênent ; { $count ->
        [0] aucun n’est libre
        [one] un seul est libre
       *[other] { $count } sont libres
    }. { $left ->
        [0] Mettez d’autres disques dans les quais, ou nommez des disques simulés.
       *[other] « tablerase drives » dit pourquoi les autres ne le sont pas.
    }
bus-seconds-out-of-range = « { $given } » : un nombre entier de { $least } à { $most } est attendu.
