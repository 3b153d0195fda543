# Le papier : ce qui se lit sur une attestation ou un rapport d’échec, dans l’ordre de la page.

## En tête

paper-title-erasure-certificate = Attestation d’effacement
paper-title-failure-report = Rapport d’échec
paper-not-a-certificate = CE DOCUMENT N’ATTESTE AUCUN EFFACEMENT
paper-simulation = SIMULATION
paper-simulation-notice = SIMULATION – aucun disque réel n’a été effacé. Ce document n’a d’autre usage que l’essai du banc.
paper-number = N° { $number }
paper-page = page
paper-issued = Émis le { DATE($at) } par la station { $station } – horloge { $clock ->
        [synchronised] synchronisée
        [not-synchronised] non synchronisée
        [simulated] simulée
       *[unknown] de synchronisation inconnue
    }
paper-supersedes = Remplace le n° { $number } : { $reason }
paper-qr = Code QR : le numéro du document et l’empreinte SHA-256 de son original, tels qu’imprimés plus bas.
paper-declaration-erasure-certificate = La station { $station } déclare que le disque décrit ci-dessous { $by ->
        [drive] a été effacé par sa propre commande d’effacement, dont l’effet a été contrôlé
        [both] a été effacé par sa propre commande d’effacement, puis par réécriture
       *[bench] a été effacé par réécriture
    }.
paper-declaration-failure-report = La station { $station } déclare que l’effacement du disque décrit ci-dessous n’est pas prouvé.

## Le disque

paper-drive = Disque
paper-vendor = Fabricant
paper-model = Modèle
paper-serial = N° de série
paper-wwn = WWN, EUI
paper-firmware = Micrologiciel
paper-kind = Nature
paper-interface-value = { $interface ->
        [sata] SATA
        [sas] SAS
        [scsi] SCSI
        [nvme] NVMe
        [usb] USB
        [virtio] virtio (machine virtuelle)
        [mmc] carte mémoire (MMC, SD)
        [loop] périphérique de boucle
        [simulated] interface simulée
       *[unknown] interface inconnue
    }
paper-medium-value = { $medium ->
        [rotating] disque à plateaux
        [flash] mémoire flash
        [file] fichier
       *[unknown] support de nature inconnue
    }
paper-size = Capacité
paper-size-value = { BYTES($size) } ({ NUMBER($size) } octets)
paper-sectors = secteurs logiques de { $sector } octets
paper-size-readings-agree = taille identique par { $count } lectures
paper-size-reading = { $source } : { NUMBER($size) } octets
paper-identity-end = Identité à la fin
paper-identity-same = relue, inchangée
paper-identity-differs = DIFFÉRENTE de celle du début

## Les parties

paper-parties = Parties
paper-donor = Donateur
paper-donor-role = responsable de traitement
paper-refurbisher = Atelier
paper-refurbisher-role = sous-traitant
paper-siret = SIRET { $siret }
paper-reference = référence { $reference }
paper-lot = Lot
paper-operator = Opérateur
paper-station = Station

## L’effacement

paper-process = Effacement
paper-method = Méthode
paper-method-source = Selon
paper-level = Niveau visé
paper-level-achieved = Niveau atteint
paper-verification = Contrôle final
paper-verification-full = relu à 100 %
paper-verification-full-part = relecture demandée à 100 %, arrêtée à { BYTES($compared) }
paper-verification-sample = sondage { PERCENT($permille) } ({ NUMBER($places) } endroits)
paper-verification-sample-part = sondage { PERCENT($permille) }, non terminé
paper-verification-full-unfinished = relecture demandée à 100 %, non terminée
paper-verification-bad = relecture achevée : { $found }
paper-verification-unread = { BYTES($size) } illisibles
paper-verification-different = { BYTES($size) } au contenu inattendu
paper-verification-none = aucun
paper-planned = Ordre donné
paper-concluded = Verdict rendu
paper-date = { DATE($at) }
paper-interruptions = Interruptions
paper-interruptions-count = { $count ->
    [0] aucune
    [one] une, détaillée en annexe
   *[other] { NUMBER($count) }, détaillées en annexe
}

## Les passes

paper-passes = Passes
paper-pass-number = N°
paper-pass-content = Contenu écrit
paper-pass-start = Début (UTC)
paper-pass-end = Fin (UTC)
paper-pass-bytes = Écrit
paper-pass-rate = Débit
paper-pass-faults = Erreurs
paper-pass-errors = { NUMBER($count) }
paper-pass-check = Relecture
paper-pattern = motif { $pattern }
paper-pattern-long = motif de { $count } octets, { $pattern }…
paper-stream = flux aléatoire { $algorithm }
paper-stream-waiting = flux aléatoire
paper-passes-alike = passes complètes, sans erreur
paper-passes-in-annex = passes détaillées en annexe
paper-see-annex = voir l’annexe
paper-bytes = { BYTES($size) }
paper-rate = { BYTES($rate) }/s
paper-count = { NUMBER($count) }
paper-check-full = 100 %
paper-check-part = non terminée
paper-check-sample = sondage { PERCENT($permille) }
paper-check-differences = { BYTES($size) } inattendus
paper-check-unread = { BYTES($size) } non lus
paper-none = –

## Le résultat

paper-result = Résultat
paper-reasons = Pourquoi l’effacement n’est pas prouvé
paper-remarks = Remarques
paper-no-remarks = Aucune erreur, aucune remarque.
paper-more = … et { NUMBER($count) } de plus, dans le fichier joint.
paper-unwritten = Blocs non réécrits
paper-unreadable = Blocs illisibles
paper-mismatching = Contenu inattendu
paper-range = { NUMBER($first) } à { NUMBER($last) }
paper-ranges = { $blocks ->
    [one] un bloc : { $places }
   *[other] { NUMBER($blocks) } blocs en { $count ->
        [one] une plage
       *[other] { NUMBER($count) } plages
    } : { $places }
}
paper-ranges-listed = de { NUMBER($first) } à { NUMBER($last) }, liste en annexe
paper-block = { NUMBER($first) }
paper-overcome = Erreurs surmontées
paper-overcome-retried = { $count ->
    [one] une au nouvel essai
   *[other] { NUMBER($count) } au nouvel essai
}
paper-overcome-cured = { $count ->
    [one] une par réécriture du bloc
   *[other] { NUMBER($count) } par réécriture du bloc
}
paper-overcome-rewritten = { $count ->
    [one] une par réécriture après une interruption
   *[other] { NUMBER($count) } par réécriture après une interruption
}
paper-health = Santé
paper-health-unknown = non évaluée par cette version du banc
paper-not-covered = Non couvert par cet effacement

## Validation et origine

paper-validation = Validation
paper-validation-reserved = réservé au donateur
paper-validator = Nom et qualité
paper-decision = Décision
paper-date-signature = Date et signature
paper-origin = Origine et intégrité
paper-origin-meaning = La signature montre d’où vient ce document et qu’il n’a pas été modifié ; à elle seule, elle ne prouve pas que l’effacement a eu lieu. L’original est le fichier { $file } joint à ce PDF. Contrôlez-le par : { $command }. Comparez l’empreinte de la clé à celle que l’atelier vous a remise par une autre voie.
paper-key = Empreinte de la clé
paper-seal = Certificat du sceau
paper-digest = SHA-256 de l’original
paper-ledger = Registre
paper-ledger-place = fiche { NUMBER($position) } sur { NUMBER($size) }
paper-ledger-root = Racine du registre
paper-attachment = Original signé : fiche, signature et preuve d’inscription au registre

## Annexe : la surface

paper-annex = Annexe
paper-surface = Surface du disque
paper-surface-written = écriture, passe { $pass }
paper-surface-read = relecture, passe { $pass }
paper-surface-earlier = passes précédentes
paper-surface-what = Mesure
paper-surface-lowest = Débit minimal
paper-surface-mean = moyen
paper-surface-highest = maximal
paper-surface-usual = Latence usuelle
paper-surface-worst = la pire
paper-surface-slow = Accès lents
paper-surface-retried = Accès repris
paper-surface-meaning = Débit et latence par zone du disque ; la latence usuelle est la médiane des médianes de zone. Lent : plus d’une demi-seconde et plus de vingt fois la médiane. Repris : échoué ou incomplet, puis essayé de nouveau.
paper-surface-alt-throughput = Courbe du débit selon la position, passe { $pass } et sa relecture, en { NUMBER($zones) } zones du début à la fin d’un disque de { BYTES($size) }. Marqués dessous, toutes passes confondues : { NUMBER($slow) } accès lents, { NUMBER($retried) } repris, et les blocs dont la réécriture n’est pas prouvée. Les chiffres sont dans le tableau qui suit.
paper-surface-alt-latency = Courbes de la latence selon la position, passe { $pass } et sa relecture, en { NUMBER($zones) } zones du début à la fin d’un disque de { BYTES($size) } : médiane, 99e centile et pire accès de chaque zone. Toutes passes confondues, { NUMBER($slow) } accès lents et { NUMBER($retried) } repris. Les chiffres sont dans le tableau qui suit.
paper-axis-rate = Débit ({ $prefix }o/s)
paper-axis-latency = Latence
paper-axis-position = position sur le disque ({ $prefix }o)
paper-latency-median = médiane
paper-latency-band = de la médiane au 99e centile
paper-latency-worst = pire accès
paper-latency-us = { NUMBER($count) } µs
paper-latency-ms = { NUMBER($count) } ms
paper-latency-s = { NUMBER($count) } s
paper-strip-slow = lents
paper-strip-retried = repris
paper-strip-bad = non prouvés

## Annexe : le reste

paper-ranges-title = { $kind } : { NUMBER($count) } plages
paper-interruptions-title = Interruptions
paper-interruption-number = N°
paper-interruption-cause = Cause
paper-interruption-stopped = Arrêt (UTC)
paper-interruption-resumed = Reprise (UTC)
paper-interruption = { $cause ->
        [operator] arrêt par l’opérateur
        [operator-at-once] arrêt par l’opérateur, sans délai
        [paused] pause demandée par l’opérateur
        [worker-lost] programme d’écriture perdu
        [drive-gone] disque débranché ou muet
        [power-awaited] coupure d’alimentation demandée, non constatée
       *[program-ended] banc arrêté (coupure ou panne)
    }
paper-drive-more = Lecture du disque
paper-identity-source = Identité lue par
paper-identity-digest = Empreinte de l’identité
paper-size-readings = Taille, par lecture
paper-physical-sector = Secteurs physiques
paper-journal = Journal du travail
paper-job = Travail
paper-journal-events = Événements
paper-journal-digest = SHA-256 du journal
paper-tools = Outils
paper-tool-program = Programme
paper-tool-revision = Révision
paper-tool-python = Python
paper-tool-kernel = Noyau
paper-tool-kernel-value = { $kernel } ({ $architecture })
paper-tool-station = Station
paper-tool-clock = Horloge
paper-tool-clock-value = { $clock ->
        [synchronised] synchronisée
        [not-synchronised] non synchronisée
        [simulated] simulée
       *[unknown] de synchronisation inconnue
    } ({ $source })
