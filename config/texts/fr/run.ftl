# Le déroulement des étapes : ce qui empêche de continuer, et ce qu’il faut faire.

job-not-held-again = Après la coupure, le disque n’a pas pu être repris. Vérifiez son branchement, puis « tablerase resume ».
stage-run-not-stored = Sur { NUMBER($planted) } blocs témoins posés, { NUMBER($count) } ne sont pas rendus par le disque. Sans témoins, rien ne prouverait son effacement : vérifiez le branchement, sinon détruisez-le.
stage-run-psid-missing = Le PSID du disque { $serial } manque. Reprenez avec --psid { $serial }=PSID, tel qu’il est imprimé sur l’étiquette.
drive-not-answering = { $node } : le disque n’a pas répondu pendant { NUMBER($seconds) } secondes quand il lui a été demandé ce qu’il sait faire. Coupez son alimentation, rebranchez-le et recommencez.
plan-consent-missing = Un niveau moindre demande votre accord : relancez avec --consent pour le donner. Rien n’a été fait.
state-password-unusable = { $file } ne contient pas un mot de passe ATA : il en faut un de 1 à 32 caractères sans espace. Rétablissez-le depuis une sauvegarde ; un disque peut être verrouillé avec lui.
reason-stage-no-name = Étape { $stage } : le disque n’a plus dit qui il est pendant { NUMBER($seconds) } secondes. Rien n’est prouvé : coupez son alimentation et recommencez, sinon détruisez-le.
reason-end-no-name = À la fin, le disque n’a plus dit qui il est pendant { NUMBER($seconds) } secondes : rien ne prouve qu’il est resté le même. Recommencez.
remark-interrupted-drive-gone = Le disque a cessé de répondre le { DATE($at) } (débranché, ou sans courant), puis il a été retrouvé, reconnu et le travail repris là où il en était.
remark-interrupted-power-awaited = La coupure d’alimentation demandée n’a pas été constatée (le { DATE($at) }) ; elle a été redemandée à la reprise.
