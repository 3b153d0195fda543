# Ce que trouve l’examen du registre

audit-record-missing = L’enregistrement de rang { NUMBER($position) } manque : à sa place se trouve le rang { NUMBER($found) }. Restaurez la dernière sauvegarde et conservez l’état actuel comme preuve.
audit-record-altered = L’enregistrement { $number } (rang { NUMBER($position) }) a été modifié depuis sa signature. Son attestation d’origine, chez le donateur, fait foi.
audit-record-unreadable = L’enregistrement { $number } (rang { NUMBER($position) }) porte une signature intacte mais n’est pas d’un format connu de cette version. Utilisez une version plus récente du programme.
audit-events-altered = Le journal du travail { $job } n’est plus celui d’où vient l’enregistrement { $number } : un événement a été modifié, ajouté ou retiré.
audit-head-missing = L’état signé à { NUMBER($size) } enregistrements manque.
audit-head-altered = L’état signé à { NUMBER($size) } enregistrements a été modifié ou ne vient pas de cette station.
audit-head-misplaced = L’état signé rangé à { NUMBER($size) } enregistrements est celui de { NUMBER($found) }.
audit-root-differs = À partir de l’enregistrement { $number }, le registre n’est plus celui que couvre l’état signé à { NUMBER($size) } enregistrements.
audit-records-removed = Des enregistrements ont été retirés : un état signé en compte { NUMBER($known) }, il en reste { NUMBER($found) }.
audit-known-head-differs = Les { NUMBER($size) } premiers enregistrements ne sont plus ceux de l’état signé que vous avez gardé : le registre a été réécrit.
audit-known-head-refused = L’état signé que vous avez gardé ne l’a pas été par une clé de cette station, ou a été modifié. Vérifiez qu’il vient bien d’elle.
audit-tree-differs = Les empreintes que le registre garde pour ses preuves ne sont plus celles de ses enregistrements, à partir de { NUMBER($size) } enregistrements. Aucune attestation n’en dépend ; restaurez la dernière sauvegarde.
audit-record-unlogged = L’enregistrement { $number } n’est pas celui que le journal du travail { $job } dit avoir établi : le verdict, ou la correction dont il se réclame, n’y est pas inscrit, ou les documents de ce travail ne s’y suivent pas.
audit-record-not-derived = L’enregistrement { $number } est signé, mais ne découle pas des événements du travail { $job } : il dit autre chose que ce qu’ils prouvent, ou corrige ce qui ne se corrige pas.
