# Techniques d’effacement, leurs noms, et ce qui limite leur niveau.

technique-overwrite = réécriture par le banc
technique-ata-sanitize-crypto = ATA sanitize, destruction de la clé
technique-ata-sanitize-block = ATA sanitize, effacement des blocs
technique-ata-sanitize-overwrite = ATA sanitize, réécriture par le disque
technique-ata-secure-erase = ATA secure erase, normal
technique-ata-secure-erase-enhanced = ATA secure erase, étendu (enhanced)
technique-scsi-sanitize-crypto = SCSI sanitize, destruction de la clé
technique-scsi-sanitize-block = SCSI sanitize, effacement des blocs
technique-scsi-sanitize-overwrite = SCSI sanitize, réécriture par le disque
technique-scsi-format-unit = SCSI FORMAT UNIT
technique-nvme-sanitize-crypto = NVMe sanitize, destruction de la clé
technique-nvme-sanitize-block = NVMe sanitize, effacement des blocs
technique-nvme-sanitize-overwrite = NVMe sanitize, réécriture par le disque
technique-nvme-format-user-data = NVMe Format, effacement des données (SES 1)
technique-nvme-format-crypto = NVMe Format, destruction de la clé (SES 2)
technique-opal-psid-revert = Opal, retour à l’état d’usine par PSID
method-ata-sanitize-crypto-title = ATA sanitize, destruction de la clé
method-ata-sanitize-block-title = ATA sanitize, effacement des blocs
method-ata-sanitize-overwrite-title = ATA sanitize, réécriture par le disque
method-ata-secure-erase-title = ATA secure erase, normal
method-ata-secure-erase-enhanced-title = ATA secure erase, étendu (enhanced)
method-scsi-sanitize-crypto-title = SCSI sanitize, destruction de la clé
method-scsi-sanitize-block-title = SCSI sanitize, effacement des blocs
method-scsi-sanitize-overwrite-title = SCSI sanitize, réécriture par le disque
method-scsi-format-unit-title = SCSI FORMAT UNIT
method-nvme-sanitize-crypto-title = NVMe sanitize, destruction de la clé
method-nvme-sanitize-block-title = NVMe sanitize, effacement des blocs
method-nvme-sanitize-overwrite-title = NVMe sanitize, réécriture par le disque
method-nvme-format-user-data-title = NVMe Format, effacement des données (SES 1)
method-nvme-format-crypto-title = NVMe Format, destruction de la clé (SES 2)
method-opal-psid-revert-title = Opal, retour à l’état d’usine par PSID

## Ce qui limite le niveau d’une technique

level-limit-overwrite = La réécriture par le banc vaut Clear au plus : les blocs retirés ou de réserve restent hors d’atteinte.
level-limit-command = Cette commande vaut Clear au plus : rien n’assure qu’elle atteigne les blocs retirés ou de réserve.
level-limit-crypto-alone = Seule la clé est détruite, et la politique ne nomme personne qui réponde de ce qu’elle chiffrait : cela vaut Clear. Pour Purge, inscrivez dans la politique la déclaration du fabricant pour ce modèle.
level-limit-no-encryption = Le disque ne dit pas qu’il chiffre ses données (Pyrite ne chiffre rien) : détruire une clé n’y effacerait rien.
level-limit-enhanced-on-flash = Le secure erase étendu ne vaut Purge que sur un disque à plateaux ; sur de la mémoire flash, Clear.
level-limit-enhanced-hidden-unknown = Rien ne prouve que le disque ne cache aucune zone (HPA, DCO, AMA) : son secure erase étendu vaut Clear.
level-limit-hidden-area = Une zone cachée reste en service et cette technique ne l’atteint pas : rien ne pourrait être affirmé. Rouvrez-la (hidden_areas = "restore") ou effacez par sanitize.
level-limit-depopulated = Le disque a mis hors service une partie de ses éléments (têtes, puces), que rien n’atteint plus : Clear au plus. Pour Purge, détruisez-le.
not-covered-logical-view-only = La mémoire derrière les adresses
not-covered-logical-view-only-why = La relecture montre ce que le disque rend à chaque adresse, non ce que ses puces ou plateaux contiennent encore : pour cela, seul compte ce que le disque a déclaré et montré de son propre effacement.
