# Attestations et rapports d’échec : le papier, le contrôle d’un fichier, le registre, les clés.

## Le papier

paper-title-erasure-certificate = Attestation d’effacement
paper-title-failure-report = Rapport d’échec
paper-not-a-certificate = CE DOCUMENT N’ATTESTE AUCUN EFFACEMENT
paper-simulation = SIMULATION
paper-simulation-notice = SIMULATION – aucun disque réel n’a été effacé. Ce document n’a d’autre usage que l’essai du banc.
paper-number = N° { $number }
paper-page = page
paper-issued = Émis le { DATE($at) } par la station { $station } – horloge { $clock ->
        [synchronised] synchronisée
        [not-synchronised] non synchronisée
        [simulated] simulée
       *[unknown] de synchronisation inconnue
    }
paper-declaration-erasure-certificate = La station { $station } déclare que le disque décrit ci-dessous a été effacé par réécriture.
paper-declaration-failure-report = La station { $station } déclare que l’effacement du disque décrit ci-dessous n’est pas prouvé.

paper-drive = Disque
paper-vendor = Fabricant
paper-model = Modèle
paper-serial = Numéro de série
paper-wwn = Identifiant (WWN, EUI)
paper-firmware = Micrologiciel
paper-interface = Interface
paper-interface-value = { $interface ->
        [sata] SATA
        [sas] SAS
        [scsi] SCSI
        [nvme] NVMe
        [usb] USB
        [virtio] virtio (machine virtuelle)
        [mmc] carte mémoire (MMC, SD)
        [loop] périphérique de boucle
        [simulated] simulée
       *[unknown] inconnue
    }
paper-medium = Nature
paper-medium-value = { $medium ->
        [rotating] disque à plateaux
        [flash] mémoire flash
        [file] fichier
       *[unknown] inconnue
    }
paper-size = Capacité
paper-size-value = { BYTES($size) } ({ NUMBER($size) } octets), secteurs de { $sector } octets
paper-size-readings = Capacité, par lecture
paper-size-readings-agree = identique par { $count } lectures ({ $sources })
paper-size-reading = { $source } : { NUMBER($size) } octets
paper-identity-end = Identité en fin de travail
paper-identity-same = relue, inchangée
paper-identity-differs = DIFFÉRENTE de celle du début

paper-process = Effacement
paper-method = Méthode
paper-method-source = Selon
paper-level = Niveau visé
paper-level-achieved = Niveau atteint
paper-verification = Contrôle de la dernière passe
paper-verification-full = relu à 100 %
paper-verification-full-part = relecture demandée à 100 %, arrêtée à { BYTES($compared) }
paper-verification-sample = sondage { PERCENT($permille) } ({ NUMBER($places) } endroits)
paper-verification-sample-part = sondage { PERCENT($permille) }, non terminé
paper-verification-bad = relecture achevée : { BYTES($unread) } illisibles, { BYTES($different) } au contenu inattendu
paper-verification-none = aucun
paper-operator = Opérateur (code)
paper-period = De l’ordre au verdict
paper-period-value = du { DATE($start) } au { DATE($end) }
paper-interruptions = Interruptions
paper-interruptions-none = aucune
paper-interruption = { $cause ->
        [operator] par l’opérateur
        [operator-at-once] par l’opérateur, sans délai
        [paused] pause demandée par l’opérateur
        [worker-lost] programme d’écriture perdu
        [drive-gone] disque débranché ou muet
        [power-awaited] coupure d’alimentation demandée, non constatée
       *[program-ended] banc arrêté (coupure ou panne)
    } : { $stopped }
paper-interruption-stopped = le { DATE($at) }
paper-interruption-resumed = le { DATE($at) }, reprise le { DATE($resumed) }
paper-interruption-unrecorded = moment inconnu, reprise le { DATE($resumed) }
paper-interruption-unknown = moment inconnu, sans reprise

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
paper-bytes = { BYTES($size) }
paper-rate = { BYTES($rate) }/s
paper-check-full = 100 %
paper-check-part = non terminée
paper-check-sample = sondage { PERCENT($permille) }
paper-check-differences = { BYTES($size) } inattendus
paper-check-unread = { BYTES($size) } non lus
paper-none = –

paper-result = Résultat
paper-reasons = Pourquoi l’effacement n’est pas prouvé
paper-remarks = Remarques
paper-no-remarks = Aucune erreur, aucune remarque.
paper-more = … et { NUMBER($count) } de plus, dans le fichier joint.
paper-unwritten = Blocs non réécrits
paper-unreadable = Blocs illisibles
paper-mismatching = Blocs au contenu inattendu
paper-range = { NUMBER($first) } à { NUMBER($last) }
paper-ranges = { $blocks ->
    [one] un bloc : { $places }
   *[other] { NUMBER($blocks) } blocs en { $count ->
        [one] une plage
       *[other] { NUMBER($count) } plages
    } : { $places }
}
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

paper-validation = Validation
paper-validation-reserved = réservé au donateur
paper-validator = Nom et qualité
paper-decision = Décision
paper-date-signature = Date et signature

paper-origin = Origine et intégrité
paper-origin-meaning = La signature montre d’où vient ce document et qu’il n’a pas été modifié ; elle ne prouve pas à elle seule que l’effacement a eu lieu. L’original est le fichier { $file } joint à ce PDF. Contrôlez-le avec : { $command }. Comparez l’empreinte de la clé avec celle que l’atelier vous a remise par une autre voie.
paper-key = Empreinte de la clé
paper-digest = SHA-256 de l’original
paper-ledger = Registre
paper-ledger-place = enregistrement { NUMBER($position) } sur { NUMBER($size) }
paper-ledger-root = Racine du registre
paper-journal = Journal
paper-journal-value = { NUMBER($events) } événements
paper-journal-digest = SHA-256 du journal
paper-tools = Outil
paper-tool = { $program } { $version }, Python { $python }, noyau { $kernel } ({ $architecture }), station { $station }
paper-tool-commit = { $tool }, révision { $commit }
paper-attachment = Original signé : enregistrement, signature et preuve d’inscription au registre

## Contrôle d’un fichier

certificate-intact = Document inchangé depuis son émission par { $station }, qui déclare que le disque { $model }, numéro de série { $serial }, { $verdict ->
        [erased] a été effacé
        [erased-with-remarks] a été effacé, avec des remarques
        [failed] n’a pas pu être effacé et peut contenir des données
        [aborted] n’a pas été effacé jusqu’au bout (abandon)
       *[unproven] n’a pas d’effacement prouvé
    } (document n° { $number }){ $simulated ->
        [yes] {" "}– SIMULATION, aucun disque réel
       *[no] {""}
    }.
certificate-unknown-key = Clé inconnue : ce document se dit émis par { $station } (n° { $number }, disque { $model }, numéro de série { $serial }, { $verdict ->
        [erased] effacé
        [erased-with-remarks] effacé avec des remarques
        [failed] non effacé
        [aborted] abandonné
       *[unproven] effacement non prouvé
    }){ $simulated ->
        [yes] {" "}– SIMULATION, aucun disque réel
       *[no] {""}
    } et n’a pas changé depuis sa signature, mais vous ne connaissez pas la clé qui l’a signé. Demandez à l’atelier l’empreinte de sa clé par une autre voie et comparez.
certificate-altered = Document altéré : il n’est plus ce qui a été émis. Ne vous y fiez pas ; demandez l’original à l’atelier.
certificate-unreadable = Ce fichier n’est pas une attestation que cette version sait lire. Demandez l’original à l’atelier, ou une version plus récente de Table Rase.

check-skipped = Non examiné.
check-readable-passed = Le fichier contient un enregistrement, une signature et une preuve.
check-form-passed = Le fichier est écrit sous sa forme d’origine.
check-form-failed = Le fichier a été réécrit sous une autre forme que l’original, même si le sens peut être resté le même. Demandez le fichier d’origine.
check-schema-passed = Les rubriques de l’enregistrement sont celles de son format.
check-schema-failed = Les rubriques de l’enregistrement ne sont pas celles du format connu : première différence à « { $place } », { $count } en tout.
check-signature-passed = La signature correspond à l’enregistrement.
check-signature-failed = La signature ne correspond pas à l’enregistrement : l’un des deux a été modifié.
check-key-passed = La clé de signature est connue : { $fingerprint }
check-key-unknown = La clé de signature n’est pas connue : { $fingerprint }
check-leaf-passed = La preuve porte sur cet enregistrement.
check-leaf-failed = La preuve ne porte pas sur cet enregistrement.
check-inclusion-passed = L’enregistrement est inscrit au registre que décrit la preuve.
check-inclusion-failed = La preuve ne montre pas que l’enregistrement est inscrit au registre.
check-head-passed = L’état du registre { $origin } ({ NUMBER($size) } enregistrements, le { DATE($at) }) est signé par la même clé.

unreadable-too-large = Le fichier est trop grand ({ BYTES($size) }) : une attestation ne dépasse pas { BYTES($limit) }.
unreadable-too-deep = Le fichier imbrique plus de { $limit } niveaux : ce n’est pas une attestation.
unreadable-not-utf8 = Le fichier n’est pas un texte UTF-8 (octet { NUMBER($position) }).
unreadable-not-json = Le fichier n’est pas du JSON (caractère { NUMBER($position) }).
unreadable-not-an-object = Le fichier est du JSON, mais pas une attestation.
unreadable-duplicate-name = Le fichier donne deux valeurs à la même rubrique : on ne peut savoir laquelle croire.
unreadable-number = Le fichier contient un nombre qu’une attestation ne contient jamais (à virgule, ou trop grand).
unreadable-not-a-certificate = Le fichier n’a pas les trois parties d’une attestation (enregistrement, signature, preuve) sous leur forme attendue.

## Registre

ledger-head-unreadable = L’état signé du registre est illisible. Demandez à l’atelier l’état d’origine.
ledger-head-altered = L’état signé du registre { $origin } a été modifié : sa signature ne correspond plus. Demandez à l’atelier l’état d’origine.
ledger-head-other-key = L’état du registre { $origin } n’est pas signé par la clé attendue. Comparez l’empreinte de la clé avec celle que l’atelier a remise.

## Clés

key-exists = Il y a déjà une clé ({ $path }) : elle n’a pas été remplacée. Déplacez-la d’abord si une nouvelle est voulue.
key-cannot-open = La clé { $path } ne peut être ouverte ({ $error }). Vérifiez le chemin et les droits.
key-not-a-file = La clé { $path } n’est pas un fichier ordinaire. Indiquez le fichier de la clé.
key-readable-by-others = La clé privée { $path } est accessible à d’autres (droits { $mode }). Retirez-la aux autres (chmod 600), puis demandez-vous qui a pu la lire.
key-unreadable = Le fichier { $path } ne contient pas de clé lisible (PEM sans mot de passe attendu). Indiquez le bon fichier ou restaurez-le.
key-not-ed25519 = La clé { $path } n’est pas de type Ed25519. Indiquez la clé de la station.

## Langue

language-unknown = Langue inconnue : { $language }. Choisissez parmi : { $choices }.
