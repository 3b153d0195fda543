# Ce que trouve l’examen du registre

audit-record-missing = L’enregistrement de rang { NUMBER($position) } manque : à sa place se trouve le rang { NUMBER($found) }. Restaurez la dernière sauvegarde et conservez l’état actuel comme preuve.
audit-record-altered = L’enregistrement { $number } (rang { NUMBER($position) }) a été modifié depuis sa signature. Son attestation d’origine, chez le donateur, fait foi.
audit-record-unreadable = L’enregistrement { $number } (rang { NUMBER($position) }) porte une signature intacte mais n’est pas d’un format connu de cette version. Utilisez une version plus récente du programme.
audit-events-altered = Le journal du travail { $job } n’est plus celui d’où vient l’enregistrement { $number } : un événement a été modifié, ajouté ou retiré.
audit-head-missing = La tête signée de taille { NUMBER($size) } manque.
audit-head-altered = La tête signée de taille { NUMBER($size) } a été modifiée ou ne vient pas de cette clé.
audit-head-misplaced = La tête rangée à la taille { NUMBER($size) } est celle de la taille { NUMBER($found) }.
audit-root-differs = À partir de l’enregistrement { $number }, le registre n’est plus celui que couvre la tête signée de taille { NUMBER($size) }.
audit-records-removed = Des enregistrements ont été retirés : une tête signée en compte { NUMBER($known) }, il en reste { NUMBER($found) }.
audit-known-head-differs = Les { NUMBER($size) } premiers enregistrements ne sont plus ceux de la tête que vous avez gardée : le registre a été réécrit.
audit-known-head-refused = La tête que vous avez gardée n’a pas été signée par cette clé, ou a été modifiée. Vérifiez que la clé et la tête viennent bien de la même station.
