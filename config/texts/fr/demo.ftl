# La démonstration (tablerase demo)

demo-planting = Préparation de huit disques simulés de { BYTES($size) }, remplis de données reconnaissables…
demo-planted-files = Chaque disque porte un système de fichiers ext4 ; en tout { NUMBER($count) } lignes marquées.
demo-planted-text = Chaque disque porte du texte marqué ; en tout { NUMBER($count) } lignes. (Avec e2fsprogs, ce serait un vrai système de fichiers.)
demo-title = SIMULATION : aucun vrai disque n’a été effacé
demo-column-traces = Données retrouvées
demo-traces = { $count ->
    [0] aucune
    [one] { NUMBER($count) } ligne
   *[other] { NUMBER($count) } lignes
}
demo-ledger-intact = Registre et documents vérifiés avec la seule clé publique : { NUMBER($count) } enregistrements, inchangés depuis leur émission.
demo-ledger-altered = Le registre ou un document ne concorde pas avec la clé publique ({ NUMBER($count) } enregistrements) : ne vous y fiez pas.
demo-documents = Attestations et rapports d’échec : { $folder }
demo-traces-none = Recherche sur chaque disque déclaré effacé : aucune des données d’origine.
demo-traces-found = Recherche sur les disques déclarés effacés : { NUMBER($count) } lignes d’origine retrouvées. C’est un défaut grave du programme : signalez-le.
demo-folder-taken = Le dossier { $folder } contient autre chose qu’une démonstration : rien n’a été touché. Choisissez-en un autre avec --folder.
demo-bad-size = Taille « { $found } » refusée : donnez un nombre suivi de M ou de G, au moins { BYTES($least) }. Exemple : 256M.
cli-demo-help = Montre tout le parcours sur huit disques simulés, dont deux malades : données reconnaissables, effacement en parallèle, verdicts, registre, attestations, puis recherche des données sur chaque disque. Aucun vrai disque n’est touché.
cli-demo-short = Montrer tout le parcours sur des disques simulés
cli-metavar-size = TAILLE
cli-option-demo-size = taille de chaque disque simulé, comme 64M ou 1G (64M par défaut)
cli-option-demo-folder = dossier de la démonstration, remplacé s’il en contient une (demo par défaut)
demo-planned = { $serial } : { $what }
demo-refused = Refusé : { $serial } ({ $device }). Un seul refus arrête l’ensemble : ce disque est laissé de côté.
demo-consent = { $device } : Purge est hors d’atteinte, { $level ->
    [clear] Clear
   *[other] moins
} au mieux. L’opérateur de la démonstration l’accepte ; son accord sera sur l’attestation.
demo-not-begun = REFUSÉ – RIEN N’A ÉTÉ FAIT
