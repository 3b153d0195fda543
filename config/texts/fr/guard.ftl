# Pourquoi un disque ne peut pas être effacé : ce qui a été trouvé, et quoi faire.
# Les chemins (/dev/sda), codes d’erreur et noms du noyau restent tels quels.

## L’adresse

guard-not-there = Il n’y a pas de disque à l’adresse { $node }. Vérifiez le nom et le branchement ; « tablerase drives » liste les disques présents.
guard-not-block-device = { $node } n’est pas un disque (périphérique bloc). Donnez l’adresse d’un disque entier, par exemple /dev/sdb.
guard-not-in-sysfs = { $node } a l’apparence d’un disque, mais le noyau n’en connaît aucun sous ce numéro. Vérifiez que /sys est monté, puis rebranchez le disque.
guard-node-missing = { $address } mène au disque que le noyau nomme { $node }, mais { $node } n’existe pas dans /dev ou mène ailleurs. Rétablissez /dev avant d’effacer.
guard-permission = Le système refuse l’accès à { $node }. Lancez la commande en tant que root ; dans un conteneur, donnez-lui aussi ce périphérique.
guard-open-failed = { $node } ne s’ouvre pas (erreur { $error }). Vérifiez l’alimentation et le câble, rebranchez le disque et recommencez.
guard-survey-failed = { $node } n’a pas pu être examiné ({ $what }). Tant que la cause n’est pas levée, ce disque n’est pas effacé.
guard-silent = { $node } n’a pas répondu en { NUMBER($seconds) } secondes. Retirez ce disque, ou coupez puis rétablissez son alimentation, et recommencez.

## Ce que c’est

guard-partition = { $node } est une partition. Seul un disque entier s’efface : donnez { $disk }.
guard-stacked = { $node } est un volume bâti sur { $beneath }. Démontez ce volume, puis effacez les disques eux-mêmes.
guard-not-a-drive = { $node } n’est pas un disque que le banc sait effacer (lecteur optique, mémoire ou volume du noyau). Donnez l’adresse d’un disque entier.
guard-loop-empty = { $node } n’est relié à aucun fichier. Reliez-le avec « losetup », ou retirez-le de la liste.
guard-loop-over-device = { $node } n’est qu’un autre accès au disque { $disk }. Détachez-le avec « losetup -d { $node } » et donnez { $disk }.
guard-loop-in-state = { $node } est le fichier { $file }, qui se trouve dans le dossier du banc { $where }. Déplacez ce fichier ou choisissez-en un autre.
guard-loop-file-missing = Le fichier derrière { $node } ({ $file }) a été supprimé, remplacé, ou n’est pas visible d’ici. Détachez-le avec « losetup -d { $node } » et reliez le bon fichier.
guard-zoned = { $node } est un disque à zones gérées par l’hôte (SMR), que cette version ne sait pas réécrire. Mettez-le de côté pour la destruction.

## Il sert

guard-mounted = { $node } est monté sur { $where }. Si ce disque doit bien être effacé, démontez-le d’abord avec « umount ».
guard-holder = { $node } est utilisé par { $holders } (LVM, chiffrement, RAID ou cache). Si ce disque doit bien être effacé, arrêtez d’abord ce volume.
guard-swap = { $node } porte la mémoire d’échange active { $where }. Désactivez-la avec « swapoff » si ce disque doit bien être effacé.
guard-held = Un autre programme réserve { $node }. Fermez-le (« fuser -v { $node } » le nomme) et recommencez.
guard-system = { $node } porte le système de cette machine ({ $where }). Il n’est jamais effacé : retirez-le de la liste.
guard-state = { $node } porte le dossier du banc ({ $where }), avec ses preuves. Il n’est jamais effacé : retirez-le de la liste.
guard-program = { $node } porte le programme lui-même ({ $where }). Il n’est jamais effacé : retirez-le de la liste.
guard-read-only = { $node } est protégé en écriture. Ôtez la protection (interrupteur de la carte, ou « blockdev --setrw { $node } ») et recommencez.
guard-untraceable = Le disque qui porte { $where } n’a pas pu être retrouvé ({ $found }) : ce pourrait être { $node }. Lancez le banc depuis un système installé sur un disque ordinaire.

## Taille et secteurs

guard-size-unknown = La taille de { $node } n’est confirmée par aucune seconde lecture. Rebranchez le disque et recommencez ; sinon, mettez-le de côté pour la destruction.
guard-size-zero = { $node } annonce une taille nulle : pas de support, ou un disque en panne ou encore occupé. Attendez, rebranchez-le et recommencez ; sinon, mettez-le de côté pour la destruction.
guard-size-ask-level = S’il s’agit d’un disque SAS à secteurs de 520 ou 528 octets, ajoutez --level (clear ou purge) ou --policy : la taille est alors demandée au disque lui-même.
guard-own-size-none = Interrogé lui-même, { $node } n’annonce pas non plus de taille en secteurs de 520 ou 528 octets. Coupez puis rétablissez son alimentation et recommencez ; sinon, mettez-le de côté pour la destruction.
guard-sanitize-running = { $node } est en train de s’effacer lui-même (sanitize) et ne donne pas sa taille pendant ce temps. On ne peut pas l’arrêter : attendez la fin, puis rebranchez le disque.
guard-note-own-size = L’ordinateur ne peut pas lire les secteurs de { $node }, de { $sector } octets, et annonce une taille nulle. Le disque lui-même annonce { $size } octets ({ $source }).
guard-size-differs = Les tailles lues pour { $node } ne concordent pas ({ $answers }, en octets). Rebranchez le disque ; si elles diffèrent encore, mettez-le de côté pour la destruction.
guard-size-unread = La taille de { $node } n’a pas pu être lue par { $source } (erreur { $error }). Rebranchez le disque et recommencez.
guard-sector-size = { $node } a des secteurs de { $sector } octets ; le banc écrit des secteurs de 512 ou 4096 octets. Reformatez le disque à l’une de ces tailles, ou mettez-le de côté pour la destruction.
guard-size-not-sectors = La taille de { $node } ({ $size } octets) n’est pas un nombre entier de secteurs de { $sector } octets. Corrigez la taille du fichier ou du disque.
guard-attribute-missing = Le noyau ne dit rien de « { $attribute } » pour { $node }. Vérifiez que /sys est monté et complet, puis rebranchez le disque.

## Qui il est

guard-identity-unread = { $node } n’a pas dit qui il est. Branchez-le sur un quai SATA, SAS ou NVMe et recommencez.
guard-identify-damaged = La réponse de { $node } à IDENTIFY DEVICE est inutilisable ({ $what }). Vérifiez le câble et rebranchez le disque.
guard-behind-bridge = { $node } se cache derrière son adaptateur USB : seul l’adaptateur répond, pas le disque. Branchez le disque sur un quai SATA ou NVMe. Une clé USB ne peut pas être identifiée.
guard-command-at-work = { $node } s’efface lui-même, sur une commande de ce poste. Derrière son adaptateur USB, le disque ne peut pas dire qui il est avant la fin. Attendez-la, puis recommencez.
guard-note-enclosure = L’adaptateur USB de { $node } porte le numéro de série { $serial } ; ce n’est pas celui du disque.
guard-note-udev-serial = Ce système donne à { $node } le numéro de série { $serial } (lsblk, /dev/disk/by-id) ; le disque lui-même en annonce un autre, qui fait foi.
guard-no-model = { $node } ne donne pas de modèle : on ne peut pas le distinguer d’un autre. Branchez-le sur un autre quai, ou mettez-le de côté pour la destruction.
guard-no-serial = { $node } ne donne pas de numéro de série : on ne peut pas le distinguer d’un autre. Branchez-le sur un autre quai, ou mettez-le de côté pour la destruction.

## La liste des disques à ne jamais effacer, et l’ensemble demandé

guard-protected = { $node } figure sur la liste des disques à ne jamais effacer ({ $name }, depuis le { DATE($since) } : { $why }). Retirez-le du banc.
guard-same-node = { $address } et { $other } mènent au même disque, { $node }. Ne le donnez qu’une fois.
guard-may-be-same = { $node } et { $other } pourraient être un seul et même disque (numéro de série { $serial }). Débranchez l’un des deux accès et recommencez.
guard-siblings-apart = { $node } et { $other } sont des espaces de noms d’un même disque. Avec --level ou --policy, le disque efface les deux à la fois ; sans cela, demandez-les l’un après l’autre.
guard-mixed = { $node } est demandé avec d’autres disques alors que les uns sont simulés et les autres réels. Faites-en deux ensembles.

## Ce qui a changé depuis le plan

guard-replaced = Ce n’est plus le même disque à l’adresse { $node }. Rien n’y sera écrit ; remettez le disque prévu, ou refaites le plan.
guard-not-found = Le disque { $model }, numéro de série { $serial }, n’est ni à l’adresse { $hint } ni ailleurs sur cette machine. Rebranchez-le pour reprendre.
guard-changed-source = L’identité de { $node } n’est plus lue de la même façon ({ $now } au lieu de { $was }). Remettez le disque sur son quai d’origine, ou refaites le plan.
guard-changed-model = Le modèle de { $node } a changé : « { $now } » au lieu de « { $was } ». Remettez le disque prévu, ou refaites le plan.
guard-changed-serial = Le numéro de série de { $node } a changé : « { $now } » au lieu de « { $was } ». Remettez le disque prévu, ou refaites le plan.
guard-changed-wwn = Le WWN de { $node } a changé : « { $now } » au lieu de « { $was } ». Remettez le disque prévu, ou refaites le plan.
guard-changed-size = La taille de { $node } a changé : { $now } octets au lieu de { $was }. Rebranchez le disque et refaites le plan.
guard-changed-sector = La taille de secteur de { $node } a changé : { $now } octets au lieu de { $was }. Rebranchez le disque et refaites le plan.
guard-changed-siblings = Le disque de { $node } a maintenant { NUMBER($now) } adresses, au lieu de { NUMBER($was) }, ou d’autres qu’avant. Voyez ce qu’il en est et refaites le plan.
guard-changed-attachment = { $node } est branché autrement ({ $now } au lieu de { $was }). Remettez le disque sur son quai d’origine, ou refaites le plan.
