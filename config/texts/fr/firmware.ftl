# Le micrologiciel des disques, à la ligne de commande : ce qu’un disque sait faire, les étapes prévues, leur progression.

cli-metavar-level = clear|purge
cli-metavar-psid = SÉRIE=PSID
cli-option-level = Niveau à atteindre : clear, hors d’atteinte de tout ordinateur, ou purge, hors d’atteinte d’un laboratoire. Les disques sont alors interrogés et s’effacent eux-mêmes là où il le faut. Sans cette option ni --policy, le banc réécrit, et atteint Clear au plus.
cli-option-policy = Politique (TOML) qui dit quelles techniques sont permises, dans quel ordre, et ce qui est accepté ; voir config/policies/. Par défaut, celle du niveau demandé.
cli-option-psid = PSID imprimé sur l’étiquette d’un disque verrouillé par Opal, avec son numéro de série ; peut se répéter.
cli-option-consent = Accepter un niveau moindre là où celui demandé est hors d’atteinte, si la politique laisse le choix. L’accord est inscrit sur l’attestation.
cli-option-drives-verbose = Interroger aussi chaque disque effaçable sur ce qu’il sait faire : jeux de commandes, sanitize, verrous, zones cachées. Rien n’est changé.
cli-not-a-level = « { $found } » n’est pas un niveau : choisissez clear ou purge.
cli-not-a-psid = « { $found } » n’est pas un PSID : écrivez SÉRIE=PSID, le PSID ayant au plus 32 lettres et chiffres.
cli-method-or-level = Dites comment effacer : --method pour réécrire, --level ou --policy pour que le disque s’efface lui-même là où il le faut.
cli-consent-word = accord

cli-keys-password-short = Montrer le mot de passe ATA de ce poste
cli-keys-password-help = Montre le mot de passe ATA de ce poste. Il est posé sur un disque le temps qu’il s’efface ; après une panne, c’est lui qui le déverrouille.
cli-keys-password = Mot de passe ATA de ce poste : { $password }
cli-keys-none = Mot de passe ATA : aucun n’a encore été tiré ; il le sera au premier effacement qui en demande un.

## Plan

cli-column-stage = Étape
cli-column-technique = Technique
cli-column-because = Pourquoi
cli-stages-heading = { $device } – politique « { $policy } » – { $level } – { $overwriting ->
    [alone] réécriture par le banc
    [on-top] effacement par le disque, puis réécriture par le banc
   *[none] effacement par le disque
}
cli-stage-by = { $kind } : { $technique }
cli-technique-overwrite = Réécriture par le banc

## Progression

cli-in-stage = étape { $number }/{ $stages }, { $kind }
cli-stage-elapsed = depuis { DURATION($milliseconds) }
cli-stage-estimate = depuis { DURATION($milliseconds) }, le disque annonce { DURATION($estimate) }
cli-line-stage-progress = { $device } : { $stage }, { $percent }, { $times }
cli-request = { $device } – { $what } { $why }
cli-unfinished-stage = Étape { $number } sur { $stages } : { $kind ->
    [wait] attente
    [power-cycle] coupure d’alimentation
    [unlock] déverrouillage
    [restore] réouverture d’une zone cachée
    [plant] pose des témoins
    [erase] effacement par le disque
    [reformat] reformatage
    [check] recherche des témoins
    [compare] comparaison avant-après
   *[read-back] relecture
}.
cli-unfinished-end = Toutes les étapes sont faites ; il reste à confirmer l’identité du disque.

## Ce qu’un disque sait faire

cli-capabilities = { $device } – ce que le disque dit de lui-même
cli-capabilities-not-asked = Non interrogé : il ne peut pas être effacé, les raisons sont ci-dessus.
cli-capability-commands = Commandes
cli-capability-rotation = Support
cli-capability-erasing = Sait s’effacer par
cli-capability-sanitize = Dernier sanitize
cli-capability-security = Sécurité ATA
cli-capability-hidden = Zone cachée
cli-capability-opal = Chiffrement (TCG)
cli-capability-namespaces = Espaces de noms
cli-capability-sectors = Secteurs
cli-capability-zoned = Zones d’écriture
cli-capability-depopulated = Éléments retirés
cli-capability-retired = Secteurs retirés
cli-capability-asked = Interrogé avec
cli-answer = { $answer ->
    [yes] oui
    [no] non
   *[indeterminate] indéterminé
}
cli-command-set = { $set ->
    [ata] ATA
    [scsi] SCSI
    [nvme] NVMe
   *[none] aucune commande sûre
}{ $bridge ->
    [none] {""}
   *[other] , à travers { $bridge }
}
cli-rotation = { $rpm ->
    [0] mémoire flash
   *[other] { NUMBER($rpm) } tours par minute
}{ $hybrid ->
    [yes] , hybride : traité comme flash
   *[other] {""}
}
cli-sanitize-state = { $state ->
    [never] aucun
    [running] en cours, { PERCENT($permille) }
    [done] réussi
    [failed] échoué : le disque n’accepte plus qu’un nouveau sanitize
   *[unknown] indéterminé
}{ $frozen ->
    [yes] , gelé
   *[other] {""}
}
cli-security-enabled = { $answer ->
    [yes] mot de passe posé
    [no] sans mot de passe
   *[indeterminate] mot de passe : indéterminé
}
cli-security-locked = { $answer ->
    [yes] verrouillé
    [no] non verrouillé
   *[indeterminate] verrou : indéterminé
}
cli-security-frozen = { $answer ->
    [yes] gelé
    [no] non gelé
   *[indeterminate] gel : indéterminé
}
cli-security-minutes = effacement annoncé { NUMBER($minutes) } min
cli-security-enhanced-minutes = effacement renforcé annoncé { NUMBER($minutes) } min
cli-hidden-area = { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} : { $answer ->
    [yes] en service, disque entier { BYTES($size) } (0 si inconnu)
    [no] pas en service
   *[indeterminate] indéterminé
}
cli-opal = { $kind ->
    [none] aucun
    [opal] Opal
    [pyrite] Pyrite, qui ne chiffre rien
    [enterprise] Enterprise
    [other] autre
   *[indeterminate] indéterminé
}{ $locked ->
    [yes] , verrouillé
   *[other] {""}
}{ $shadowed ->
    [yes] , MBR fantôme actif
   *[other] {""}
}{ $blocked ->
    [yes] , SID bloqué
   *[other] {""}
}
cli-namespace = n° { $nsid } ({ BYTES($size) })
cli-nvme = { $controllers ->
    [one] un contrôleur
   *[other] { NUMBER($controllers) } contrôleurs
}, { BYTES($unallocated) } hors de tout espace de noms
cli-sector-format = { $size } octets{ $protected ->
    [yes] , avec protection
   *[no] {""}
}
cli-commands-sent = { $count ->
    [one] une commande
   *[other] { NUMBER($count) } commandes
}
cli-retired-sectors = { $count ->
    [0] aucun
    [one] un, hors d’atteinte de la réécriture
   *[other] { NUMBER($count) }, hors d’atteinte de la réécriture
}

## Sur le papier

paper-firmware-title = Effacement par le disque lui-même
paper-period-value = du { DATE($start) } au { DATE($end) }
paper-stage = Étape { $number } : { $kind }
paper-stage-state = { $state ->
    [done] menée à son terme
    [failed] échouée
    [refused] refusée par le disque
    [waiting] non commencée
   *[started] interrompue
}
paper-seen-running = vu au travail par son propre état
paper-starts = commencée { NUMBER($count) } fois
paper-canaries = Blocs témoins
paper-canaries-unchecked = { NUMBER($planted) } posés, non recherchés
paper-canaries-value = { NUMBER($planted) } posés et { NUMBER($kept) } d’origine ; survivants : { NUMBER($survivors) } ; illisibles : { NUMBER($unread) }
paper-read-back = Relecture par sondage
paper-read-back-value = { PERCENT($permille) } ({ BYTES($size) } lus, dont { BYTES($blank) } uniformes) ; illisible : { BYTES($unread) } ; blocs reconnus : { NUMBER($survivors) }. Cela montre la vue logique du disque.
paper-hidden = Zones cachées
paper-hidden-area = Zone cachée { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
}
paper-hidden-value = avant : { $before ->
    [yes] en service
    [no] pas en service
   *[indeterminate] indéterminé
} ; { $action ->
    [none-needed] rien à faire
    [restored] rouverte
    [left] laissée
    [not-done] réouverture prévue, non faite
   *[unknown] rien de fait
} ; après : { $after ->
    [yes] en service
    [no] pas en service
    [indeterminate] indéterminé
   *[unsaid] non relevé
}
paper-power-not-seen = demandée, non constatée
paper-power-vanished = le { DATE($at) } ; le disque a disparu puis est revenu
paper-power-counted = le { DATE($at) } ; le disque compte { NUMBER($after) } mises sous tension, { NUMBER($before) } auparavant
