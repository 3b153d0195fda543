# The verification page: one HTML file that checks a certificate in a browser, without network.

verifier-title = Check an erasure certificate
verifier-lead = This page checks, on your computer and without network, that a certificate or failure report issued by a Table Rase bench is still what was issued.
verifier-no-script = This page needs JavaScript, which is switched off in this browser. Allow it for this page; it sends nothing.
verifier-unable = This browser cannot check Ed25519 signatures: no document can be called unchanged here. Use a recent version of Firefox, Chrome, Edge or Safari.
verifier-step-documents = 1. The documents to check
verifier-hint-documents = PDF or JSON, one or several: drop them anywhere on the page, or choose them here.
verifier-step-references = 2. What the workshop gave you by another way
verifier-hint-references = Its public key (.pub), its key list (.keys.json) or a signed head of its ledger that you kept. Without a known key, an intact signature may be anybody’s.
verifier-fingerprint = … or the fingerprint of its key, as you have it on paper
verifier-add = Add
verifier-choose-documents = Choose documents…
verifier-choose-references = Choose files…
verifier-again = Clear everything and start again
verifier-private = Nothing leaves your computer: this page has no access to the network and keeps nothing.
verifier-about = The description of the files and checks (docs/verify.md) is enough to write a tool of your own and not depend on this page.

verifier-working = Checking…
verifier-done-one = Check finished. { $sentence }
verifier-done-many = Check finished: { $count ->
    [one] one document
   *[other] { NUMBER($count) } documents
}. Unchanged: { NUMBER($good) }. To be cleared up: { NUMBER($doubt) }. To be refused: { NUMBER($bad) }.

## What was received from the workshop

verifier-item-key = Known key: { $fingerprint }
verifier-item-keys = Key list of station { $station }: { $count ->
    [one] one key
   *[other] { NUMBER($count) } keys
}, each signed by the one before.
verifier-item-head = Head of ledger { $origin }: { $size ->
    [one] one record
   *[other] { NUMBER($size) } records
}, { DATE($at) }.
verifier-item-consistency = Consistency proof between { NUMBER($old) } and { NUMBER($size) } records.
verifier-consistency-unreadable = This file is no readable consistency proof. Ask the workshop for it again (tablerase ledger consistency --json).
verifier-not-a-fingerprint = This is no fingerprint: it takes 64 hexadecimal digits (0 to 9, a to f). Copy all of it.
verifier-key-private = This file is a private key: it must never leave the station. Use the public key (.pub), and tell the workshop.
verifier-key-unreadable = This file is no Ed25519 public key (PEM). Ask the workshop for the file station.key.pub.

## What is to be said of a document

verifier-title-intact = Document unchanged
verifier-title-plain = Document unchanged, which does not attest the erasure of a real drive
verifier-title-unknown-key = Unknown key: origin not established
verifier-title-unknown-pages = Pages not covered by a seal
verifier-title-unsupported = This browser cannot check it
verifier-title-altered = Document altered
verifier-title-contradicted = Ledger contradicted
verifier-title-doubtful-key = Doubtful key: the date is to be checked
verifier-title-revoked-key = Key revoked
verifier-title-unreadable = Document unreadable

verifier-overall-unknown-pages = The attached original ({ $number }) has not changed since { $station } issued it, but nothing shows that the pages of the PDF say the same: read the record below, not the pages.
verifier-overall-unsupported = This browser could not make every check: nothing can be said of this document. Use a recent version of Firefox, Chrome, Edge or Safari, or the command tablerase certificate verify.
verifier-overall-contradicted = The signature of document { $number } is intact, but the ledger it cites is not the one you kept: { $station } signed two different pasts. Ask the workshop for an explanation and keep both files.

verifier-says = What the document declares
verifier-simulation = SIMULATION – no real drive was erased.
verifier-checks = What was checked
verifier-outcome-passed = Passed.
verifier-outcome-failed = Failed.
verifier-outcome-unknown = Uncertain.
verifier-outcome-unsupported = Impossible.
verifier-outcome-noted = Noted.
verifier-outcome-skipped = Not examined.

verifier-check-unsupported = This browser cannot make this check.
verifier-page-failed = This page could not read the file: it may have been moved, or this is a defect of the page. Try again, or use the command tablerase certificate verify.
verifier-kept-passed = The head that you kept ({ NUMBER($size) } records) is the same as the document’s.
verifier-kept-failed = The head that you kept ({ NUMBER($size) } records) is not the one that the document cites, for the same number of records: one of the two pasts was rewritten.
verifier-kept-grown = Between the head that you kept ({ NUMBER($kept) } records) and the document’s ({ NUMBER($size) }), the ledger only grew: nothing in it was rewritten.
verifier-kept-size = The head that you kept counts { NUMBER($kept) } records, the document’s { NUMBER($size) }: to compare them, ask the workshop for a consistency proof (tablerase ledger consistency).
verifier-kept-other = The head that you kept is another ledger’s or another key’s: there is nothing to compare.

## The PDF and its seal

verifier-pdf-broken = The PDF cannot be read (near byte { NUMBER($position) }): it is damaged or was changed. Ask the workshop for the original.
verifier-pdf-encrypted = The PDF is encrypted: a certificate never is. Ask the workshop for the original.
verifier-pdf-filter = The PDF uses a compression that a certificate never uses. Ask the workshop for the original.
verifier-pdf-no-attachment = No certificate is attached to this PDF: its pages alone prove nothing. Ask the workshop for the original.
verifier-pdf-attachments = This PDF holds { $count } attached files: there is no telling which is the original. Ask the workshop for the original.
verifier-seal-passed = The seal covers the whole PDF, pages and attached file, and it is the one that the signed record names.
verifier-seal-none = This PDF bears no seal: nothing shows that its pages say what the signed record says.
verifier-seal-unknown = A seal covers the whole PDF, but the record does not say whose it has to be: there is no telling who sealed these pages. The workshop’s key list may tell.
verifier-seal-missing = The record announces a sealed PDF, and this one has no seal: it was removed, or the pages come from elsewhere. Ask the workshop for the original.
verifier-seal-several = This PDF bears { $count } seals instead of one: there is no telling which to believe. Ask the workshop for the original.
verifier-seal-other = The seal is not the one that the signed record names: somebody else sealed these pages. Ask the workshop for the original.
verifier-seal-range = The seal does not cover the whole PDF: what it leaves out may have changed. Ask the workshop for the original.
verifier-seal-appended = { $count ->
    [one] One byte was added
   *[other] { NUMBER($count) } bytes were added
} to the PDF after it was sealed. Ask the workshop for the original.
verifier-seal-changed = The PDF has changed since it was sealed. Ask the workshop for the original.
verifier-seal-forged = The seal’s signature does not hold: it is not by the key it names, or was changed. Ask the workshop for the original.
verifier-seal-unreadable = The seal is not written as a Table Rase bench writes it: it cannot be checked. Ask the workshop for the original.
verifier-stamp = Time stamp of the seal: { DATE($at) }. It is about this seal; the authority that signed it was not checked here.
verifier-stamp-unreadable = The seal’s time stamp is unreadable. Ask the workshop for the original.
verifier-stamp-other = The time stamp is about another seal than this one. Ask the workshop for the original.

## What the record says

verifier-facts = What the signed record says
verifier-group-document = Document
verifier-group-parties = Parties
verifier-group-drive = Drive
verifier-group-process = Erasure
verifier-group-origin = Origin
verifier-fact-number = Number
verifier-fact-issued = Issued
verifier-fact-station = Station
verifier-fact-supersedes = Takes the place of
verifier-fact-donor = Donor
verifier-fact-reference = Donor’s reference
verifier-fact-refurbisher = Workshop
verifier-fact-lot = Lot
verifier-fact-operator = Operator (code)
verifier-fact-model = Model
verifier-fact-serial = Serial number
verifier-fact-wwn = Identifier (WWN, EUI)
verifier-fact-size = Size
verifier-fact-method = Method
verifier-fact-level = Level asked
verifier-fact-achieved = Level achieved
verifier-fact-passes = Passes
verifier-fact-check = Check of the last pass
verifier-fact-planned = Ordered
verifier-fact-key = Fingerprint of the key
verifier-fact-digest = SHA-256 of the record
verifier-fact-ledger = Ledger
verifier-supersedes = { $number } – { $reason }
verifier-size = { BYTES($size) } ({ NUMBER($size) } bytes)
verifier-passes = { NUMBER($count) }
verifier-check-full = read back, 100%
verifier-check-sample = sample of { PERCENT($permille) }
verifier-check-part = reading back not finished
verifier-check-bad = read back to the end, with blocks unreadable or holding other data
verifier-date = { DATE($at) }
verifier-ledger = record { NUMBER($position) } of { NUMBER($size) }
verifier-list-reasons = Why no erasure is proven
verifier-list-remarks = Remarks
verifier-list-uncovered = Not covered by this erasure
verifier-unknown-code = { $code } (this page has no sentence for this code)

## What none of this shows

verifier-not-shown = What this check does not show
verifier-not-shown-1 = That the erasure took place: the signature shows who declares it and that the text has not changed, nothing more.
verifier-not-shown-2 = Whose key it is: compare its fingerprint with the one that the workshop gave you by another way.
verifier-not-shown-3 = That the date is right: it is the one that the station gives.
verifier-not-shown-4 = That no later document takes the place of this one: ask the workshop, which has the ledger.

## The command that writes the page

cli-certificate-page-short = Write the page that checks a document in a browser
cli-certificate-page-help = Writes an HTML file to give to the donor: opened in a recent browser, without network, it checks PDF or JSON certificates with the workshop’s public key or key list. The page is the same for all workshops.
cli-option-page-to = file to write (verifier.html by default)
cli-page-written = Verification page written: { $file }. Give it to the donor; and the public key, by another way.
cli-page-unwritable = The page { $file } cannot be written ({ $why }). Check the path and the permissions.
demo-page = To check a document as a donor does: open { $file }, in the same folder, and give it a document and the public key { $key }.
verifier-check-by-drive = by canaries and reading back, after the drive’s own erasure
