# Le donateur, l’atelier et le lot

party-wrong = Fichier { $file } : { $name } ne peut pas figurer sur une attestation, pour la raison qui suit.
party-not-text = Fichier { $file } : { $name } = { $found } n’est pas un texte entre guillemets. Comparez avec config/settings.example.toml.
party-name-missing = Fichier { $file } : la table [{ $table }] ne donne pas de nom. Ajoutez une ligne name = "…".
party-too-long = Le texte commençant par « { $found } » a { NUMBER($length) } caractères, une attestation en montre au plus { NUMBER($limit) }. Abrégez-le.
party-too-many-lines = L’adresse a { NUMBER($found) } lignes, une attestation en montre au plus { NUMBER($limit) }. Réunissez-en.
party-not-printable = Le texte « { $found } » contient un caractère qui ne s’imprime pas (saut de ligne, tabulation, caractère invisible). Tapez-le de nouveau.
party-siret-digits = « { $found } » n’est pas un numéro SIRET : il faut 14 chiffres, il y en a { NUMBER($length) } ou d’autres signes.
party-siret-wrong = « { $found } » n’est pas un numéro SIRET : sa clé de contrôle ne correspond pas. Un chiffre est faux, ou deux sont inversés ; recopiez-le depuis un document du donateur.
party-reference-without-donor = Une référence du donateur est donnée, mais aucun donateur. Nommez-le avec --donor, ou dans la table [donor] des réglages.
party-operator-not-a-code = « { $found } » n’est pas un code d’opérateur : au plus { NUMBER($limit) } lettres, chiffres ou signes - _ . /, sans espace. Un code, pas un nom.

cli-option-donor = Fichier TOML du donateur, avec une table [donor] (name, address, siret, contact, reference). Par défaut, celle des réglages.
cli-option-donor-reference = Référence du donateur pour ces disques : son inventaire, son bon de commande.
cli-option-lot = Lot ou bon de remise dont viennent les disques.
cli-plan-donor = Donateur : { $name }
cli-plan-lot = Lot : { $lot }
