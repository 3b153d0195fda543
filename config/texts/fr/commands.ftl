# Ce que les disques répondent aux commandes. Les codes entre parenthèses sont ceux du disque, tels quels.

## Une commande refusée, ou restée sans réponse claire

command-refused =
    { $why ->
        [unsupported] Le disque ne connaît pas cette commande ({ $code }).
        [invalid] Le disque connaît cette commande, mais pas sous cette forme ({ $code }).
        [out-of-range] Le disque refuse l’adresse demandée ({ $code }).
        [not-ready] Le disque n’est pas prêt ({ $code }). Attendez une minute, puis recommencez.
        [no-medium] Il n’y a pas de support dans le lecteur ({ $code }).
        [sanitize-running] Une purge du disque par lui-même (sanitize) est en cours ({ $code }). Attendez qu’elle finisse.
        [sanitize-failed] La dernière purge du disque par lui-même (sanitize) a échoué ({ $code }). Recommencez-la, sinon le disque est à détruire.
        [sanitize-frozen] La purge par le disque (sanitize) est bloquée jusqu’à sa prochaine mise sous tension ({ $code }). Coupez puis rétablissez son alimentation.
        [format-running] Un formatage du disque est en cours ({ $code }). Attendez qu’il finisse.
        [format-corrupt] Le dernier formatage du disque n’est pas allé à son terme ({ $code }). Il faut formater de nouveau.
        [depopulating] Le disque est en train de retirer ou de remettre en service une partie de lui-même ({ $code }). Attendez qu’il finisse.
        [locked] Le disque est verrouillé ({ $code }). Il faut le mot de passe, ou le PSID imprimé sur l’étiquette.
        [protected] Le disque est protégé en écriture ({ $code }).
        [medium] Le disque n’arrive pas à lire ou à écrire son support ({ $code }).
        [hardware] Le disque signale une panne ({ $code }).
        [aborted] Le disque a refusé la commande sans dire pourquoi ({ $code }).
        [attention] Le disque vient d’être réinitialisé ou modifié ({ $code }) ; la commande n’a pas été exécutée.
        [reserved] Une autre machine a réservé le disque ({ $code }).
        [busy] Le disque est occupé ({ $code }).
       *[other] Le disque a refusé la commande ({ $code }).
    }
command-unclear =
    { $doubt ->
        [lost] La commande ou sa réponse s’est perdue en route ({ $detail }). Vérifiez le câble et le boîtier.
        [malformed] La réponse du disque n’a pas la forme prévue ({ $detail }) ; rien n’en est déduit.
        [no-registers] La réponse est revenue sans le résultat attendu ({ $detail }) ; un boîtier USB le perd peut-être.
       *[contradiction] La réponse du disque se contredit ({ $detail }) ; rien n’en est déduit.
    }
command-stopped = Après { $count } commandes perdues, le disque n’a plus été interrogé. Branchez-le autrement pour en savoir plus.

## Ce qui se trouve entre le banc et le disque

command-interface-none = Par cette voie ({ $interface }), aucune commande d’effacement n’atteint un disque : seul l’écrasement est possible.
command-not-a-disk = L’appareil se présente comme un autre type que disque ({ $kind }) ; aucune commande d’effacement ne lui est envoyée.
command-identify-failed = Le disque ne se présente pas comme prévu ; aucune commande d’effacement ne lui est envoyée.
command-usb-nvme-bridge = { $bridge } est un boîtier USB pour disques NVMe, qui ne transmet pas toutes les commandes : seul l’écrasement est possible. Pour une purge, branchez le disque sur un port PCIe (M.2).
command-bridge-silent = Le boîtier USB { $bridge } ne transmet pas les commandes au disque : seul l’écrasement est possible. Pour une purge, branchez le disque directement en SATA.
command-twelve-only = Le boîtier USB { $bridge } ne transmet que les commandes courtes : la purge par le disque (sanitize) est hors d’atteinte. Branchez le disque directement en SATA.
command-bridge-serial = Le boîtier USB annonce le numéro de série { $bridge }, le disque lui-même { $drive } ; celui du disque compte.
command-identity-differs = Le disque donne maintenant le numéro de série { $drive }, le système connaît { $system } ({ $source }). Débranchez le disque, rebranchez-le et recommencez.
command-size-differs = Le disque dit avoir { $drive } octets, mais { $way } octets en sont accessibles par cette voie. Branchez le disque directement, sinon le reste ne serait pas écrasé.

## Ce que le disque ne dit pas

command-hidden-unknown =
    { $kind ->
        [hpa] Impossible de savoir si une zone cachée (HPA) réduit la capacité du disque.
        [dco] Impossible de savoir si une configuration (DCO) réduit la capacité du disque.
       *[ama] Impossible de savoir si un réglage (AMA) réduit la capacité du disque.
    }
command-sanitize-half = L’état de la purge par le disque (sanitize) revient incomplet, sans doute à cause du boîtier USB : une purge ne pourrait pas être prouvée. Branchez le disque directement en SATA.
command-opal-closed = Le disque sait se chiffrer, mais son état de verrouillage n’a pas pu être lu. En SATA, le noyau doit être lancé avec « libata.allow_tpm=1 ».
command-sector-unknown = La taille des secteurs du disque n’a pas pu être lue.
command-namespaces-unlisted = La liste de tous les espaces de noms NVMe n’a pas pu être lue : il y en a peut-être d’autres.
command-namespaces-unread = Espaces de noms NVMe qui n’ont pas été examinés un à un : { $count }.
command-controllers-unknown = Le disque NVMe a plusieurs contrôleurs, et leur liste n’a pas pu être lue : une autre machine l’utilise peut-être.
