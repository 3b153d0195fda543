# The station's keys: list given to donors, rotation, revocation, backup, recovery sheet.

## Help pages

cli-metavar-date = DATE
cli-metavar-fingerprint = FINGERPRINT

cli-keys-short = Make, rotate, revoke and back up the station’s keys
cli-keys-help =
    The keys with which this station signs its records (Ed25519) and seals its PDFs (P-256). The key list, station.keys.json, is to be given to donors with the fingerprint.

    Without a backup a lost key is lost for good: see “tablerase keys backup” and “tablerase keys sheet”.
cli-keys-init-short = Make the keys before the first erasure
cli-keys-init-help = Makes the keys of a new station and says their fingerprints. Refuses if there are any. Without this command they are made at the first erasure.
cli-option-keys-station = The station’s name, fixed for ever: it is in every document. By default, the machine’s name.
cli-keys-show-short = Show fingerprints, seal and history
cli-keys-show-help = Shows the fingerprints, grouped for reading aloud, the files to give to donors, the seal’s certificate and the history of the keys. Nothing is written, nothing is secret.
cli-keys-rotate-short = Change to new keys
cli-keys-rotate-help = Replaces both keys. The old one vouches for the new one in the key list; then the old private keys are destroyed. The ledger goes on. What was signed before keeps its worth; PDFs sealed before can no longer be made again, only copied.
cli-keys-revoke-short = Revoke a key that is no longer to be trusted
cli-keys-revoke-help =
    Enters in the list that a key is no longer to be trusted, since when and why. An earlier key is revoked directly; the current one only by replacing it, with --rotate.

    Tell the donors by another way and give them the new list: nothing sends it to them.
cli-argument-fingerprint = The key’s fingerprint, or its first digits, eight at least. “tablerase keys show” has it.
cli-option-keys-reason = Why; it goes into the key list, which donors read. Has to be given.
cli-option-keys-since = Since when the key is no longer to be trusted, such as 2026-05-04 or 2026-05-04T10:30. Unless given, the moment it was replaced.
cli-option-keys-rotate = Replace the current key in the same step.
cli-keys-backup-short = Back up the keys, encrypted, to a file
cli-keys-backup-help = Writes a backup of the private keys and the list, encrypted with a passphrase that is asked for twice, and reads it back. It is text: the same that “tablerase keys sheet” prints.
cli-option-keys-to = File to write. It must not exist.
cli-option-passphrase-file = File whose first line is the passphrase, instead of typing it.
cli-keys-restore-short = Restore the keys of a backup
cli-keys-restore-help = Puts the keys of a backup into a state folder that has none, or that lost some of the same. No other key is ever replaced. The lines may be typed from the recovery sheet, in capitals or not, or come from its QR codes.
cli-argument-backup = The backup’s file: that of “tablerase keys backup”, or the sheet’s lines typed into a text file.
cli-keys-sheet-short = Make the recovery sheet to print
cli-keys-sheet-help = Writes the recovery sheet, a PDF to print: fingerprints, the encrypted backup as numbered lines and as QR codes, how to use it. The passphrase is never on it.

## What the commands say

keys-station = Station { $station }
keys-fingerprint = Fingerprint of the key that signs:
keys-seal = Fingerprint of the certificate that seals PDFs:
keys-seal-validity = Holder { $subject }, from { DATE($begin) } to { DATE($end) }.
keys-give = To be given to donors:
keys-history = History:
keys-history-current = { $fingerprint } – current, since { DATE($since) }
keys-history-retired = { $fingerprint } – replaced: from { DATE($since) } to { DATE($until) }. Reason: { $reason }
keys-history-revoked = { $fingerprint } – revoked: in use since { DATE($since) }, not to be trusted since { DATE($until) }. Reason: { $reason }

keys-next-backup = Back up the keys outside this machine: tablerase keys backup --to FILE
keys-next-sheet = Print the recovery sheet: tablerase keys sheet --to FILE.pdf
keys-next-donors = Give donors the fingerprint by word of mouth or by post, and the key list with the certificates.
keys-next-list = Give donors the new list; the old one says nothing of this change.
keys-next-rotated = The keys are changed, the old private keys are destroyed. Backups and recovery sheets from before are of no more use.
keys-backed-up = Backup written and read back: { $file }
keys-backup-advice = Keep this file outside this machine, and the passphrase somewhere else again. Without it the file is of no use.
keys-backup-title = Table Rase, backup of the keys of station { $station }, made on { DATE($at) }
keys-backup-use = To restore: tablerase keys restore FILE
keys-sheet-written = Recovery sheet written: { $file }
keys-sheet-advice = Print it, complete it by hand, try it once, then delete this file.
keys-restored = Keys restored. Check the ledger before going on: tablerase ledger verify
keys-passphrase = Passphrase:
keys-passphrase-again = Once more:

## Refusals

keys-exist = There are keys in { $folder } already: nothing was changed. “tablerase keys show” shows them.
keys-none = There are no keys in { $folder }. “tablerase keys init” makes some; “tablerase keys restore” puts back those of a backup.
keys-station-named = This station is called { $name } already, not { $asked }: its name is in the ledger and no longer changes.
keys-lost = The private key { $path } is missing, though the key list tells of it. Restore it with “tablerase keys restore”. Without a backup this station cannot sign any more: begin another state folder and tell the donors.
keys-do-not-match = { $path } and { $list } do not belong together: one of them is from elsewhere. Put the original files back, or restore the keys of a backup.
keys-list-not-written = The new key list could not be read: nothing was changed.
keys-documents-waiting = { $count ->
        [one] One document is still to be written ({ $number }), and only the current key can seal it.
       *[other] { $count } documents are still to be written (the first is { $number }), and only the current key can seal them.
    } Run “tablerase resume”, which writes them, then try again.
keys-not-found = { $count ->
        [0] No key of the list begins with “{ $typed }”.
       *[other] “{ $typed }” does not name a single key.
    } Give at least { $least } digits of the fingerprint; “tablerase keys show” shows them.
keys-reason-empty = The reason is empty. Say in a line why: donors will read it.
keys-not-a-moment = “{ $found }” is not a date. Write 2026-05-04 or 2026-05-04T10:30, for example.
keys-since-future = { $since } is in the future. Give the date since when the key is no longer to be trusted.
keys-revoke-current = The key { $fingerprint } is the current one. Add --rotate: it will be revoked and replaced in the same step.
keys-revoke-revoked = The key { $fingerprint } is revoked already.
keys-revoke-unlisted = The key { $fingerprint } is not in this station’s list.

seal-key-missing = The seal’s private key { $path } is missing, though its certificate is there. Restore it with “tablerase keys restore”.
seal-mismatch = The certificate { $path } is not that of the key { $key }. Put the original files back, or restore the keys of a backup.
seal-not-p256 = The key { $path } is not a P-256 key. Put the seal’s key back, or restore it from a backup.
seal-certificate-unreadable = The file { $path } is not a readable X.509 certificate (PEM is expected). If it is lost, delete it: it is written again from the key list.

## Key list

keys-one-list = You give { $count } key lists. Give a single one: a document is of one station.
key-list-unreadable = This file is not a readable key list ({ $place }). Ask the workshop for it again.
key-list-form = The key list is not in its original form: it was altered. Ask the workshop for it again.
key-list-signature = The key list was altered: its signature no longer matches. Ask the workshop for it again.
key-list-key = In the key list, the key { $fingerprint } is not that of its fingerprint, or stands there twice. Ask the workshop for the list again.
key-list-seal = In the key list, the seal certificate of the key { $fingerprint } is not its own. Ask the workshop for the list again.
key-list-status = In the key list, the state of the key { $fingerprint } contradicts itself. Ask the workshop for the list again.
key-list-succession = In the key list, the key before does not vouch for the key { $fingerprint }. Ask the workshop for the list again, and compare the fingerprint with them by word of mouth.
key-list-not-pinned = The key list does not hold the key that you have ({ $fingerprint }): it is another station’s, or nobody’s. Compare the fingerprint with the workshop by word of mouth.
key-list-damaged = The key list { $path } cannot be believed. Put a copy back, a donor’s for instance, or restore the keys of a backup.

## What a key is worth

check-key-retired = The signing key is an earlier one of the station, replaced on { DATE($until) }, after this document: { $fingerprint }
check-key-retired-late = The signing key was replaced on { DATE($until) }, but this document bears a later date. Ask the workshop what happened: { $fingerprint }
check-key-behind-revoked = The list names the signing key, but only a revoked key vouches for it. Compare the fingerprint with the workshop by word of mouth: { $fingerprint }
check-key-revoked = The signing key is revoked as of { DATE($since) }, before the date of this document. Reason: { $reason }. Do not trust it: { $fingerprint }
check-key-revoked-later = The signing key is revoked as of { DATE($since) }. Reason: { $reason }. This document bears an earlier date, but whoever has the key can write any date; ask the workshop whether it is in its ledger: { $fingerprint }

certificate-doubtful-key = Doubtful key: this document claims to be issued by { $station } (no. { $number }, drive { $model }, serial number { $serial }, { $verdict ->
        [erased] erased
        [erased-with-remarks] erased with remarks
        [failed] not erased
        [aborted] aborted
       *[unproven] erasure unproven
    }){ $simulated ->
        [yes] {" "}– SIMULATION, no real drive
       *[no] {""}
    } and has not changed since it was signed, but the station has revoked or replaced the key that signed it. Ask the workshop whether it is in its ledger.
certificate-revoked-key = Revoked key: this document claims to be issued by { $station } (no. { $number }, drive { $model }, serial number { $serial }, { $verdict ->
        [erased] erased
        [erased-with-remarks] erased with remarks
        [failed] not erased
        [aborted] aborted
       *[unproven] erasure unproven
    }){ $simulated ->
        [yes] {" "}– SIMULATION, no real drive
       *[no] {""}
    }, but the station had already revoked the key that signed it. Do not trust it; ask the workshop what happened.
check-head-passed-other = The state of the ledger { $origin } ({ NUMBER($size) } records, on { DATE($at) }) is signed by another key of the station: { $fingerprint }

## Backup

keys-passphrase-short = The passphrase is too short: at least { $least } characters, five words drawn at random for instance.
keys-passphrase-needed = There is no terminal on which to type the passphrase. Give it with --passphrase-file.
keys-passphrase-differs = The two passphrases differ: nothing was written. Try again.
keys-file-exists = { $file } exists already: nothing was written. Choose another name.
keys-file-unwritable = { $file } cannot be written ({ $why }). Choose another place.
keys-backup-wrong-line = Line { $number } is copied wrongly (line { $place } of the file): its check characters do not match. Compare it with the sheet and correct it.
keys-backup-two-lines = Line { $number } is there twice, and differs. Two sheets are mixed: keep only one.
keys-backup-missing = { $count ->
        [one] Line { $number } is missing.
       *[other] { $count } lines are missing, the first of them is line { $number }.
    } Each line begins with its number and a colon. Add what is missing.
keys-backup-empty = This file has no line of a backup. Each line begins with its number and a colon.
keys-backup-incomplete = The lines are not a whole backup: some are missing after line { $number }, or two sheets are mixed. Compare with the sheet.
keys-backup-other-format = These lines are whole, but of another format. Use the version of Table Rase that made them, or a newer one.
keys-backup-passphrase = The passphrase is not that of this backup. The lines are copied well.
keys-backup-contents = The backup can be decrypted, but its keys do not belong together. Use another backup.
keys-restore-other = This folder has another key ({ $found }) than the backup ({ $backup }): nothing was changed. If the keys were changed since, take a later backup.
keys-restore-other-seal = The seal in { $folder } is not that of the backup: nothing was changed. Use the backup that belongs to it.
keys-restore-other-station = This folder is that of station { $found }, the backup that of { $backup }: nothing was changed. Choose another folder with --state.

## Recovery sheet

sheet-title = Recovery sheet
sheet-page = page
sheet-purpose = With this sheet the keys of a Table Rase station can be had again after a failure, a theft or a fire. It is not enough by itself: the passphrase is needed as well, and is not on it.
sheet-station = Station
sheet-made = Made on
sheet-fingerprint = Key that signs
sheet-seal = Seal of PDFs
sheet-keep-title = Where to keep it
sheet-keep-1 = In another building than the station, dry and under lock.
sheet-keep-2 = Never with the passphrase. Whoever has both can sign in the station’s name.
sheet-keep-3 = Journal and certificates are not on it: back up the state folder as well.
sheet-use-title = How to use it
sheet-use-1 = Install Table Rase and, if you have it, put the backup of the state folder back.
sheet-use-2 = Read the QR codes that follow with a telephone, and put what they say into a text file, one code a line. Failing that, type the numbered lines; capitals, spaces and order do not matter.
sheet-use-3 = Run “tablerase keys restore FILE” and type the passphrase. A line that is copied wrongly is named.
sheet-use-4 = Compare the fingerprint shown with that of this sheet, then delete the file.
sheet-void-title = When to make a new one
sheet-void-1 = After each change of keys: the old sheet is then of no more use, destroy it.
sheet-void-2 = If somebody may have read the passphrase: change the keys then, “tablerase keys rotate”.
sheet-by-hand-title = To be completed by hand
sheet-by-hand-printed = Printed on, by
sheet-by-hand-place = Kept at (place)
sheet-by-hand-holder = Passphrase entrusted to (never the passphrase itself)
sheet-by-hand-checked = Restoring tried on, by
sheet-backup-title = Encrypted backup
sheet-backup-about = { $count } lines. Each QR code holds the lines to its left. In each line the last group is for checking; there is no I, L, O or U.
sheet-code = QR code, lines { $first } to { $last }
