# Attestations et rapports d’échec : le contrôle d’un fichier, le registre, les clés.

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
check-head-passed = L’état du registre { $origin } ({ $size ->
        [one] un enregistrement
       *[other] { NUMBER($size) } enregistrements
    }, le { DATE($at) }) est signé par la même clé.

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
