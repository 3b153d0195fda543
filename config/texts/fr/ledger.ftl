# Les preuves du registre

ledger-empty = Le registre est vide : il n’a pas encore d’état signé. Il en aura un après le premier effacement.
ledger-no-such-size = Le registre n’a pas d’état signé à { NUMBER($size) } enregistrements. « tablerase ledger head » donne le dernier.
ledger-head-too-old = L’état signé à { NUMBER($size) } enregistrements est antérieur au document { $number }, inscrit au rang { NUMBER($place) }. Prenez un état plus récent.
ledger-damaged = Ce que garde le registre ne correspond pas à son dernier état signé : le journal a été endommagé ou modifié. Rien n’y est ajouté. Gardez ce dossier comme preuve, voyez ce que dit « tablerase ledger verify », puis restaurez la dernière sauvegarde.
ledger-states-reversed = Le premier état ({ NUMBER($old) } enregistrements) est plus récent que le second ({ NUMBER($new) }). Donnez d’abord le plus ancien.
ledger-state-of-another-key = L’état signé à { NUMBER($size) } enregistrements, daté du { DATE($at) }, n’est signé par aucune clé de cette station. Vérifiez qu’il vient bien d’elle, et comparez l’empreinte de la clé.
ledger-state-removed = L’état signé le { DATE($at) } compte { NUMBER($size) } enregistrements, le registre n’en a plus que { NUMBER($found) } : des enregistrements ont été retirés.
ledger-state-differs = Les { NUMBER($size) } premiers enregistrements du registre ne sont pas ceux que couvre l’état signé le { DATE($at) } : l’un d’eux au moins a été récrit, ajouté ou retiré.
record-of-another-format = Le document { $number } est d’un format que cette version du programme ne connaît pas. Utilisez une version plus récente.
record-of-another-key = Le document { $number } n’est signé par aucune clé connue de cette station. Restaurez la liste de ses clés (keys/station.keys.json), ou voyez ce que dit « tablerase ledger verify ».

cli-ledger-superseded = { $count ->
        [one] Un de ces enregistrements en remplace un autre.
       *[other] { NUMBER($count) } de ces enregistrements en remplacent d’autres.
    }
cli-metavar-record = NUMÉRO
cli-metavar-old = ANCIEN
cli-metavar-new = [NOUVEAU]
cli-argument-record = Numéro du document, ou son rang dans le registre comme sur l’attestation, à partir de 1.
cli-argument-old = Un nombre d’enregistrements, ou un fichier contenant un état signé que vous avez gardé.
cli-argument-new = De même. Par défaut, le dernier état.
cli-option-size = Au nombre d’enregistrements donné, au lieu du dernier état.
cli-option-head-to = Écrire l’état signé dans ce fichier.
cli-option-prove-to = Écrire dans ce fichier l’attestation (JSON) avec cette preuve, plus récente que celle d’origine.
cli-ledger-prove-short = Prouver qu’un document est inscrit au registre
cli-ledger-prove-help =
    Donne la preuve (RFC 9162) qu’un document est inscrit au registre que décrit le dernier état signé : son empreinte, les empreintes voisines, l’état signé. Rien d’autre du registre n’est révélé.

    L’attestation porte déjà une telle preuve, dans l’état du registre à son émission. Celle-ci la renouvelle : un donateur peut la rapprocher d’un état reçu depuis.
cli-ledger-consistency-short = Montrer que rien n’a été récrit entre deux états
cli-ledger-consistency-help =
    Compare deux états du registre, et prouve (RFC 9162) que tout ce que couvrait le premier se trouve inchangé dans le second. Sinon, dit lequel contredit le registre.

    Un donateur qui a gardé un état signé peut l’envoyer : tablerase ledger consistency etat.txt

    État de sortie : 0 si rien n’a été récrit ; 1 si un état contredit le registre ; 2 si la comparaison est impossible.
cli-proven = Le document { $number } est l’enregistrement { NUMBER($place) } sur { NUMBER($size) } du registre signé le { DATE($at) }.
cli-proof-leaf = empreinte de l’enregistrement
cli-proof-path = empreinte voisine
cli-proof-written = Attestation écrite avec cette preuve : { $file }
cli-head-written = État signé du registre ({ $size ->
        [one] 1 enregistrement
       *[other] { NUMBER($size) } enregistrements
    }) écrit dans { $file }
cli-consistent = Rien n’a été récrit entre les deux états : { $old ->
        [one] l’enregistrement du { DATE($old_at) } est, inchangé et à sa place, le premier
       *[other] les { NUMBER($old) } enregistrements du { DATE($old_at) } sont, inchangés et à leur place, les premiers
    } des { NUMBER($new) } du { DATE($new_at) }.
cli-consistent-same = Rien n’a été récrit : les deux états, signés le { DATE($old_at) } et le { DATE($new_at) }, décrivent { $old ->
        [one] le même enregistrement.
       *[other] les mêmes { NUMBER($old) } enregistrements.
    }
cli-inconsistent = Ne vous fiez pas à ce registre. Gardez-le comme preuve, avec l’état signé qui le contredit.
cli-file-unwritable = Le fichier { $file } ne peut pas être écrit ({ $why }). Vérifiez le chemin, les droits et la place libre.
