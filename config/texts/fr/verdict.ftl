# Ce qui est prouvé au sujet des données, et pourquoi. La santé du disque est un autre axe et d’autres mots.

## Verdicts, tels qu’on les lit sur l’écran et sur le papier

verdict-erased = EFFACÉ
verdict-erased-with-remarks = EFFACÉ – AVEC REMARQUES
verdict-failed = À DÉTRUIRE – PEUT CONTENIR DES DONNÉES
verdict-aborted = À REFAIRE – EFFACEMENT NON PROUVÉ
verdict-unproven = À REFAIRE – EFFACEMENT NON PROUVÉ

## Ce qui s’ensuit

verdict-erased-consequence = Les données ont été effacées et l’effacement a été contrôlé. La santé du disque n’a pas été évaluée : évaluez-la avant tout réemploi.
verdict-erased-with-remarks-consequence = Les données ont été effacées et l’effacement a été contrôlé ; lisez les remarques ci-dessous avant de laisser partir le disque. Sa santé n’a pas été évaluée.
verdict-failed-consequence = L’effacement a échoué : le disque ne doit ni resservir ni quitter l’atelier autrement que pour une destruction consignée.
verdict-aborted-consequence = L’effacement a été abandonné : le disque ne doit pas quitter le banc avant un effacement complet.
verdict-unproven-consequence = Il manque une preuve : le disque ne doit pas quitter le banc avant un effacement complet.

## Niveaux d’effacement

level-none = aucun
level-clear = Clear – effacement de tout ce que l’ordinateur peut adresser
level-purge = Purge – effacement qui résiste aussi aux moyens d’un laboratoire

## Pourquoi l’effacement n’est pas prouvé

reason-unwritten = La dernière passe n’a pas pu écrire { $count ->
    [one] un bloc ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocs en { $ranges ->
        [one] une plage
       *[other] { NUMBER($ranges) } plages
    }, entre { NUMBER($first) } et { NUMBER($last) }
}. Des données peuvent y rester : détruisez le disque, à moins qu’un effacement par son micrologiciel (sanitize) n’y parvienne.
reason-unread = Après la dernière passe, la relecture n’a pas pu lire { $count ->
    [one] un bloc ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocs en { $ranges ->
        [one] une plage
       *[other] { NUMBER($ranges) } plages
    }, entre { NUMBER($first) } et { NUMBER($last) }
}. Leur contenu n’a pas pu être contrôlé : détruisez le disque, à moins qu’un effacement par son micrologiciel (sanitize) n’y parvienne.
reason-mismatch = Après la dernière passe, la relecture a trouvé autre chose que ce qui a été écrit : { $count ->
    [one] un bloc ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocs en { $ranges ->
        [one] une plage
       *[other] { NUMBER($ranges) } plages
    }, entre { NUMBER($first) } et { NUMBER($last) }
}. Des données peuvent y rester : détruisez le disque.
reason-fake-capacity = Fausse capacité : le disque annonce { BYTES($claimed) } mais n’a la place que de { BYTES($size) } au plus, et écrase le début avec la fin. Il n’est ni effaçable de façon prouvée ni réutilisable : détruisez-le.
reason-no-answer = Passe { $pass } : le disque n’a plus répondu pendant { NUMBER($seconds) } secondes, vers le bloc { NUMBER($lba) }. Des données peuvent rester : détruisez le disque.
reason-may-be-another = Rien ne montre que ce disque est celui d’avant l’interruption. Il n’a pas de nom mondial (WWN), et c’est peut-être un autre disque qui porte le même numéro de série ({ $serial }) ; rien n’y a donc été écrit. Vérifiez quel disque est dans le quai, puis recommencez son effacement.
reason-gave-up-sync = Passe { $pass } : le disque n’a pas confirmé l’enregistrement de ce qui a été écrit, même après plusieurs demandes. Des données peuvent rester : détruisez le disque.
reason-gave-up-too-many-ranges = Passe { $pass } : trop de plages défectueuses, le travail a été arrêté. Des données peuvent rester : détruisez le disque.
reason-gave-up-too-many-sectors = Passe { $pass } : trop de blocs défectueux, le travail a été arrêté. Des données peuvent rester : détruisez le disque.
reason-gave-up-too-long = Passe { $pass } : la recherche des blocs défectueux a pris trop de temps, le travail a été arrêté. Des données peuvent rester : détruisez le disque.
reason-gave-up-other-data = Passe { $pass } : la relecture trouve partout autre chose que ce qui a été écrit, elle a été arrêtée. Des données peuvent rester : détruisez le disque.
reason-inconsistent-journal = Le journal se contredit ({ $what }) : il ne prouve rien. Recommencez l’effacement et signalez ce défaut.
reason-identity-changed = Le disque lu pendant le travail n’est pas celui qui était prévu. Vérifiez les branchements, puis recommencez l’effacement.
reason-identity-not-confirmed = L’identité du disque n’a pas été relue après la dernière étape : rien ne prouve que ce disque est resté le même jusqu’au bout.
reason-pass-incomplete = La passe { $pass } n’est pas allée jusqu’à la fin du disque : la suite garde ce qu’elle contenait.
reason-pass-not-synced = Le disque n’a pas confirmé l’enregistrement de toute la passe { $pass } : une partie a pu se perdre.
reason-not-verified = La dernière passe n’a pas été relue, comme demandé : rien ne prouve ce que contient le disque. Recommencez avec une relecture.
reason-verification-incomplete = La relecture de la passe { $pass } n’est pas terminée : le reste du disque n’est pas contrôlé.

## Remarques sur un effacement prouvé

remark-sampled = Sondage { PERCENT($permille) } : seule cette part du disque a été relue après la dernière passe. Un bloc mal écrit ailleurs n’aurait pas été vu.
remark-interrupted-operator = Arrêté par l’opérateur le { DATE($at) }, puis repris. L’effacement a continué depuis le dernier point confirmé par le disque, contrôlé avant la reprise : sa durée seule en est changée.
remark-interrupted-operator-at-once = Arrêté sans délai par l’opérateur le { DATE($at) }, puis repris. L’effacement a continué depuis le dernier point confirmé par le disque, contrôlé avant la reprise : une partie a pu être écrite deux fois.
remark-interrupted-worker-lost = Le programme qui écrivait s’est arrêté sans compte rendu le { DATE($at) }, puis a été relancé. L’effacement a continué depuis le dernier point confirmé par le disque, contrôlé avant la reprise : une partie a pu être écrite deux fois.
remark-interrupted-program-ended = Le banc s’est arrêté sans prévenir (coupure ou panne) et a repris le { DATE($at) }. L’effacement a continué depuis le dernier point confirmé par le disque, contrôlé avant la reprise : une partie a pu être écrite deux fois.
remark-pass-restarted = Passe { $pass } recommencée { $count ->
        [one] une fois
       *[other] { $count } fois
    } : le disque ne rendait plus ce qu’il disait avoir enregistré. La passe a été refaite en entier ; un disque qui perd ses écritures mérite un examen avant réemploi.
remark-earlier-errors = Passe { $pass } : erreurs sur { $count ->
    [one] un bloc ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocs en { $ranges ->
        [one] une plage
       *[other] { NUMBER($ranges) } plages
    }, entre { NUMBER($first) } et { NUMBER($last) }
}. Une passe suivante a réécrit ces blocs et la dernière relecture les a trouvés comme il se doit ; surveillez la santé du disque.
remark-earlier-errors-sampled = Passe { $pass } : erreurs sur { $count ->
    [one] un bloc ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocs en { $ranges ->
        [one] une plage
       *[other] { NUMBER($ranges) } plages
    }, entre { NUMBER($first) } et { NUMBER($last) }
}. Une passe suivante a réécrit ces blocs sans erreur ; la dernière relecture, un sondage, a pu ne pas passer par eux. Surveillez la santé du disque.
remark-cured = Passe { $pass } : { $count ->
    [one] un bloc ({ NUMBER($first) }), d’abord illisible, a été réécrit puis relu comme il se doit
   *[other] { NUMBER($count) } blocs en { $ranges ->
        [one] une plage
       *[other] { NUMBER($ranges) } plages
    }, entre { NUMBER($first) } et { NUMBER($last) }, d’abord illisibles, ont été réécrits puis relus comme il se doit
}. Le disque a pu mettre de côté l’ancien emplacement, que rien n’atteint plus ; surveillez sa santé.
remark-retried = Passe { $pass } : { $times ->
    [one] un accès a réussi
   *[other] { NUMBER($times) } accès ont réussi
} après un nouvel essai. L’effacement n’en est pas affecté ; surveillez la santé du disque.
remark-buffered-io = L’accès direct au disque n’a pas été possible : le disque a été écrit et relu à travers la mémoire cache du système, vidée avant la relecture. La relecture reste un peu moins probante qu’en accès direct.

## Ce que l’effacement n’a pas couvert, et pourquoi

not-covered-reallocated-sectors = Secteurs réalloués
not-covered-reallocated-sectors-why = Le disque a pu mettre de côté des secteurs défectueux : plus rien ne les adresse, une réécriture ne les atteint donc pas.
not-covered-overprovisioning-on-flash = Réserve de la mémoire flash
not-covered-overprovisioning-on-flash-why = Un disque à mémoire flash garde plus de blocs qu’il n’en montre et en change à chaque écriture : d’anciennes copies peuvent y rester, hors d’atteinte d’une réécriture.
not-covered-hpa-dco-not-examined = Zones masquées (HPA, DCO, AMA)
not-covered-hpa-dco-not-examined-why = Leur présence n’a pas été recherchée : une zone masquée n’aurait été ni vue ni effacée.
not-covered-namespaces-not-examined = Autres espaces de noms NVMe et capacité non allouée
not-covered-namespaces-not-examined-why = Leur présence n’a pas été recherchée : seul l’espace de noms désigné a été effacé.
not-covered-hidden-capacity-not-examined = Capacité masquée
not-covered-hidden-capacity-not-examined-why = Un disque SCSI ou SAS peut être réglé pour montrer moins qu’il ne contient ; ce réglage n’a pas été recherché.
not-covered-boot-areas-not-examined = Zones d’amorçage de la carte
not-covered-boot-areas-not-examined-why = Ces zones ont leur propre adresse ; elles n’ont été ni lues ni effacées.
not-covered-storage-beneath-not-examined = Stockage sous-jacent
not-covered-storage-beneath-not-examined-why = Ce disque repose sur un fichier ou sur un autre stockage : les copies, instantanés ou journaux tenus à ce niveau ne sont pas atteints.

## Pourquoi une rubrique est vide

absent-not-reported-by-drive = non communiqué par le disque
absent-not-asked = non demandé
absent-not-applicable = sans objet
absent-not-given = non renseigné
absent-not-recorded = non consigné
absent-not-started = non commencé
absent-not-finished = non terminé
absent-not-yet-supported = non relevé par cette version du banc
absent-reserved-for-donor = réservé au donateur
