# Ce qui se passe quand un ordre d’effacement est donné à un disque, ou ne peut pas l’être.

## Un ordre qui n’a pas été pris

erase-another-running = Le disque s’efface déjà, sur un ordre donné par un autre. Attendez la fin ; rien n’est donné par-dessus.
erase-status-stale = Après l’ordre, le disque n’a rien montré d’autre que le résultat d’un effacement plus ancien : rien ne dit qu’il a commencé. Coupez son alimentation et recommencez, sinon détruisez-le.
erase-never-began = Le disque a accepté l’ordre, mais rien ne montre qu’il s’est mis à effacer. Coupez son alimentation et recommencez, sinon détruisez-le.
erase-status-unreadable = L’état de l’effacement n’a pas pu être lu pendant { $seconds } secondes ; rien n’en est conclu. Branchez le disque directement, sans boîtier USB.
erase-interrupted = Cet effacement a été interrompu sans que personne n’en voie la fin : il est à recommencer.
erase-never-given = L’ordre n’était pas encore parti vers le disque : l’étape est à commencer.
erase-worker-busy = Un ordre de ce banc est encore en cours sur ce disque. Reprenez ce travail avec « tablerase resume ».
erase-no-namespace = Le disque ne montre aucun espace de noms actif : il n’y a rien à formater.

## Le mot de passe ATA

erase-security-unsupported = Le disque ne montre pas de fonction de sécurité ATA utilisable.
erase-enhanced-unsupported = Le disque ne connaît pas l’effacement sécurisé étendu.
erase-security-frozen = La sécurité du disque est gelée. Coupez puis rétablissez son alimentation, puis recommencez.
erase-security-tries-spent = Trop de mots de passe erronés ont été essayés : le disque n’en accepte plus avant une coupure de son alimentation.
erase-password-refused = Le disque refuse le mot de passe de ce poste ; il n’est pas essayé de nouveau, car les essais sont comptés. Son propriétaire peut retirer le mot de passe, sinon détruisez le disque.
erase-password-left = L’effacement n’a pas été pris ({ $why }), et le mot de passe posé n’a pas pu être retiré : le disque reste protégé par le mot de passe de ce poste. Reprenez ce travail.

## Opal, zones cachées

erase-psid-refused = Le disque refuse ce PSID ({ $code }). Relisez l’étiquette, caractère par caractère ; les essais sont comptés.
erase-revert-impossible = Ce poste ne sait pas ramener un disque Opal à l’état d’usine : ni le noyau, ni « sedutil-cli » ne le permettent ici. Installez sedutil-cli ou prenez un autre poste.
erase-hidden-refused =
    { $kind ->
        [hpa] Le disque refuse de rouvrir sa zone cachée (HPA). Il ne l’accepte qu’une fois par mise sous tension : coupez son alimentation et recommencez.
        [dco] Le disque refuse de rouvrir sa zone cachée (DCO). Il ne l’accepte qu’une fois par mise sous tension : coupez son alimentation et recommencez.
       *[ama] Le disque refuse de rouvrir sa zone cachée (AMA). Il ne l’accepte qu’une fois par mise sous tension : coupez son alimentation et recommencez.
    }
erase-native-differs = Le disque a donné deux capacités différentes coup sur coup ; sa zone cachée n’est pas touchée. Branchez-le directement et recommencez.

## Le disque, son alimentation, les témoins

erase-drive-lost = Le disque { $serial } ne répond plus ({ $detail }). Vérifiez son alimentation et son câble, puis reprenez ce travail.
erase-drive-hangs = Le disque { $serial } est là et ne répond pas à une commande dans le temps imparti. Coupez son alimentation et réessayez ; si cela se répète, détruisez-le.
erase-not-to-be-disturbed = Le disque { $serial } est en plein effacement et ne doit pas être interrogé : cela pourrait l’interrompre. Attendez la fin.
erase-worker-silent = Un ordre de ce banc tient encore { $node } sans répondre. Attendez quelques minutes, puis reprenez ce travail.
erase-failure-mode-stays = Le disque garde son support fermé après l’échec de sa purge (sanitize). Relancez-la, sinon détruisez le disque.
erase-power-failed = L’alimentation du disque { $serial } n’a pas pu être coupée et rétablie ({ $why }).
erase-power-not-seen = Rien ne montre que le disque { $serial } a été privé d’alimentation. Coupez-la pendant dix secondes, rétablissez-la, puis reprenez ce travail.
erase-power-not-back = Le disque { $serial } n’est pas revenu après la coupure. Vérifiez son câble et son alimentation, puis reprenez ce travail.
erase-power-not-counted = Le disque { $serial } a disparu et reparu, mais son propre compteur de mises sous tension en est resté à { $count } : il n’a pas été coupé. Coupez son alimentation elle-même, puis reprenez ce travail.
erase-power-other = Un autre disque ({ $other }) est à la place du disque { $serial }, qui n’est pas revenu : il n’a pas été touché. Remettez { $serial }, puis reprenez ce travail.
power-request-off = Disque { $serial } : COUPEZ son alimentation et attendez dix secondes. (encore { $minutes } min)
power-request-on = Disque { $serial } : il est éteint. RÉTABLISSEZ son alimentation, ici ou sur un autre port. (encore { $minutes } min)
power-request-other = Un autre disque ({ $other }) est à la place de { $serial } : retirez-le et remettez { $serial }. (encore { $minutes } min)
erase-plant-failed = Un bloc témoin n’a pas pu être écrit à l’octet { $offset } ({ $why }).
erase-namespace-out-of-reach = L’espace de noms NVMe { $nsid } n’est pas accessible par cette voie : aucun témoin ne peut y être posé.
erase-block-odd = Le disque a des secteurs de { $length } octets, que le système ne sait ni lire ni écrire : aucun témoin ne peut y être posé.
