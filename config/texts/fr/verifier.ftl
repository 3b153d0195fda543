# La page de vérification : un fichier HTML qui contrôle une attestation dans un navigateur, sans réseau.

verifier-title = Vérifier une attestation d’effacement
verifier-lead = Cette page contrôle, sur votre ordinateur et sans réseau, qu’une attestation ou un rapport d’échec émis par un banc Table Rase est resté tel qu’il a été émis.
verifier-no-script = Cette page a besoin de JavaScript, qui est désactivé dans ce navigateur. Autorisez-le pour cette page ; elle n’envoie rien.
verifier-unable = Ce navigateur ne sait pas contrôler les signatures Ed25519 : aucun document ne pourra être déclaré inchangé ici. Utilisez une version récente de Firefox, Chrome, Edge ou Safari.
verifier-step-documents = 1. Les documents à contrôler
verifier-hint-documents = PDF ou JSON, un ou plusieurs : déposez-les n’importe où sur la page, ou choisissez-les ici.
verifier-step-references = 2. Ce que l’atelier vous a remis par une autre voie
verifier-hint-references = Sa clé publique (.pub), sa liste de clés (.keys.json) ou un état signé du registre que vous avez gardé. Sans clé connue, une signature intacte peut être celle de n’importe qui.
verifier-fingerprint = … ou l’empreinte de sa clé, telle que vous l’avez sur papier
verifier-add = Ajouter
verifier-choose-documents = Choisir des documents…
verifier-choose-references = Choisir des fichiers…
verifier-again = Tout effacer et recommencer
verifier-private = Rien ne quitte votre ordinateur : cette page n’a pas accès au réseau et ne garde rien.
verifier-about = La description des fichiers et des contrôles (docs/verify.md) permet d’écrire son propre outil et de ne pas dépendre de cette page.

verifier-working = Contrôle en cours…
verifier-done-one = Contrôle terminé. { $sentence }
verifier-done-many = Contrôle terminé : { $count ->
    [one] un document
   *[other] { NUMBER($count) } documents
}. Inchangés : { NUMBER($good) }. À éclaircir : { NUMBER($doubt) }. À refuser : { NUMBER($bad) }.

## Ce que l’on a reçu de l’atelier

verifier-item-key = Clé connue : { $fingerprint }
verifier-item-keys = Liste de clés de la station { $station } : { $count ->
    [one] une clé
   *[other] { NUMBER($count) } clés
}, chacune signée par la précédente.
verifier-item-head = État du registre { $origin } : { $size ->
    [one] un enregistrement
   *[other] { NUMBER($size) } enregistrements
}, le { DATE($at) }.
verifier-item-consistency = Preuve de cohérence entre { NUMBER($old) } et { NUMBER($size) } enregistrements.
verifier-consistency-unreadable = Ce fichier n’est pas une preuve de cohérence lisible. Demandez-la de nouveau à l’atelier (tablerase ledger consistency --json).
verifier-not-a-fingerprint = Ce n’est pas une empreinte : il faut 64 chiffres hexadécimaux (0 à 9, a à f). Recopiez-la en entier.
verifier-key-private = Ce fichier est une clé privée : elle ne doit jamais quitter la station. Utilisez la clé publique (.pub), et prévenez l’atelier.
verifier-key-unreadable = Ce fichier n’est pas une clé publique Ed25519 (PEM). Demandez à l’atelier le fichier station.key.pub.

## Ce qu’il en est d’un document

verifier-title-intact = Document inchangé
verifier-title-plain = Document inchangé, qui n’atteste pas l’effacement d’un disque réel
verifier-title-unknown-key = Clé inconnue : origine non établie
verifier-title-unknown-pages = Pages non couvertes par un sceau
verifier-title-unsupported = Contrôle impossible dans ce navigateur
verifier-title-altered = Document altéré
verifier-title-contradicted = Registre contredit
verifier-title-doubtful-key = Clé douteuse : la date est à vérifier
verifier-title-revoked-key = Clé révoquée
verifier-title-unreadable = Document illisible

verifier-overall-unknown-pages = L’original joint ({ $number }) n’a pas changé depuis son émission par { $station }, mais rien ne montre que les pages du PDF disent la même chose : lisez l’enregistrement ci-dessous, pas les pages.
verifier-overall-unsupported = Ce navigateur n’a pas pu faire tous les contrôles : on ne peut rien dire de ce document. Utilisez une version récente de Firefox, Chrome, Edge ou Safari, ou la commande tablerase certificate verify.
verifier-overall-contradicted = La signature du document { $number } est intacte, mais le registre qu’il cite n’est pas celui que vous avez gardé : { $station } a signé deux passés différents. Demandez des explications à l’atelier et gardez les deux fichiers.

verifier-says = Ce que le document déclare
verifier-simulation = SIMULATION – aucun disque réel n’a été effacé.
verifier-checks = Ce qui a été contrôlé
verifier-outcome-passed = Réussi.
verifier-outcome-failed = Échec.
verifier-outcome-unknown = Incertain.
verifier-outcome-unsupported = Impossible.
verifier-outcome-noted = Relevé.
verifier-outcome-skipped = Non examiné.

verifier-check-unsupported = Ce navigateur ne sait pas faire ce contrôle.
verifier-page-failed = Cette page n’a pas su lire le fichier : il a peut-être changé de place, ou c’est un défaut de la page. Essayez à nouveau, ou utilisez la commande tablerase certificate verify.
verifier-kept-passed = L’état du registre que vous avez gardé ({ NUMBER($size) } enregistrements) est le même que celui du document.
verifier-kept-failed = L’état du registre que vous avez gardé ({ NUMBER($size) } enregistrements) n’est pas celui que cite le document, pour le même nombre d’enregistrements : l’un des deux passés a été réécrit.
verifier-kept-grown = Entre l’état que vous avez gardé ({ NUMBER($kept) } enregistrements) et celui du document ({ NUMBER($size) }), le registre n’a fait que croître : rien n’y a été réécrit.
verifier-kept-size = L’état que vous avez gardé compte { NUMBER($kept) } enregistrements, celui du document { NUMBER($size) } : pour les comparer, demandez à l’atelier une preuve de cohérence (tablerase ledger consistency).
verifier-kept-other = L’état que vous avez gardé est celui d’un autre registre ou d’une autre clé : il n’y a rien à comparer.

## Le PDF et son sceau

verifier-pdf-broken = Le PDF ne peut pas être lu (vers l’octet { NUMBER($position) }) : il est endommagé ou a été modifié. Demandez l’original à l’atelier.
verifier-pdf-encrypted = Le PDF est chiffré : une attestation ne l’est jamais. Demandez l’original à l’atelier.
verifier-pdf-filter = Le PDF utilise une compression qu’une attestation n’utilise jamais. Demandez l’original à l’atelier.
verifier-pdf-no-attachment = Aucune attestation n’est jointe à ce PDF : ses pages seules ne prouvent rien. Demandez l’original à l’atelier.
verifier-pdf-attachments = Ce PDF contient { $count } fichiers joints : on ne peut savoir lequel est l’original. Demandez l’original à l’atelier.
verifier-seal-passed = Le sceau couvre le PDF entier, pages et fichier joint, et c’est celui que nomme l’enregistrement signé.
verifier-seal-none = Ce PDF ne porte pas de sceau : rien ne montre que ses pages disent ce que dit l’enregistrement signé.
verifier-seal-unknown = Un sceau couvre le PDF entier, mais l’enregistrement ne dit pas de qui il doit être : on ne sait qui a scellé ces pages. La liste de clés de l’atelier peut le dire.
verifier-seal-missing = L’enregistrement annonce un PDF scellé, et celui-ci n’a pas de sceau : on l’a retiré ou les pages sont d’ailleurs. Demandez l’original à l’atelier.
verifier-seal-several = Ce PDF porte { $count } sceaux au lieu d’un : on ne peut savoir lequel croire. Demandez l’original à l’atelier.
verifier-seal-other = Le sceau n’est pas celui que nomme l’enregistrement signé : un autre a scellé ces pages. Demandez l’original à l’atelier.
verifier-seal-range = Le sceau ne couvre pas le PDF entier : ce qu’il laisse de côté peut avoir changé. Demandez l’original à l’atelier.
verifier-seal-appended = { $count ->
    [one] Un octet a été ajouté
   *[other] { NUMBER($count) } octets ont été ajoutés
} au PDF après son scellement. Demandez l’original à l’atelier.
verifier-seal-changed = Le PDF a changé depuis son scellement. Demandez l’original à l’atelier.
verifier-seal-forged = La signature du sceau ne tient pas : elle n’est pas de la clé qu’elle nomme, ou a été modifiée. Demandez l’original à l’atelier.
verifier-seal-unreadable = Le sceau n’est pas écrit comme un banc Table Rase l’écrit : on ne peut le contrôler. Demandez l’original à l’atelier.
verifier-stamp = Horodatage du sceau : { DATE($at) }. Il porte sur ce sceau ; l’autorité qui l’a signé n’a pas été contrôlée ici.
verifier-stamp-unreadable = L’horodatage du sceau est illisible. Demandez l’original à l’atelier.
verifier-stamp-other = L’horodatage porte sur un autre sceau que celui-ci. Demandez l’original à l’atelier.

## Ce que dit l’enregistrement

verifier-facts = Ce que dit l’enregistrement signé
verifier-group-document = Document
verifier-group-parties = Parties
verifier-group-drive = Disque
verifier-group-process = Effacement
verifier-group-origin = Origine
verifier-fact-number = Numéro
verifier-fact-issued = Émis le
verifier-fact-station = Station
verifier-fact-supersedes = Remplace
verifier-fact-donor = Donateur
verifier-fact-reference = Référence du donateur
verifier-fact-refurbisher = Atelier
verifier-fact-lot = Lot
verifier-fact-operator = Opérateur (code)
verifier-fact-model = Modèle
verifier-fact-serial = Numéro de série
verifier-fact-wwn = Identifiant (WWN, EUI)
verifier-fact-size = Capacité
verifier-fact-method = Méthode
verifier-fact-level = Niveau visé
verifier-fact-achieved = Niveau atteint
verifier-fact-passes = Passes
verifier-fact-check = Contrôle de la dernière passe
verifier-fact-planned = Ordre donné le
verifier-fact-key = Empreinte de la clé
verifier-fact-digest = SHA-256 de l’enregistrement
verifier-fact-ledger = Registre
verifier-supersedes = { $number } – { $reason }
verifier-size = { BYTES($size) } ({ NUMBER($size) } octets)
verifier-passes = { NUMBER($count) }
verifier-check-full = relu à 100 %
verifier-check-sample = sondage { PERCENT($permille) }
verifier-check-part = relecture non terminée
verifier-check-bad = relecture achevée, avec des blocs illisibles ou au contenu inattendu
verifier-date = { DATE($at) }
verifier-ledger = enregistrement { NUMBER($position) } sur { NUMBER($size) }
verifier-list-reasons = Pourquoi l’effacement n’est pas prouvé
verifier-list-remarks = Remarques
verifier-list-uncovered = Non couvert par cet effacement
verifier-unknown-code = { $code } (cette page n’a pas de phrase pour ce code)

## Ce que rien de tout cela ne montre

verifier-not-shown = Ce que ce contrôle ne montre pas
verifier-not-shown-1 = Que l’effacement a eu lieu : la signature montre qui le déclare et que le texte n’a pas changé, rien de plus.
verifier-not-shown-2 = De qui est la clé : comparez son empreinte avec celle que l’atelier vous a remise par une autre voie.
verifier-not-shown-3 = Que la date est juste : c’est celle que donne la station.
verifier-not-shown-4 = Qu’aucun document plus récent ne remplace celui-ci : cela se demande à l’atelier, registre en main.

## La commande qui écrit la page

cli-certificate-page-short = Écrire la page qui contrôle un document dans un navigateur
cli-certificate-page-help = Écrit un fichier HTML à remettre au donateur : ouvert dans un navigateur récent, sans réseau, il contrôle des attestations PDF ou JSON avec la clé publique ou la liste de clés de l’atelier. La page est la même pour tous les ateliers.
cli-option-page-to = fichier à écrire (verifier.html par défaut)
cli-page-written = Page de vérification écrite : { $file }. Remettez-la au donateur ; la clé publique, par une autre voie.
cli-page-unwritable = La page { $file } ne peut pas être écrite ({ $why }). Vérifiez le chemin et les droits.
demo-page = Pour contrôler un document comme un donateur : ouvrez { $file }, dans le même dossier, et donnez-lui un document et la clé publique { $key }.
verifier-check-by-drive = par blocs témoins et relecture, après l’effacement par le disque
