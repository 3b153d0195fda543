# The seal on PDFs and its time stamp: what viewers show of it, making it, checking it, writing documents again.

## In the document

seal-field = Electronic seal of station { $station }
seal-reason-erasure-certificate = Sealing of erasure certificate no. { $number } and of the signed file attached to it
seal-reason-failure-report = Sealing of failure report no. { $number } and of the signed file attached to it
seal-location = Station { $station }

## Making it

seal-too-large = The seal with its time stamp has { NUMBER($size) } bytes and there is room for { NUMBER($limit) }. Choose an authority that sends fewer certificates along ([paper] tsa in the settings).
seal-gone = The pages of document no. { $number } cannot be made anew: the seal that its record names was replaced since. The signed file (JSON) is complete; give out the PDF that was issued then, from a backup.
document-unstamped = Document no. { $number } was issued without a time stamp: the authority did not answer in the time allowed ([paper] tsa_wait). Its date is the station’s own. It loses nothing else.

stamp-unreachable = The time-stamping authority { $url } does not answer ({ $why }). Documents wait for it; erasing goes on. Check the network and [paper] tsa in the settings.
stamp-refused = The time-stamping authority refuses ({ $status }). Documents wait for it; erasing goes on. Check with the authority whether this workshop may use it.
stamp-unreadable = What came from the time-stamping authority is no time stamp. Check [paper] tsa in the settings.
stamp-other-question = The time stamp received answers another question than ours. It was not used; check the way to the authority.
stamp-other-digest = The time stamp is about something else.
stamp-other-authority = The time stamp comes from “{ $authority }”, for whom the certificates in [paper] tsa_ca do not vouch. It was not used.
stamp-altered = The time stamp was altered: its signature no longer matches.
stamp-ca-unreadable = The authorities’ certificates { $file } cannot be read ({ $why }). Check the path and the rights.
stamp-ca-not-pem = The file { $file } holds no certificate of an authority (PEM is expected).

## Checking it

certificate-pages-altered = Altered PDF: its pages are no longer what was issued, or not shown to be. Do not rely on them; ask the workshop for the original, or take out the attached file and check that by itself.
certificate-unknown-pages = Pages of unknown origin: the attached file is unchanged, but nothing shows that the pages around it come from the same station. Rely on the attached file alone, or ask the workshop for the sealed original.
certificate-meaning = This shows where a document comes from and that it was not altered. By itself it does not prove that the erasure took place.

check-pdf-passed = The PDF has one certificate file attached: { $file }
check-pdf-not-a-pdf = The file is not a PDF.
check-pdf-too-large = The PDF is larger than any that a station issues.
check-pdf-encrypted = The PDF is encrypted: no station issues it like that. Ask for the original.
check-pdf-damaged = The PDF is damaged, or not of the form that a station issues.
check-pdf-no-attachment = The PDF has no certificate file attached: nothing in it can be checked. Ask for the original.
check-pdf-several-attachments = The PDF has several files attached: there is no telling which is meant. Ask for the original.
check-pdf-timed-out = The PDF takes longer to examine, or more memory, than any that a station issues.

check-seal-passed = The seal covers the whole PDF, pages and attached file: nothing in it has changed since.
check-seal-appended = Something was appended after the seal ({ NUMBER($size) } bytes): a viewer may show other pages than those sealed. What is before is unchanged.
check-seal-none = The PDF has no seal: its pages may be anybody’s.
check-seal-several = The PDF has several signatures: it is not as the station issued it.
check-seal-altered = The PDF has changed since it was sealed.
check-seal-forged = The seal was not made with the key of the certificate in it.
check-seal-malformed = The seal is not written as stations write it, or does not cover the whole PDF.

check-sealed-by-passed = The seal is the station’s: { $owner }, certificate { $certificate }
check-sealed-by-failed = The seal is not the one that the signed record names: { $owner }, certificate { $certificate }
check-sealed-by-missing = The signed record names a seal, and the PDF has none: it was removed.
check-sealed-by-unknown = Neither the signed record nor a key list says whose seal this is: { $owner }, certificate { $certificate }

check-stamp-passed = Time stamp: it was sealed on { DATE($at) } at the latest, says “{ $authority }”, an authority that you trust.
check-stamp-unknown = Time stamp: it was sealed on { DATE($at) } at the latest, says “{ $authority }”, which you have not named as an authority that you trust (--tsa-ca).
check-stamp-failed = The time stamp does not belong to this seal, or was altered.
check-stamp-none = No time stamp: when it was issued is the station’s own word.

## Writing documents again

cli-certificate-rebuild-short = Write again what is missing of the documents issued
cli-certificate-rebuild-help =
    Looks through the bench’s folder of certificates and writes again what is missing or damaged there, byte for byte as it was issued: records and seals are kept in the journal.

    Documents that are there and unchanged are left as they are. Without a number, all are looked at.
cli-option-jobs = How many processes work at the same time. Default: one for each processor.
cli-option-tsa-ca = PEM file with the certificates of the time-stamping authorities that you trust.
cli-rebuilt = { $count ->
    [0] Nothing was missing
    [one] One document written again
   *[other] { NUMBER($count) } documents written again
}; { $intact ->
    [0] none was there unchanged.
    [one] one was there unchanged.
   *[other] { NUMBER($intact) } were there unchanged.
}
cli-export-missing = The bench’s folder does not hold document no. { $number } as it was issued ({ $file }). Run “tablerase certificate rebuild” first.
