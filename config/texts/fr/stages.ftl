# Étapes d’un effacement par le micrologiciel du disque : ce qui sera fait, pourquoi, et ce qui en est prouvé.

stage-kind-wait = attente
stage-kind-power-cycle = coupure d’alimentation
stage-kind-unlock = déverrouillage
stage-kind-restore = réouverture d’une zone cachée
stage-kind-plant = pose des témoins
stage-kind-erase = effacement par le disque
stage-kind-reformat = reformatage
stage-kind-check = recherche des témoins
stage-kind-compare = comparaison avant-après
stage-kind-read-back = relecture

## Ce qui sera fait, et pourquoi

stage-wait-foreign = Un sanitize que ce banc n’a pas lancé est en cours : il ne peut être arrêté. Le banc attend sa fin, n’en conclut rien, puis efface lui-même.
stage-power-cycle-thaw = Le disque est gelé, ou n’accepte plus de mot de passe : seule une coupure de son alimentation le libère.
stage-power-cycle-identify = Un disque ne montre sa vraie taille qu’après une coupure de son alimentation : il est ensuite identifié de nouveau.
stage-power-cycle-forget = L’alimentation est coupée avant la relecture, pour lire le support et non la mémoire cache du disque.
stage-unlock-opal = Le disque est verrouillé par Opal : le PSID de son étiquette le ramène à l’état d’usine. Cela ne compte pas comme effacement.
stage-unlock-password = Le disque porte le mot de passe de ce poste, posé par un effacement interrompu : il est retiré, puis le disque effacé de nouveau.
stage-restore = La zone cachée { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} est rouverte, pour que l’effacement et la relecture l’atteignent.
stage-restore-again = La zone HPA est rouverte de nouveau : elle peut réapparaître quand la zone DCO est rouverte.
stage-plant = { NUMBER($count) } blocs témoins au contenu aléatoire sont posés, enregistrés par le disque et relus : aucun ne devra survivre.
stage-erase-sanitize = Le disque s’efface lui-même ; une coupure de courant ne fait que suspendre cet effacement, et rien ne peut l’annuler.
stage-erase-once = Le disque s’efface lui-même ; son alimentation ne doit pas être coupée avant la fin, sans quoi tout est à reprendre.
stage-reformat = Le disque est reformaté en secteurs que le banc sait lire.
stage-check = Les places des témoins sont relues : un seul survivant montre que le disque ne s’est pas effacé.
stage-compare = Le disque est identifié et interrogé de nouveau : sa taille, ses verrous et ses zones cachées doivent être comme avant, ou mieux.
stage-read-back = { PERCENT($permille) } du disque est relu, à des places tirées au hasard.

## Techniques retenues ou écartées

stage-chosen-first = Retenue : la première de la politique qui atteint le niveau visé sur ce disque.
stage-chosen-beside-block = Retenue en plus : la clé est d’abord détruite, puis les blocs effacés.
stage-passed-less-preferred = Écartée : la politique en préfère une autre, qui suffit.
stage-passed-policy = Écartée : la politique « { $policy } » ne la permet pas sur ce support.
stage-passed-not-offered = Écartée : le disque ne la propose pas.
stage-passed-no-commands = Écartée : aucune commande sûre n’atteint le disque à travers son adaptateur. Branchez-le en direct (SATA, SAS ou PCIe).
stage-passed-status-unreadable = Écartée : l’état d’un sanitize ne peut pas être lu ici, son succès resterait donc inconnu. Branchez le disque en direct.
stage-passed-siblings = Écartée : elle effacerait aussi { $siblings }, absents du plan. Si personne n’a besoin de ce qui s’y trouve, donnez-les dans la même demande ; sinon, réécrivez cette seule adresse.
stage-passed-units = Écartée : le disque a d’autres adresses ({ $units }), et aucune norme ne dit si elle les effacerait aussi. Réécrivez chacune d’elles.
stage-passed-one-namespace = Écartée : l’hôte réécrit un espace de noms à la fois, or { NUMBER($count) } sont à effacer ensemble. Demandez-les un par un.
stage-passed-namespaces-unknown = Écartée : les espaces de noms NVMe que toucherait l’effacement ne sont pas connus.
stage-passed-namespaces = Écartée : elle effacerait les { NUMBER($count) } espaces de noms du disque, dont { $namespaces }, qui ne sont pas dans le plan. Réécrivez le disque, ou effacez puis supprimez d’abord les autres espaces de noms (nvme format --ses=1, puis nvme delete-ns, du paquet nvme-cli) et refaites le plan.
stage-passed-controllers = Écartée : { NUMBER($count) } contrôleurs partagent ce disque, et une autre machine peut s’en servir. Isolez-le d’abord.
stage-passed-medium-closed = Écartée : un sanitize a échoué et le disque n’accepte plus qu’un nouveau sanitize.
stage-passed-frozen = Écartée : le disque est gelé et la politique ne permet pas de couper son alimentation.
stage-passed-no-psid = Écartée : elle exige le PSID imprimé sur l’étiquette du disque, qui n’a pas été donné.
stage-passed-revert-unlocks = Écartée comme effacement : elle sert déjà à déverrouiller le disque.
stage-passed-retired-sectors = Écartée : { $count ->
    [one] un secteur retiré
   *[other] { NUMBER($count) } secteurs retirés
} du disque resteraient hors d’atteinte, et la politique l’exclut. Effacez par sanitize, ou détruisez le disque.

## Refus et accord

stage-refused-level = Le niveau demandé, { $asked ->
    [purge] Purge
   *[clear] Clear
}, est hors d’atteinte pour ce disque ; au mieux { $reached ->
    [purge] Purge
   *[clear] Clear
}, et la politique « { $policy } » refuse d’en faire moins. Branchez-le autrement, changez de politique, ou détruisez-le.
stage-refused-nothing-usable = Aucune technique permise ne peut effacer ce disque ici. Les raisons suivent ; sinon, détruisez-le.
stage-refused-password-set = Un mot de passe ATA inconnu de ce poste protège le disque, qui se verrouillerait à la première coupure. Son propriétaire peut le retirer dans la machine d’origine.
stage-refused-password-locked = Le disque est verrouillé par un mot de passe ATA inconnu de ce poste. Son propriétaire peut le retirer dans la machine d’origine (certains BIOS transforment ce qui est tapé) ; sinon, détruisez le disque.
stage-refused-opal-locked = Le disque est verrouillé par Opal. Donnez le PSID imprimé sur son étiquette, ou faites-le déverrouiller par son propriétaire ; sinon, détruisez-le.
stage-refused-opal-shadowed = Opal montre une image de démarrage (MBR fantôme) à la place des données : une relecture ne prouverait rien. Donnez le PSID imprimé sur l’étiquette, ou faites-le déverrouiller par son propriétaire.
stage-refused-no-revert = Le PSID a été donné, mais le disque ne peut pas être ramené à l’état d’usine depuis ce poste. Essayez un poste en SATA direct, ou détruisez-le.
stage-refused-lock-out-of-reach = Le disque est verrouillé, et aucune commande sûre ne l’atteint à travers son adaptateur. Branchez-le en direct (SATA, SAS ou PCIe).
stage-refused-own-sanitize = Le sanitize du travail { $job } de ce banc est en cours sur ce disque : reprenez ce travail avec « tablerase resume ».
stage-refused-hidden = Une zone cachée { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} est en service (disque entier : { BYTES($size) }, 0 si inconnu), et la politique le refuse. Rouvrez-la (hidden_areas = "restore") ou mettez le disque à part.
stage-refused-sectors = Le disque a des secteurs de { $sector } octets, ou protégés, que le banc ne sait pas lire, et il ne peut pas être reformaté ici. Branchez-le sur un contrôleur SAS qui laisse passer FORMAT UNIT.
stage-consent-question = Le niveau demandé, { $asked ->
    [purge] Purge
   *[clear] Clear
}, est hors d’atteinte pour ce disque. Acceptez-vous { $reached ->
    [purge] Purge
   *[clear] Clear
} à la place ? Votre accord sera inscrit sur l’attestation.
stage-consent-operator = Accord donné par l’opérateur { $operator } le { DATE($at) }.
stage-consent-policy = La politique « { $policy } » permet d’atteindre { $reached ->
    [purge] Purge
   *[clear] Clear
} là où { $asked ->
    [purge] Purge
   *[clear] Clear
} est demandé et hors d’atteinte.

## Remarques du plan

stage-remark-no-commands = { $bridge ->
    [none] Aucune commande n’atteint le micrologiciel de ce disque, qui ne peut donc pas s’effacer lui-même ici. Branché sur un port SATA, SAS ou NVMe, il le pourrait peut-être.
   *[other] Adaptateur ({ $bridge }) : aucune commande sûre ne le traverse, le disque ne peut donc pas s’effacer lui-même. Branché en direct, il le pourrait peut-être.
}
stage-remark-hidden-indeterminate = Zone cachée { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} : le disque n’a pas dit s’il en a une. Si elle existe, une réécriture ne l’a pas atteinte.
stage-remark-hidden-left = La zone cachée { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} reste en service (disque entier : { BYTES($size) }, 0 si inconnu) : le disque restera plus petit qu’il n’est, et seul un sanitize l’efface.
stage-remark-retired-sectors = { $count ->
    [one] Un secteur retiré
   *[other] { NUMBER($count) } secteurs retirés
} du disque : cette technique peut ne pas y effacer de données restantes.
stage-remark-unallocated = { BYTES($size) } du disque n’appartiennent à aucun espace de noms : cette technique ne les atteint pas, d’anciennes données peuvent y rester.
stage-remark-namespaces = { NUMBER($count) } autres espaces de noms de ce disque ne sont pas couverts par cet effacement : leurs données y restent.
stage-remark-together = Une seule commande efface ensemble { NUMBER($count) } espaces de noms de ce disque ; ils sont retenus ensemble et examinés un par un, avant et après.
stage-remark-namespace = { $node } : espace de noms { $nsid }, { BYTES($size) }.
stage-remark-one-overwritten = Les passes qui suivent ne réécrivent que { $node } : les autres espaces de noms sont effacés par le disque lui-même et ne sont pas réécrits.
stage-remark-no-canaries = Aucun témoin ne peut être posé sur ce disque dans son état : la preuve repose sur ce que le disque montre de son effacement.

## Pourquoi aucun effacement n’est prouvé

reason-stage-failed = Étape { $stage } : le disque déclare que son propre effacement a échoué. Des données peuvent rester : réessayez, sinon détruisez le disque.
reason-stage-failed-left = Étape { $stage } : l’effacement par le disque a échoué, et le disque a seulement été rouvert ensuite. Des données peuvent rester : réessayez, sinon détruisez le disque.
reason-canaries-survived = Étape { $stage } : { $count ->
    [one] un bloc témoin a survécu
   *[other] { NUMBER($count) } blocs témoins ont survécu
} à un effacement que le disque dit réussi. Ce disque ment ou ne s’efface pas : détruisez-le.
reason-capacity-shrunk = Le disque a perdu { BYTES($size) } de capacité pendant le travail : ce qui n’est plus visible n’est pas prouvé effacé. Détruisez-le.
reason-stage-refused = Étape { $stage } : le disque a refusé la commande. Il n’est pas effacé ; la raison suit si elle est connue.
reason-stage-unreadable = Étape { $stage } : le disque a pris la commande, et ce qu’elle est devenue n’a pas pu être lu. Il compte comme non effacé ; la raison suit.
reason-stage-stale = Étape { $stage } : le disque a pris la commande et ne parle que d’un effacement plus ancien. Il compte comme non effacé ; la raison suit.
reason-stage-never-began = Étape { $stage } : le disque a pris la commande et n’a jamais montré qu’il commençait. Il n’est pas effacé ; la raison suit.
reason-stage-unanswered = Étape { $stage } : le disque n’a pas répondu, ce qu’il a fait n’est donc pas connu. Il compte comme non effacé ; la raison suit.
reason-stage-not-stored = Étape { $stage } : le disque ne rend pas ce qui y a été écrit, aucun effacement n’a donc été commencé. Il n’est pas effacé ; la raison suit.
reason-stage-unfinished = Étape { $stage } : une commande a été donnée au disque et sa fin n’est pas connue. Laissez-le sous tension et reprenez le travail.
reason-stage-not-done = Étape { $stage } : elle n’a pas été menée à son terme. Ce qui suit manque aussi.
reason-stage-over-another = Étape { $stage } : un autre effacement était en cours quand la commande a été donnée ; rien ne dit lequel a réussi. Effacez de nouveau.
reason-stage-mark-differs = Étape { $stage } : le succès que déclare le disque est celui d’une autre commande que la nôtre. Effacez de nouveau.
reason-stage-never-seen = Étape { $stage } : le disque dit avoir réussi, mais ne s’est jamais montré au travail et aucun témoin ne le confirme ; ce peut être un ancien succès. Effacez de nouveau.
reason-stage-given-twice = Étape { $stage } : l’effacement a dû être redonné après une interruption. Le disque ne montre rien de ce genre d’effacement pendant qu’il travaille, et les témoins ont pu disparaître dès la première fois. Lancez un nouvel effacement de ce disque : sans interruption, il apportera la preuve.
reason-canaries-not-checked = Étape { $stage } : des témoins ont été posés, et n’ont pas été recherchés après l’effacement.
reason-namespaces-without-canaries = Étape { $stage } : les espaces de noms { $namespaces } n’avaient pas de témoin sur leur premier et leur dernier bloc ; rien ne montre donc qu’ils ont été effacés.
reason-canaries-unread = Étape { $stage } : { $count ->
    [one] un bloc témoin n’a pas pu être relu
   *[other] { NUMBER($count) } blocs témoins n’ont pas pu être relus
} : ni disparu, ni survivant. Effacez de nouveau, avec une réécriture par-dessus.
reason-read-back-unread = Étape { $stage } : { BYTES($size) } n’ont pas pu être relus après l’effacement. Effacez de nouveau, avec une réécriture par-dessus.
reason-not-compared = Le disque n’a pas été interrogé de nouveau après son effacement : sa taille et ses verrous ne sont pas connus.
reason-security-worse = Le disque est verrouillé après le travail, ou ne dit plus s’il l’est. Déverrouillez-le, puis effacez de nouveau.
reason-sanitize-not-done-at-end = À la fin, le disque ne déclare pas son sanitize terminé avec succès. Laissez-le finir sous tension, puis effacez de nouveau.
reason-namespaces-changed = À la fin, les espaces de noms { $namespaces } ont disparu ou changé de taille : on ignore ce que sont devenues leurs données.
reason-hidden-remains = La zone cachée { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} devait être rouverte, et le disque ne dit pas qu’elle l’est. Coupez son alimentation et effacez de nouveau.
reason-hidden-new = Une zone cachée { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} est apparue pendant le travail : elle n’est pas effacée. Effacez de nouveau.
reason-hidden-size = Les zones cachées rouvertes, le disque devait offrir { BYTES($wanted) } et n’en offre que { BYTES($size) } : le reste n’est pas effacé. Coupez son alimentation et effacez de nouveau.
reason-level-not-reached = Le niveau { $level ->
    [purge] Purge
   *[clear] Clear
} était prévu, et ce que le disque montre après coup ne le porte pas. La raison suit.

## Remarques sur un effacement prouvé

remark-crypto-basis = L’effacement de la clé compte sur la foi de cette déclaration, que nomme la politique : { $statement }. Le disque lui-même n’en dit rien.
remark-foreign-sanitize = Étape { $stage } : un sanitize d’origine inconnue était en cours et a été attendu. Rien n’en est conclu : le disque a été effacé ensuite.
remark-stage-adopted = Étape { $stage } : le banc s’est arrêté pendant que le disque s’effaçait, et l’a retrouvé { $count ->
    [one] une fois
   *[other] { $count } fois
}. L’effacement s’est poursuivi sans lui.
remark-stage-started-again = Étape { $stage } : commencée { NUMBER($count) } fois, à cause d’une interruption ou d’un échec. La dernière fois est allée jusqu’au bout.
remark-failure-mode-left = Étape { $stage } : un premier sanitize a échoué et le disque a été rouvert, puis effacé de nouveau avec succès. Un tel disque mérite examen avant réemploi.
remark-stages-buffered = Les témoins ou la relecture sont passés par le cache du système : ils prouvent un peu moins qu’un accès direct.

paper-verification-by-drive = par blocs témoins et relecture, après l’effacement par le disque : voir l’annexe
