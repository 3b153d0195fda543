# Erasure techniques, their names, and what limits their level.

technique-overwrite = overwriting by the bench
technique-ata-sanitize-crypto = ATA sanitize, crypto scramble
technique-ata-sanitize-block = ATA sanitize, block erase
technique-ata-sanitize-overwrite = ATA sanitize, overwrite by the drive
technique-ata-secure-erase = ATA secure erase, normal
technique-ata-secure-erase-enhanced = ATA secure erase, enhanced
technique-scsi-sanitize-crypto = SCSI sanitize, cryptographic erase
technique-scsi-sanitize-block = SCSI sanitize, block erase
technique-scsi-sanitize-overwrite = SCSI sanitize, overwrite by the drive
technique-scsi-format-unit = SCSI FORMAT UNIT
technique-nvme-sanitize-crypto = NVMe sanitize, crypto erase
technique-nvme-sanitize-block = NVMe sanitize, block erase
technique-nvme-sanitize-overwrite = NVMe sanitize, overwrite by the drive
technique-nvme-format-user-data = NVMe Format, user data erase (SES 1)
technique-nvme-format-crypto = NVMe Format, cryptographic erase (SES 2)
technique-opal-psid-revert = Opal, revert to factory state by PSID
method-ata-sanitize-crypto-title = ATA sanitize, crypto scramble
method-ata-sanitize-block-title = ATA sanitize, block erase
method-ata-sanitize-overwrite-title = ATA sanitize, overwrite by the drive
method-ata-secure-erase-title = ATA secure erase, normal
method-ata-secure-erase-enhanced-title = ATA secure erase, enhanced
method-scsi-sanitize-crypto-title = SCSI sanitize, cryptographic erase
method-scsi-sanitize-block-title = SCSI sanitize, block erase
method-scsi-sanitize-overwrite-title = SCSI sanitize, overwrite by the drive
method-scsi-format-unit-title = SCSI FORMAT UNIT
method-nvme-sanitize-crypto-title = NVMe sanitize, crypto erase
method-nvme-sanitize-block-title = NVMe sanitize, block erase
method-nvme-sanitize-overwrite-title = NVMe sanitize, overwrite by the drive
method-nvme-format-user-data-title = NVMe Format, user data erase (SES 1)
method-nvme-format-crypto-title = NVMe Format, cryptographic erase (SES 2)
method-opal-psid-revert-title = Opal, revert to factory state by PSID

## What limits a technique’s level

level-limit-overwrite = Overwriting by the bench is Clear at most: retired and spare blocks stay out of reach.
level-limit-command = This command is Clear at most: nothing assures that it reaches retired and spare blocks.
level-limit-crypto-alone = Only the key is destroyed, and the policy names nobody who answers for what it encrypted: this counts as Clear. For Purge, put the manufacturer’s statement for this model into the policy.
level-limit-no-encryption = The drive does not say that it encrypts its data (Pyrite encrypts nothing): destroying a key would erase nothing.
level-limit-enhanced-on-flash = Enhanced secure erase is Purge on rotating disks only; on flash memory it is Clear.
level-limit-enhanced-hidden-unknown = Nothing proves that the drive hides no area (HPA, DCO, AMA): its enhanced secure erase counts as Clear.
level-limit-hidden-area = A hidden area stays in use and this technique does not reach it: nothing could be claimed. Open it (hidden_areas = "restore") or erase by sanitize.
level-limit-depopulated = The drive has put some of its elements (heads, chips) out of service, which nothing reaches any more: Clear at most. For Purge, destroy it.
not-covered-logical-view-only = The memory behind the addresses
not-covered-logical-view-only-why = Reading back shows what the drive gives for each address, not what its chips or platters still hold: for that, only what the drive reported and showed of its own erasure counts.
