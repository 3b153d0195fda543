# Correcting a certificate: another takes its place

correction-not-latest = Document { $number } was superseded already. Correct the latest one, { $latest }.
correction-changes-nothing = Nothing would change: give the operator, the donor, its reference, the lot or the workshop to correct. Evidence and verdict cannot be corrected.
correction-without-reason = The reason is empty. Say in a few words why the document is corrected: the donor will read it.
correction-other-verdict = Document { $number } cannot be corrected by this version of the program, which would draw another result ({ $verdict }) from the same evidence. Use the version that issued it.

cli-certificate-correct-short = Correct a document: another takes its place
cli-certificate-correct-help =
    Issues a certificate (or failure report) that takes the place of another: a new number, the same evidence, the same verdict. The old one is not changed; checked beside the ledger, it says that it was superseded, by which one and why.

    Only the donor, its reference, the lot, the workshop and the operator’s code can be corrected. An empty value, --lot "", takes out what was there.

    Example: tablerase certificate correct TR-1A2B3C-000012 --reason "Wrong lot." --lot BR-2026-018
cli-option-correct-reason = Why, in a few words that the donor will read. Required.
cli-option-correct-operator = Code of the operator who erased the drive.
cli-option-correct-donor = TOML file of the donor who should have been named, with a [donor] table.
cli-option-correct-by = Code of the person who corrects. It stays in the journal.
cli-option-correct-settings = TOML file of settings whose [workshop] table names the workshop.
cli-corrected = Document { $new } takes the place of { $number }.
cli-corrected-old-stays = Send it to the donor. { $number } stays in the ledger as it was issued.
cli-superseded = Document superseded by no. { $number }. Reason: { $reason }
cli-superseded-latest = The latest version is no. { $number }.
cli-standing-different = The ledger in this folder has ANOTHER document of this number. One of the two is not what was issued: keep both, and check the ledger with “tablerase ledger verify”.
