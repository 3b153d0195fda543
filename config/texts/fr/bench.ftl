# Ce que dit le banc lui-même : dossier, journal, travaux, disques simulés.

## Dossier et journal

state-absent = Il n’y a pas encore de banc dans { $folder }. Vérifiez --state, ou effacez un premier disque.
state-unusable = Le dossier du banc { $folder } ne peut pas servir ({ $why }). Vérifiez ses droits d’accès, ou choisissez-en un autre avec --state.
state-locked = Le banc { $folder } est déjà tenu par le processus { $holder }. Attendez qu’il ait fini, ou arrêtez-le proprement (Ctrl-C dans son terminal).
journal-unreadable = Le journal { $path } ne peut pas être lu ({ $why }). N’y touchez pas : copiez le dossier, puis restaurez une sauvegarde.
journal-older = Le journal { $path } est d’une version antérieure de ce programme, et une commande qui ne fait que lire ne le change pas. Ouvrez-le une fois avec « tablerase resume » : cela le met à jour et reprend les travaux inachevés s’il y en a. Copiez d’abord le dossier.
journal-unwritable = Le journal { $path } ne peut plus être écrit ({ $why }). Libérez de la place sur ce disque ou réparez-le, puis lancez « tablerase resume ».
journal-not-understood = Le journal contient ce que cette version ne sait pas lire ({ $why }). Utilisez la version de Table Rase qui l’a écrit, ou une plus récente.
document-unwritable = Les documents ne peuvent pas être écrits dans { $folder } ({ $why }). Libérez de la place ou corrigez les droits ; rien n’est perdu, le registre les contient.
record-unknown = Le registre n’a pas de document n° { $number }. « tablerase certificate list » les liste.

## Travaux

plan-empty = Rien n’a été armé : l’ensemble n’est pas entièrement effaçable.
job-broke-off = Le travail { $job } s’est arrêté sur un défaut du programme ({ $what }). Rien de plus n’a été écrit ; « tablerase resume » peut le reprendre. Signalez ce défaut.
job-not-running = Le travail { $job } n’est pas en cours. « tablerase resume --list » liste ceux qui sont inachevés.
job-not-resumable = Le travail { $job } n’est pas inachevé, ou n’existe pas. « tablerase resume --list » liste ceux qui le sont.
drive-being-erased = { $address } est en cours d’effacement (travail { $job }). Attendez la fin de ce travail.
drive-not-claimed = { $address } ne peut pas être réservé ({ $why }). Fermez ce qui l’utilise ou rebranchez-le, puis recommencez.
drive-not-found = Le disque attendu à l’adresse { $address } n’a pas été retrouvé ({ $why }). Rebranchez-le, puis lancez « tablerase resume ».

reason-cancelled = L’effacement a été abandonné sur ordre (opérateur : { $operator }).
reason-replaced = Un nouvel effacement du même disque a remplacé celui-ci avant sa fin.
reason-worker-lost = Le programme qui écrivait s’est perdu plusieurs fois de suite ({ $what }). Examinez la machine, puis recommencez l’effacement.

## Disques à ne jamais effacer

protect-no-name = « { $name } » n’est ni un numéro de série ni un WWN : il y faut au moins une lettre ou un chiffre.
protect-unknown = « { $name } » ne figure pas sur la liste des disques à ne jamais effacer. « tablerase protect --list » l’affiche.

## Disques simulés
sim-absent = Il n’y a pas de disque simulé à l’adresse { $address }. Vérifiez le dossier.
sim-another-drive = À l’adresse { $address } se trouve un autre disque simulé, de numéro de série { $serial } : rien n’y est écrit. Remettez le disque attendu.
sim-busy = Le disque simulé { $address } est déjà réservé. Attendez la fin de ce qui l’utilise.
sim-no-answer = Le disque simulé { $address } ne répond pas ({ $error }). Arrêtez-le et redémarrez-le.
sim-off = Le disque simulé { $address } est éteint. Démarrez-le.
