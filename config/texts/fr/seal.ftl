# Le sceau des PDF et son horodatage : ce qu’en montrent les lecteurs, sa pose, son contrôle, la réécriture des documents.

## Dans le document

seal-field = Sceau électronique de la station { $station }
seal-reason-erasure-certificate = Scellement de l’attestation d’effacement n° { $number } et du fichier signé qui y est joint
seal-reason-failure-report = Scellement du rapport d’échec n° { $number } et du fichier signé qui y est joint
seal-location = Station { $station }

## Sa pose

seal-too-large = Le sceau et son horodatage font { NUMBER($size) } octets, il y a place pour { NUMBER($limit) }. Choisissez une autorité qui joint moins de certificats ([paper] tsa dans les réglages).
seal-gone = Les pages du document n° { $number } ne peuvent pas être refaites : le sceau que nomme son enregistrement a été remplacé depuis. Le fichier signé (JSON) est complet ; donnez le PDF établi alors, tiré d’une sauvegarde.
document-unstamped = Le document n° { $number } a été établi sans horodatage : l’autorité n’a pas répondu dans le délai permis ([paper] tsa_wait). Sa date est celle de la station. Il ne perd rien d’autre.

stamp-unreachable = L’autorité d’horodatage { $url } ne répond pas ({ $why }). Les documents l’attendent ; l’effacement continue. Vérifiez le réseau et [paper] tsa dans les réglages.
stamp-refused = L’autorité d’horodatage refuse ({ $status }). Les documents l’attendent ; l’effacement continue. Voyez avec l’autorité si cet atelier peut l’employer.
stamp-unreadable = Ce qu’a envoyé l’autorité d’horodatage n’est pas un horodatage. Vérifiez [paper] tsa dans les réglages.
stamp-other-question = L’horodatage reçu répond à une autre demande que la nôtre. Il n’a pas été employé ; vérifiez le chemin jusqu’à l’autorité.
stamp-other-digest = L’horodatage porte sur autre chose.
stamp-other-authority = L’horodatage vient de « { $authority } », dont les certificats de [paper] tsa_ca ne répondent pas. Il n’a pas été employé.
stamp-altered = L’horodatage a été altéré : sa signature ne correspond plus.
stamp-ca-unreadable = Les certificats des autorités { $file } ne peuvent pas être lus ({ $why }). Vérifiez le chemin et les droits.
stamp-ca-not-pem = Le fichier { $file } ne contient aucun certificat d’autorité (du PEM est attendu).

## Son contrôle

certificate-pages-altered = PDF altéré : ses pages ne sont plus ce qui a été établi, ou rien ne le montre. Ne vous y fiez pas ; demandez l’original à l’atelier, ou extrayez le fichier joint et contrôlez-le seul.
certificate-unknown-pages = Pages d’origine inconnue : le fichier joint est inchangé, mais rien ne montre que les pages qui l’entourent viennent de la même station. Ne vous fiez qu’au fichier joint, ou demandez à l’atelier l’original scellé.
certificate-meaning = Cela montre d’où vient un document et qu’il n’a pas été altéré. Cela ne prouve pas, à soi seul, que l’effacement a eu lieu.

check-pdf-passed = Un fichier d’attestation est joint au PDF : { $file }
check-pdf-not-a-pdf = Le fichier n’est pas un PDF.
check-pdf-too-large = Le PDF est plus grand que tous ceux qu’établit une station.
check-pdf-encrypted = Le PDF est chiffré : aucune station ne l’établit ainsi. Demandez l’original.
check-pdf-damaged = Le PDF est endommagé, ou n’a pas la forme de ceux qu’établit une station.
check-pdf-no-attachment = Aucun fichier d’attestation n’est joint au PDF : rien ne peut y être contrôlé. Demandez l’original.
check-pdf-several-attachments = Plusieurs fichiers sont joints au PDF : on ne peut savoir lequel vaut. Demandez l’original.
check-pdf-timed-out = Le PDF demande plus de temps ou de mémoire que tous ceux qu’établit une station.

check-seal-passed = Le sceau couvre tout le PDF, pages et fichier joint : rien n’y a changé depuis.
check-seal-appended = Quelque chose a été ajouté après le sceau ({ NUMBER($size) } octets) : un lecteur peut montrer d’autres pages que celles qui sont scellées. Ce qui précède est inchangé.
check-seal-none = Le PDF ne porte pas de sceau : ses pages peuvent venir de n’importe qui.
check-seal-several = Le PDF porte plusieurs signatures : il n’est pas tel que la station l’a établi.
check-seal-altered = Le PDF a changé depuis qu’il a été scellé.
check-seal-forged = Le sceau n’a pas été posé avec la clé du certificat qu’il contient.
check-seal-malformed = Le sceau n’est pas écrit comme les stations l’écrivent, ou ne couvre pas tout le PDF.

check-sealed-by-passed = Le sceau est celui de la station : { $owner }, certificat { $certificate }
check-sealed-by-failed = Le sceau n’est pas celui que nomme l’enregistrement signé : { $owner }, certificat { $certificate }
check-sealed-by-missing = L’enregistrement signé nomme un sceau, et le PDF n’en porte pas : il a été enlevé.
check-sealed-by-unknown = Ni l’enregistrement signé ni une liste de clés ne disent de qui est ce sceau : { $owner }, certificat { $certificate }

check-stamp-passed = Horodatage : scellé le { DATE($at) } au plus tard, dit « { $authority } », autorité à laquelle vous vous fiez.
check-stamp-unknown = Horodatage : scellé le { DATE($at) } au plus tard, dit « { $authority } », que vous n’avez pas nommée comme autorité à laquelle vous vous fiez (--tsa-ca).
check-stamp-failed = L’horodatage n’appartient pas à ce sceau, ou a été altéré.
check-stamp-none = Pas d’horodatage : la date d’établissement n’est que la parole de la station.

## Réécrire des documents

cli-certificate-rebuild-short = Réécrire ce qui manque des documents établis
cli-certificate-rebuild-help =
    Parcourt le dossier des attestations du banc et y réécrit ce qui manque ou est endommagé, octet pour octet comme établi : enregistrements et sceaux sont gardés dans le journal.

    Les documents présents et inchangés restent tels quels. Sans numéro, tous sont parcourus.
cli-option-jobs = Nombre de processus qui travaillent en même temps. Par défaut : un par processeur.
cli-option-tsa-ca = Fichier PEM des certificats des autorités d’horodatage auxquelles vous vous fiez.
cli-rebuilt = { $count ->
    [0] Rien ne manquait
    [one] Un document réécrit
   *[other] { NUMBER($count) } documents réécrits
} ; { $intact ->
    [0] aucun n’était présent et inchangé.
    [one] un était présent et inchangé.
   *[other] { NUMBER($intact) } étaient présents et inchangés.
}
cli-export-missing = Le dossier du banc ne contient pas le document n° { $number } tel qu’établi ({ $file }). Lancez d’abord « tablerase certificate rebuild ».
