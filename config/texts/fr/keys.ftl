# Les clés de la station : liste remise aux donateurs, changement, révocation, sauvegarde, feuille de secours.

## Pages d’aide

cli-metavar-date = DATE
cli-metavar-fingerprint = EMPREINTE

cli-keys-short = Créer, changer, révoquer et sauvegarder les clés de la station
cli-keys-help =
    Les clés avec lesquelles cette station signe ses enregistrements (Ed25519) et scelle ses PDF (P-256). La liste des clés, station.keys.json, est à remettre aux donateurs avec l’empreinte.

    Sans sauvegarde, une clé perdue ne se retrouve pas : voyez « tablerase keys backup » et « tablerase keys sheet ».
cli-keys-init-short = Créer les clés avant le premier effacement
cli-keys-init-help = Crée les clés d’une nouvelle station et donne leurs empreintes. Refuse s’il y en a déjà. Sans cette commande, elles sont créées au premier effacement.
cli-option-keys-station = Nom de la station, fixé pour toujours : il figure dans chaque document. Par défaut, le nom de la machine.
cli-keys-show-short = Montrer les empreintes, le sceau et l’historique
cli-keys-show-help = Montre les empreintes groupées pour être lues à voix haute, les fichiers à remettre aux donateurs, le certificat du sceau et l’historique des clés. Rien n’est écrit, rien n’est secret.
cli-keys-rotate-short = Changer de clés
cli-keys-rotate-help = Remplace les deux clés. L’ancienne se porte garante de la nouvelle dans la liste des clés, puis les anciennes clés privées sont détruites. Le registre continue. Ce qui est signé avant garde sa valeur ; les PDF scellés avant ne peuvent plus être refaits, seulement copiés.
cli-keys-revoke-short = Révoquer une clé à laquelle il ne faut plus se fier
cli-keys-revoke-help =
    Inscrit dans la liste qu’il ne faut plus se fier à une clé, depuis quand et pourquoi. Une ancienne clé est révoquée directement ; la clé actuelle ne peut l’être qu’en la remplaçant, avec --rotate.

    Prévenez les donateurs par une autre voie et remettez-leur la nouvelle liste : rien ne la leur envoie.
cli-argument-fingerprint = Empreinte de la clé, ou ses premiers chiffres, huit au moins. « tablerase keys show » la donne.
cli-option-keys-reason = Motif, inscrit dans la liste des clés que lisent les donateurs. Obligatoire.
cli-option-keys-since = Depuis quand la clé n’est plus fiable, par exemple 2026-05-04 ou 2026-05-04T10:30. Par défaut, l’instant de son remplacement.
cli-option-keys-rotate = Remplacer la clé actuelle dans le même geste.
cli-keys-backup-short = Sauvegarder les clés, chiffrées, dans un fichier
cli-keys-backup-help = Écrit une sauvegarde des clés privées et de la liste, chiffrée avec une phrase secrète demandée deux fois, puis la relit. C’est un texte : le même qui s’imprime avec « tablerase keys sheet ».
cli-option-keys-to = Fichier à écrire. Il ne doit pas exister.
cli-option-passphrase-file = Fichier dont la première ligne est la phrase secrète, au lieu de la taper.
cli-keys-restore-short = Restaurer les clés d’une sauvegarde
cli-keys-restore-help = Remet les clés d’une sauvegarde dans un dossier de banc qui n’en a pas, ou qui a perdu une partie des mêmes. Jamais une autre clé n’est remplacée. Les lignes peuvent être tapées depuis la feuille de secours, en majuscules ou minuscules, ou venir de ses codes QR.
cli-argument-backup = Fichier de la sauvegarde : celui de « tablerase keys backup », ou les lignes de la feuille tapées dans un fichier de texte.
cli-keys-sheet-short = Faire la feuille de secours à imprimer
cli-keys-sheet-help = Écrit la feuille de secours, un PDF à imprimer : empreintes, sauvegarde chiffrée en lignes numérotées et en codes QR, mode d’emploi. La phrase secrète n’y figure jamais.

## Ce que les commandes disent

keys-station = Station { $station }
keys-fingerprint = Empreinte de la clé qui signe :
keys-seal = Empreinte du certificat qui scelle les PDF :
keys-seal-validity = Titulaire { $subject }, du { DATE($begin) } au { DATE($end) }.
keys-give = À remettre aux donateurs :
keys-history = Historique :
keys-history-current = { $fingerprint } – actuelle, depuis le { DATE($since) }
keys-history-retired = { $fingerprint } – remplacée : du { DATE($since) } au { DATE($until) }. Motif : { $reason }
keys-history-revoked = { $fingerprint } – révoquée : en usage depuis le { DATE($since) }, plus fiable depuis le { DATE($until) }. Motif : { $reason }

keys-next-backup = Sauvegardez les clés hors de cette machine : tablerase keys backup --to FICHIER
keys-next-sheet = Imprimez la feuille de secours : tablerase keys sheet --to FICHIER.pdf
keys-next-donors = Donnez l’empreinte aux donateurs de vive voix ou par courrier, et la liste des clés avec les attestations.
keys-next-list = Remettez la nouvelle liste aux donateurs ; l’ancienne ne dit rien de ce changement.
keys-next-rotated = Les clés sont changées, les anciennes clés privées sont détruites. Les sauvegardes et feuilles de secours d’avant ne servent plus.
keys-backed-up = Sauvegarde écrite et relue : { $file }
keys-backup-advice = Gardez ce fichier hors de cette machine, et la phrase secrète ailleurs encore. Sans elle, il ne sert à rien.
keys-backup-title = Table Rase, sauvegarde des clés de la station { $station }, faite le { DATE($at) }
keys-backup-use = Pour restaurer : tablerase keys restore FICHIER
keys-sheet-written = Feuille de secours écrite : { $file }
keys-sheet-advice = Imprimez-la, complétez-la à la main, contrôlez-la une fois, puis effacez ce fichier.
keys-restored = Clés restaurées. Contrôlez le registre avant de continuer : tablerase ledger verify
keys-passphrase = Phrase secrète :
keys-passphrase-again = Encore une fois :

## Refus

keys-exist = Il y a déjà des clés dans { $folder } : rien n’a été changé. « tablerase keys show » les montre.
keys-none = Il n’y a pas de clés dans { $folder }. « tablerase keys init » en crée ; « tablerase keys restore » remet celles d’une sauvegarde.
keys-station-named = Cette station s’appelle déjà { $name }, pas { $asked } : son nom figure dans le registre et ne change plus.
keys-lost = La clé privée { $path } manque, alors que la liste des clés en parle. Restaurez-la avec « tablerase keys restore ». Sans sauvegarde, cette station ne peut plus signer : ouvrez un autre dossier de banc et prévenez les donateurs.
keys-do-not-match = { $path } et { $list } ne vont pas ensemble : l’un des deux vient d’ailleurs. Remettez les fichiers d’origine, ou restaurez les clés d’une sauvegarde.
keys-list-not-written = La nouvelle liste des clés ne serait pas lisible : rien n’a été changé.
keys-documents-waiting = { $count ->
        [one] Un document attend encore d’être écrit ({ $number }), et seule la clé actuelle peut le sceller.
       *[other] { $count } documents attendent encore d’être écrits (le premier est { $number }), et seule la clé actuelle peut les sceller.
    } Lancez « tablerase resume », qui les écrit, puis recommencez.
keys-not-found = { $count ->
        [0] Aucune clé de la liste ne commence par « { $typed } ».
       *[other] « { $typed } » ne désigne pas une seule clé.
    } Donnez au moins { $least } chiffres de l’empreinte ; « tablerase keys show » les montre.
keys-reason-empty = Le motif est vide. Dites en une ligne pourquoi : les donateurs le liront.
keys-not-a-moment = « { $found } » n’est pas une date. Écrivez par exemple 2026-05-04 ou 2026-05-04T10:30.
keys-since-future = { $since } est dans l’avenir. Donnez la date depuis laquelle la clé n’est plus fiable.
keys-revoke-current = La clé { $fingerprint } est la clé actuelle. Ajoutez --rotate : elle sera révoquée et remplacée dans le même geste.
keys-revoke-revoked = La clé { $fingerprint } est déjà révoquée.
keys-revoke-unlisted = La clé { $fingerprint } n’est pas dans la liste de cette station.

seal-key-missing = La clé privée du sceau { $path } manque, alors que son certificat est là. Restaurez-la avec « tablerase keys restore ».
seal-mismatch = Le certificat { $path } n’est pas celui de la clé { $key }. Remettez les fichiers d’origine, ou restaurez les clés d’une sauvegarde.
seal-not-p256 = La clé { $path } n’est pas une clé P-256. Remettez la clé du sceau, ou restaurez-la d’une sauvegarde.
seal-certificate-unreadable = Le fichier { $path } n’est pas un certificat X.509 lisible (PEM attendu). S’il est perdu, effacez-le : il est récrit depuis la liste des clés.

## Liste des clés

keys-one-list = Vous donnez { $count } listes de clés. Donnez-en une seule : un document est d’une seule station.
key-list-unreadable = Ce fichier n’est pas une liste de clés lisible ({ $place }). Demandez-la de nouveau à l’atelier.
key-list-form = La liste des clés n’est pas sous sa forme d’origine : elle a été modifiée. Demandez-la de nouveau à l’atelier.
key-list-signature = La liste des clés a été modifiée : sa signature ne correspond plus. Demandez-la de nouveau à l’atelier.
key-list-key = Dans la liste des clés, la clé { $fingerprint } n’est pas celle de son empreinte, ou figure deux fois. Demandez la liste de nouveau à l’atelier.
key-list-seal = Dans la liste des clés, le certificat du sceau de la clé { $fingerprint } n’est pas le sien. Demandez la liste de nouveau à l’atelier.
key-list-status = Dans la liste des clés, l’état de la clé { $fingerprint } se contredit. Demandez la liste de nouveau à l’atelier.
key-list-succession = Dans la liste des clés, la clé précédente ne se porte pas garante de la clé { $fingerprint }. Demandez la liste de nouveau à l’atelier, et comparez l’empreinte avec lui de vive voix.
key-list-not-pinned = La liste des clés ne contient pas la clé que vous avez ({ $fingerprint }) : elle est d’une autre station, ou de personne. Comparez l’empreinte avec l’atelier de vive voix.
key-list-damaged = La liste des clés { $path } ne peut être crue. Remettez-la d’une copie, par exemple celle d’un donateur, ou restaurez les clés d’une sauvegarde.

## Ce que vaut une clé

check-key-retired = La clé de signature est une ancienne clé de la station, remplacée le { DATE($until) }, après ce document : { $fingerprint }
check-key-retired-late = La clé de signature a été remplacée le { DATE($until) }, mais ce document porte une date postérieure. Demandez à l’atelier ce qu’il en est : { $fingerprint }
check-key-behind-revoked = La liste nomme la clé de signature, mais seule une clé révoquée s’en porte garante. Comparez l’empreinte avec l’atelier de vive voix : { $fingerprint }
check-key-revoked = La clé de signature est révoquée à compter du { DATE($since) }, avant la date de ce document. Motif : { $reason }. Ne vous y fiez pas : { $fingerprint }
check-key-revoked-later = La clé de signature est révoquée à compter du { DATE($since) }. Motif : { $reason }. Ce document porte une date antérieure, mais qui détient la clé peut écrire n’importe quelle date ; demandez à l’atelier s’il figure à son registre : { $fingerprint }

certificate-doubtful-key = Clé douteuse : ce document se dit émis par { $station } (n° { $number }, disque { $model }, numéro de série { $serial }, { $verdict ->
        [erased] effacé
        [erased-with-remarks] effacé avec des remarques
        [failed] non effacé
        [aborted] abandonné
       *[unproven] effacement non prouvé
    }){ $simulated ->
        [yes] {" "}– SIMULATION, aucun disque réel
       *[no] {""}
    } et n’a pas changé depuis sa signature, mais la station a révoqué ou remplacé la clé qui l’a signé. Demandez à l’atelier s’il figure à son registre.
certificate-revoked-key = Clé révoquée : ce document se dit émis par { $station } (n° { $number }, disque { $model }, numéro de série { $serial }, { $verdict ->
        [erased] effacé
        [erased-with-remarks] effacé avec des remarques
        [failed] non effacé
        [aborted] abandonné
       *[unproven] effacement non prouvé
    }){ $simulated ->
        [yes] {" "}– SIMULATION, aucun disque réel
       *[no] {""}
    }, mais la station avait déjà révoqué la clé qui l’a signé. Ne vous y fiez pas ; demandez à l’atelier ce qu’il en est.
check-head-passed-other = L’état du registre { $origin } ({ NUMBER($size) } enregistrements, le { DATE($at) }) est signé par une autre clé de la station : { $fingerprint }

## Sauvegarde

keys-passphrase-short = La phrase secrète est trop courte : { $least } caractères au moins, par exemple cinq mots tirés au sort.
keys-passphrase-needed = Il n’y a pas de terminal où taper la phrase secrète. Donnez-la avec --passphrase-file.
keys-passphrase-differs = Les deux phrases secrètes diffèrent : rien n’a été écrit. Recommencez.
keys-file-exists = { $file } existe déjà : rien n’a été écrit. Choisissez un autre nom.
keys-file-unwritable = { $file } ne peut être écrit ({ $why }). Choisissez un autre endroit.
keys-backup-wrong-line = La ligne { $number } est mal recopiée (ligne { $place } du fichier) : ses caractères de contrôle ne correspondent pas. Comparez-la avec la feuille et corrigez-la.
keys-backup-two-lines = La ligne { $number } figure deux fois, et différemment. Deux feuilles sont mêlées : n’en gardez qu’une.
keys-backup-missing = { $count ->
        [one] La ligne { $number } manque.
       *[other] { $count } lignes manquent, la première est la ligne { $number }.
    } Chaque ligne commence par son numéro et deux-points. Ajoutez ce qui manque.
keys-backup-empty = Ce fichier ne contient aucune ligne de sauvegarde. Chaque ligne commence par son numéro et deux-points.
keys-backup-incomplete = Les lignes ne forment pas une sauvegarde entière : il en manque après la ligne { $number }, ou deux feuilles sont mêlées. Comparez avec la feuille.
keys-backup-other-format = Ces lignes sont entières mais d’un autre format. Utilisez la version de Table Rase qui les a faites, ou une plus récente.
keys-backup-passphrase = La phrase secrète n’est pas celle de cette sauvegarde. Les lignes, elles, sont bien recopiées.
keys-backup-contents = La sauvegarde se déchiffre, mais ses clés ne vont pas ensemble. Utilisez une autre sauvegarde.
keys-restore-other = Ce dossier a une autre clé ({ $found }) que la sauvegarde ({ $backup }) : rien n’a été changé. Si les clés ont été changées depuis, prenez une sauvegarde plus récente.
keys-restore-other-seal = Le sceau dans { $folder } n’est pas celui de la sauvegarde : rien n’a été changé. Utilisez la sauvegarde qui lui correspond.
keys-restore-other-station = Ce dossier est celui de la station { $found }, la sauvegarde celle de { $backup } : rien n’a été changé. Choisissez un autre dossier avec --state.

## Feuille de secours

sheet-title = Feuille de secours
sheet-page = page
sheet-purpose = Cette feuille permet de retrouver les clés d’une station Table Rase après une panne, un vol ou un incendie. Elle ne suffit pas : il faut aussi la phrase secrète, qui n’y figure pas.
sheet-station = Station
sheet-made = Faite le
sheet-fingerprint = Clé qui signe
sheet-seal = Sceau des PDF
sheet-keep-title = Où la garder
sheet-keep-1 = Dans un autre bâtiment que la station, au sec et sous clé.
sheet-keep-2 = Jamais avec la phrase secrète. Qui a les deux peut signer au nom de la station.
sheet-keep-3 = Le journal et les attestations n’y sont pas : sauvegardez aussi le dossier du banc.
sheet-use-title = Comment s’en servir
sheet-use-1 = Installez Table Rase et, si vous l’avez, remettez la sauvegarde du dossier du banc.
sheet-use-2 = Lisez les codes QR qui suivent avec un téléphone, et mettez ce qu’ils disent dans un fichier de texte, un code par ligne. À défaut, tapez les lignes numérotées ; majuscules, espaces et ordre n’importent pas.
sheet-use-3 = Lancez « tablerase keys restore FICHIER » et tapez la phrase secrète. Une ligne mal recopiée est nommée.
sheet-use-4 = Comparez l’empreinte affichée avec celle de cette feuille, puis effacez le fichier.
sheet-void-title = Quand la refaire
sheet-void-1 = Après chaque changement de clés : l’ancienne feuille ne sert alors plus, détruisez-la.
sheet-void-2 = Si la phrase secrète a pu être lue : changez alors les clés, « tablerase keys rotate ».
sheet-by-hand-title = À compléter à la main
sheet-by-hand-printed = Imprimée le, par
sheet-by-hand-place = Gardée à (lieu)
sheet-by-hand-holder = Phrase secrète confiée à (jamais la phrase elle-même)
sheet-by-hand-checked = Restauration essayée le, par
sheet-backup-title = Sauvegarde chiffrée
sheet-backup-about = { $count } lignes. Chaque code QR contient les lignes qui sont à sa gauche. Dans chaque ligne, le dernier groupe est de contrôle ; il n’y a ni I, ni L, ni O, ni U.
sheet-code = Code QR, lignes { $first } à { $last }
