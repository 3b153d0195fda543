# Corriger une attestation : une autre prend sa place

correction-not-latest = Le document { $number } a déjà été remplacé. Corrigez le dernier, { $latest }.
correction-changes-nothing = Rien ne changerait : donnez l’opérateur, le donateur, sa référence, le lot ou l’atelier à corriger. La preuve et le verdict, eux, ne se corrigent pas.
correction-without-reason = Le motif est vide. Dites en quelques mots pourquoi le document est corrigé : le donateur le lira.
correction-other-verdict = Le document { $number } ne peut pas être corrigé par cette version du programme, qui tirerait des mêmes preuves un autre résultat ({ $verdict }). Utilisez la version qui l’a établi.

cli-certificate-correct-short = Corriger un document : un autre prend sa place
cli-certificate-correct-help =
    Établit une attestation (ou un rapport d’échec) qui prend la place d’une autre : un nouveau numéro, la même preuve, le même verdict. L’ancienne n’est pas modifiée ; contrôlée près du registre, elle dit qu’elle a été remplacée, par laquelle et pourquoi.

    Seuls se corrigent le donateur, sa référence, le lot, l’atelier et le code de l’opérateur. Une valeur vide, --lot "", retire ce qui était écrit.

    Exemple : tablerase certificate correct TR-1A2B3C-000012 --reason "Mauvais lot." --lot BR-2026-018
cli-option-correct-reason = Pourquoi, en quelques mots que le donateur lira. Obligatoire.
cli-option-correct-operator = Code de l’opérateur qui a effacé le disque.
cli-option-correct-donor = Fichier TOML du donateur qui aurait dû être nommé, avec une table [donor].
cli-option-correct-by = Code de la personne qui corrige. Il reste dans le journal.
cli-option-correct-settings = Fichier TOML des réglages, dont la table [workshop] nomme l’atelier.
cli-corrected = Le document { $new } prend la place de { $number }.
cli-corrected-old-stays = Envoyez-le au donateur. { $number } reste au registre, tel qu’il a été établi.
cli-superseded = Document remplacé par le n° { $number }. Motif : { $reason }
cli-superseded-latest = La dernière version est le n° { $number }.
cli-standing-different = Le registre de ce dossier porte sous ce numéro un AUTRE document. L’un des deux n’est pas celui qui a été établi : gardez les deux et contrôlez le registre avec « tablerase ledger verify ».
