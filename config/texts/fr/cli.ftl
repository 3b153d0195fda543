# La ligne de commande : pages d’aide, tableaux, progression, refus.
# Les noms des commandes et des options restent tels quels.

## Pages d’aide

cli-usage = Utilisation :
cli-arguments = Arguments :
cli-options = Options :
cli-commands = Commandes :

cli-metavar-options = [OPTIONS]
cli-metavar-command = COMMANDE [ARGUMENTS]…
cli-metavar-devices = DISQUE…
cli-metavar-addresses = [DISQUE…]
cli-metavar-jobs = [TRAVAIL…]
cli-metavar-name = [NOM]
cli-metavar-drive-name = [NUMÉRO]
cli-metavar-drive-name-one = NUMÉRO
cli-metavar-number = NUMÉRO
cli-metavar-numbers = [NUMÉRO…]
cli-metavar-files = FICHIER…
cli-metavar-file = FICHIER
cli-metavar-dir = DOSSIER
cli-metavar-method = MÉTHODE
cli-metavar-verify = full|sample:P%|none
cli-metavar-count = N
cli-metavar-code = CODE
cli-metavar-seconds = SECONDES
cli-metavar-text = TEXTE

cli-tablerase-short = Banc d’effacement de disques
cli-tablerase-help =
    Table Rase efface des disques entiers, plusieurs à la fois, contrôle le résultat et établit pour chacun une attestation, ou un rapport d’échec.

    Un disque se désigne par son adresse : /dev/sdb, ou sim:DOSSIER pour un disque simulé. Rien n’est écrit avant votre confirmation.

    État de sortie : 0 si tous les disques sont effacés, remarques comprises ; 1 si l’un d’eux ne l’est pas, ou si un document n’est pas intact ; 2 en cas de refus ; 3 en cas d’interruption.
cli-option-state = Dossier du banc : journal, registre, attestations et clé. Par défaut /var/lib/tablerase pour root, sinon le dossier d’état de l’utilisateur. Variable : { $variable }. S’écrit aussi après la commande.
cli-option-lang = Langue, français ou anglais. Par défaut, celle du système. S’écrit aussi après la commande.
cli-option-version = Afficher la version.
cli-option-help = Afficher cette aide.
cli-option-json = Écrire le résultat pour un programme, un objet JSON par ligne.

cli-drives-short = Lister les disques, et dire lesquels peuvent être effacés
cli-drives-help = Liste les disques entiers de cette machine, ou ceux que vous nommez : qui ils sont, et s’ils peuvent être effacés ou toutes les raisons contraires. Rien n’est écrit.
cli-argument-addresses = Adresses à examiner, par exemple /dev/sdb ou sim:DOSSIER. Sans adresse, tous les disques de la machine, sauf les disques simulés.

cli-methods-short = Lister les méthodes d’effacement, ou en détailler une
cli-methods-help = Liste les méthodes d’effacement, ou détaille chaque passe de celle que vous nommez.
cli-argument-name = Méthode à détailler.
cli-option-methods-file = Fichier TOML des méthodes propres à l’atelier, en plus de celles fournies.

cli-plan-short = Dire ce qui serait fait, sans rien écrire
cli-plan-help = Dit ce qui serait fait à chaque disque, passe par passe, et pourquoi ; ou toutes les raisons pour lesquelles c’est refusé. Rien n’est écrit.
cli-argument-devices = Adresses des disques : /dev/sdb, ou sim:DOSSIER. Un seul refus arrête tout l’ensemble.
cli-option-method = Méthode d’effacement ; « tablerase methods » les liste. Obligatoire sans --level ni --policy.
cli-option-verify = Relecture de la dernière passe : full (tout, par défaut), sample:5% (sondage), none (aucune : l’effacement restera non prouvé).
cli-option-rounds = Nombre de fois que la méthode est appliquée. Par défaut 1.
cli-option-blank = Ajouter une dernière passe de zéros.

cli-erase-short = Effacer des disques
cli-erase-help =
    Efface les disques nommés, tous à la fois, et relit la dernière passe. Chaque disque reçoit un verdict et, s’il est prouvé effacé, une attestation ; sinon un rapport d’échec.

    Avant d’écrire, la commande montre le modèle, le numéro de série et la taille de chaque disque, et demande de taper un mot.

    Ctrl-C arrête proprement, au prochain point confirmé par chaque disque ; un second Ctrl-C arrête sans attendre. « tablerase resume » reprend ensuite.

    Exemple : tablerase erase /dev/sdb /dev/sdc --method nist-clear --operator OP7
cli-option-operator = Code de l’opérateur, pour les attestations. Un code, pas un nom.
cli-option-yes = Ne pas demander de confirmation. L’attestation le dira.
cli-option-checkpoint = Temps entre deux points de reprise, de 0,05 à 3600 secondes. Par défaut 30.

cli-resume-short = Reprendre, lister ou abandonner les travaux inachevés
cli-resume-help = Reprend les travaux nommés, ou tous ceux qui sont inachevés, là où chaque disque a confirmé ses écritures. Ce point est contrôlé avant de continuer.
cli-argument-jobs = Travaux à reprendre ; sans nom, tous. --list donne leurs noms.
cli-option-resume-list = Lister les travaux inachevés sans rien reprendre.
cli-option-abandon = Mettre fin pour de bon aux travaux nommés : effacement abandonné, avec un rapport d’échec. L’état de sortie est 1 : le disque n’est pas effacé.

cli-protect-short = Tenir la liste des disques à ne jamais effacer
cli-protect-help = Inscrit un disque sur la liste de ceux qui ne doivent jamais être effacés ici, par son numéro de série ou son WWN.
cli-argument-drive-name = Numéro de série ou WWN du disque à protéger.
cli-option-why = Pourquoi ce disque est protégé.
cli-option-protect-list = Afficher la liste.
cli-option-remove = Retirer de la liste le disque de ce numéro de série ou WWN.

cli-certificate-short = Lister, montrer, exporter ou contrôler les attestations
cli-certificate-help = Attestations d’effacement et rapports d’échec de ce banc.
cli-certificate-list-short = Lister les documents établis
cli-certificate-list-help = Liste les attestations et les rapports d’échec, du plus ancien au plus récent.
cli-certificate-show-short = Montrer un document
cli-certificate-show-help = Montre une attestation ou un rapport d’échec. Avec --json, écrit le fichier signé lui-même, octet pour octet.
cli-argument-number = Numéro du document.
cli-certificate-export-short = Copier des documents dans un dossier
cli-certificate-export-help = Écrit dans un dossier le fichier signé (JSON) et les pages (PDF) des documents nommés, ou de tous.
cli-argument-numbers = Numéros des documents ; sans numéro, tous.
cli-option-to = Dossier où écrire. Obligatoire.
cli-certificate-verify-short = Contrôler que des documents sont inchangés
cli-certificate-verify-help =
    Contrôle que des attestations sont inchangées depuis leur émission, et par qui elles l’ont été. Il suffit du fichier JSON et de la clé publique de l’atelier.

    État de sortie : 0 si tous les documents sont inchangés et leur clé connue ; 1 sinon.
cli-argument-files = Fichiers JSON à contrôler.
cli-option-keys = Clé publique (PEM) à laquelle vous faites confiance, ou liste des clés de la station ; peut se répéter. Par défaut, celle de ce banc s’il y en a une.

cli-ledger-short = Contrôler le registre, donner son état signé et ses preuves
cli-ledger-help = Le registre où chaque attestation et chaque rapport est inscrit, dans l’ordre.
cli-ledger-verify-short = Contrôler tout le registre
cli-ledger-verify-help = Contrôle chaque enregistrement, chaque signature et le journal d’où ils viennent, avec les seules clés publiques. Ce qui a été modifié, ajouté ou retiré est nommé.
cli-option-key = Clé publique (PEM) de la station, ou sa liste de clés ; peut se répéter. Par défaut, toutes celles que connaît ce dossier.
cli-option-head = État signé que vous avez gardé : ce qu’il couvrait doit encore s’y trouver, inchangé.
cli-ledger-head-short = Écrire le dernier état signé du registre
cli-ledger-head-help = Écrit le dernier état signé du registre, tel quel. Un donateur qui le garde pourra montrer que rien n’a été retiré depuis.

## Ligne de commande mal écrite

cli-see-help = Aide : { $command }
cli-unknown-command = « { $name } » n’est pas une commande. L’aide les liste.
cli-unknown-command-close = « { $name } » n’est pas une commande. Vouliez-vous dire : { $close } ?
cli-unknown-option = L’option { $name } n’existe pas ici.
cli-unknown-option-close = L’option { $name } n’existe pas ici. Vouliez-vous dire : { $close } ?
cli-option-value-missing = L’option { $option } attend une valeur.
cli-option-value-surplus = L’option { $option } n’attend pas de valeur.
cli-missing-option = Il manque l’option { $name }.
cli-missing-argument = Il manque un argument : { $name }
cli-too-many-arguments = { $count ->
        [one] Cet argument est en trop :
       *[other] Ces arguments sont en trop :
    } { $found }
cli-bad-value = La valeur donnée pour { $name } ne convient pas. { $why }
cli-usage-problem = La commande ne peut pas être comprise ({ $what }).
cli-one-of = Une seule de ces options à la fois : { $options }.
cli-not-a-verification = « { $found } » n’est pas une relecture : choisissez full, none ou sample:P%, avec P de 0,1 à 100.
cli-not-a-count = « { $found } » n’est pas un nombre entier.
cli-not-seconds = « { $found } » n’est pas un temps : donnez de 0,05 à 3600 secondes.
cli-file-unreadable = Le fichier { $file } ne peut pas être lu ({ $why }). Vérifiez son chemin et ses droits d’accès.
cli-system-error = Le système a refusé une opération : { $what }. Vérifiez les droits d’accès et la place libre, puis recommencez.
cli-interrupted = Interrompu. Rien d’autre ne sera écrit.

## Tableaux

cli-column-drive = Disque
cli-column-erasable = Peut-il être effacé ?
cli-column-warnings = À savoir
cli-column-refusal = Pourquoi c’est refusé
cli-column-verdict = Verdict
cli-column-key = Nom
cli-column-passes = Passes
cli-column-title = Méthode
cli-column-pass = Passe
cli-column-content = Ce qui est écrit
cli-column-check = Relecture
cli-column-job = Travail
cli-column-state = Où il en est
cli-column-number = Document
cli-column-name = Numéro de série ou WWN
cli-column-since = Depuis
cli-column-why = Pourquoi

cli-none = –
cli-size = { BYTES($size) }
cli-date = { DATE($at) }
cli-duration = { DURATION($milliseconds) }
cli-percent = { PERCENT($permille) }
cli-rate = { BYTES($rate) }/s
cli-position = { BYTES($offset) } / { BYTES($size) }
cli-simulated = SIMULÉ
cli-all-simulated = SIMULATION – aucun support réel n’est effacé.
cli-serial = n° { $serial }
cli-kind = { $interface ->
        [sata] SATA
        [sas] SAS
        [scsi] SCSI
        [nvme] NVMe
        [usb] USB
        [virtio] virtio
        [mmc] carte mémoire
        [loop] boucle
        [simulated] simulé
       *[unknown] interface inconnue
    }, { $medium ->
        [rotating] disque à plateaux
        [flash] mémoire flash
        [file] fichier
       *[unknown] nature inconnue
    }
cli-erasable = Peut être effacé
cli-not-erasable = Ne peut pas être effacé
cli-no-drives = Aucun disque n’est visible sur cette machine. Vérifiez les branchements ; un disque simulé doit être nommé (sim:DOSSIER).

## Méthodes et plan

cli-method-source = { $name } – d’après : { $source }
cli-methods-footnote = Sauf demande contraire, la dernière passe est toujours relue en entier. Une passe suffit : le NIST (SP 800-88) juge les suivantes inutiles.
cli-content-pattern = motif { $pattern }
cli-content-long-pattern = motif { $pattern }… ({ $count } octets)
cli-content-random = flux aléatoire
cli-content-drawn = octet { $letter }, tiré au sort pour chaque disque
cli-content-complement = complément de l’octet { $letter }
cli-content-shuffled = { $count } motifs, dans un ordre tiré au sort pour chaque disque
cli-check = { $kind ->
        [full] relu à { PERCENT($permille) }
        [sample] sondage { PERCENT($permille) }
       *[none] –
    }
cli-plan-rounds = { $count ->
        [one] La méthode est appliquée une fois.
       *[other] La méthode est appliquée { $count } fois.
    }
cli-plan-level = Niveau visé : { $level }
cli-plan-check = { $kind ->
        [full] La dernière passe est relue à { PERCENT($permille) } et comparée : c’est ce qui prouve l’effacement.
        [sample] Contrôle par sondage de { PERCENT($permille) } : le reste du disque ne sera pas relu.
       *[none] Aucune relecture : l’effacement restera non prouvé.
    }
cli-plan-bytes = En tout, { BYTES($size) } seront écrits et relus.
cli-plan-refused = L’ensemble est refusé : rien ne serait effacé tant que ces raisons demeurent.

## Confirmation

cli-nothing-done = Rien n’a été écrit, sur aucun des disques demandés.
cli-no-terminal = La confirmation demande un terminal. Pour s’en passer, dans un script, ajoutez --yes.
cli-confirm-warning = { $count ->
        [one] Tout ce que contient ce disque sera détruit. C’est irréversible.
       *[other] Tout ce que contiennent ces { $count } disques sera détruit. C’est irréversible.
    }
cli-confirm-question = Pour commencer, tapez { $word } :
cli-confirm-word = EFFACER
cli-not-confirmed = Le mot demandé n’a pas été tapé : rien n’a été écrit.

## Progression

cli-activity = { $activity ->
        [writing] écriture
        [verifying] relecture
        [checking] contrôle
       *[other] en attente
    }
cli-stage = passe { $number }/{ $passes }, { $activity }
cli-progress-waiting = en préparation…
cli-progress-stopped = ARRÊTÉ – REPRISE POSSIBLE
cli-progress-more = { $count ->
        [one] … et un autre disque, faute de place
       *[other] … et { $count } autres disques, faute de place
    }
cli-progress-footer = { $count ->
        [one] 1 disque
       *[other] { $count } disques
    } : { $running } en cours, { $judged } avec verdict.
cli-progress-eta = Reste pour l’ensemble : { $eta }
cli-line-start = { $device } ({ $model }, n° { $serial }, { BYTES($size) }) : début, { $stages ->
        [0] { $passes ->
            [one] 1 passe
           *[other] { $passes } passes
        }
        [one] 1 étape
       *[other] { $stages } étapes
    }
cli-line-stage = { $device } : { $stage }
cli-line-progress = { $device } : { $stage }, { $percent }, { $rate }, reste { $eta }
cli-line-ended = { $device } : { $result }
cli-stopping = Arrêt demandé : chaque disque s’arrête à son prochain point confirmé. Ctrl-C encore une fois pour ne pas attendre.
cli-stopping-at-once = Arrêt immédiat : ce qui n’était pas confirmé sera récrit à la reprise.

## Résultat

cli-levels = Niveau visé : { $asked }. Niveau atteint : { $achieved }.
cli-document-certificate = Attestation n° { $number }
cli-document-failure-report = Rapport d’échec n° { $number }
cli-document-waiting = Ses fichiers n’ont pas pu être écrits ; ils le seront à la prochaine commande du banc.
cli-documents = Documents (PDF et JSON) : { $folder }
cli-more-reasons = { $count ->
        [one] … et une autre raison, dans le document.
       *[other] … et { $count } autres raisons, dans le document.
    }
cli-resume-hint = { $count ->
        [one] Un travail est inachevé, sans attestation : « tablerase resume » le reprend.
       *[other] { $count } travaux sont inachevés, sans attestation : « tablerase resume » les reprend.
    }

## Reprise

cli-nothing-to-resume = Aucun travail n’est inachevé.
cli-abandon-which = Nommez les travaux à abandonner : « tablerase resume --list » les liste.
cli-unfinished-progress = Passe { $number } sur { $passes } ; { PERCENT($permille) } du travail est prouvé.
cli-stopped-why = { $cause ->
        [operator] Arrêté par l’opérateur le { DATE($at) }.
        [operator-at-once] Arrêté sans délai par l’opérateur le { DATE($at) }.
        [paused] Mis en pause le { DATE($at) }.
        [worker-lost] Le programme d’écriture s’est perdu le { DATE($at) }.
        [drive-gone] Le disque ne répondait plus le { DATE($at) } : rebranchez-le, puis reprenez.
        [power-awaited] L’alimentation du disque devait être coupée, et rien n’a montré qu’elle l’a été (le { DATE($at) }). Reprenez pour la redemander.
       *[program-ended] Le banc s’est arrêté sans prévenir.
    }
cli-stopped-unrecorded = En cours dans une autre commande, ou arrêté sans prévenir (coupure, panne). Dernière nouvelle le { DATE($at) }.

## Disques protégés

cli-protect-one-of = Donnez une seule chose à faire : un numéro à protéger, --list, ou --remove NUMÉRO.
cli-protected = { $name } ne sera jamais effacé par ce banc.
cli-unprotected = { $name } ne figure plus sur la liste : il peut de nouveau être effacé.
cli-nothing-protected = La liste des disques à ne jamais effacer est vide.

## Attestations et registre

cli-no-records = Aucun document n’a encore été établi.
cli-issued = émis le { DATE($at) }
cli-unstamped = Établi sans l’horodatage qu’il devrait avoir : sa date est celle de la station.
cli-fact = { $label } :
cli-exported = { $count ->
        [0] Aucun document à écrire.
        [one] Un document écrit dans { $folder }.
       *[other] { $count } documents écrits dans { $folder }.
    }
cli-ledger-intact = Registre inchangé : { $records ->
        [0] aucun enregistrement.
        [one] 1 enregistrement, signé et à sa place.
       *[other] { NUMBER($records) } enregistrements, tous signés et à leur place.
    }
cli-ledger-altered = Registre altéré : { $findings ->
        [one] 1 anomalie
       *[other] { $findings } anomalies
    } pour { $records ->
        [0] aucun enregistrement
        [one] 1 enregistrement
       *[other] { NUMBER($records) } enregistrements
    }. Ne vous y fiez pas ; conservez ce dossier comme preuve.
cli-key-fingerprint = Clé de la station : { $fingerprint }
