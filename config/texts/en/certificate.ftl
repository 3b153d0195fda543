# Certificates and failure reports: the paper, checking a file, the ledger, the keys.

## The paper

paper-title-erasure-certificate = Erasure certificate
paper-title-failure-report = Failure report
paper-not-a-certificate = THIS DOCUMENT ATTESTS NO ERASURE
paper-simulation = SIMULATION
paper-simulation-notice = SIMULATION – no real drive was erased. This document serves for trying the bench and for nothing else.
paper-number = No. { $number }
paper-page = page
paper-issued = Issued on { DATE($at) } by station { $station } – clock { $clock ->
        [synchronised] synchronised
        [not-synchronised] not synchronised
        [simulated] simulated
       *[unknown] of unknown synchronisation
    }
paper-declaration-erasure-certificate = Station { $station } declares that the drive described below was erased by overwriting.
paper-declaration-failure-report = Station { $station } declares that the erasure of the drive described below is not proven.

paper-drive = Drive
paper-vendor = Vendor
paper-model = Model
paper-serial = Serial number
paper-wwn = Identifier (WWN, EUI)
paper-firmware = Firmware
paper-interface = Interface
paper-interface-value = { $interface ->
        [sata] SATA
        [sas] SAS
        [scsi] SCSI
        [nvme] NVMe
        [usb] USB
        [virtio] virtio (virtual machine)
        [mmc] memory card (MMC, SD)
        [loop] loop device
        [simulated] simulated
       *[unknown] unknown
    }
paper-medium = Medium
paper-medium-value = { $medium ->
        [rotating] rotating disk
        [flash] flash memory
        [file] file
       *[unknown] unknown
    }
paper-size = Capacity
paper-size-value = { BYTES($size) } ({ NUMBER($size) } bytes), sectors of { $sector } bytes
paper-size-readings = Capacity, by reading
paper-size-readings-agree = the same by { $count } readings ({ $sources })
paper-size-reading = { $source }: { NUMBER($size) } bytes
paper-identity-end = Identity at the end
paper-identity-same = read again, unchanged
paper-identity-differs = DIFFERENT from that at the start

paper-process = Erasure
paper-method = Method
paper-method-source = According to
paper-level = Level aimed at
paper-level-achieved = Level achieved
paper-verification = Check of the last pass
paper-verification-full = read back to 100%
paper-verification-full-part = reading back of 100% asked, stopped at { BYTES($compared) }
paper-verification-sample = sample of { PERCENT($permille) } ({ NUMBER($places) } places)
paper-verification-sample-part = sample of { PERCENT($permille) }, not finished
paper-verification-bad = read back to the end: { BYTES($unread) } unreadable, { BYTES($different) } with unexpected content
paper-verification-none = none
paper-operator = Operator (code)
paper-period = From order to verdict
paper-period-value = from { DATE($start) } to { DATE($end) }
paper-interruptions = Interruptions
paper-interruptions-none = none
paper-interruption = { $cause ->
        [operator] by the operator
        [operator-at-once] by the operator, at once
        [paused] pause asked by the operator
        [worker-lost] writing program lost
        [drive-gone] drive unplugged or silent
        [power-awaited] power cut asked for, not seen
       *[program-ended] bench stopped (power cut or breakdown)
    }: { $stopped }
paper-interruption-stopped = on { DATE($at) }
paper-interruption-resumed = on { DATE($at) }, resumed on { DATE($resumed) }
paper-interruption-unrecorded = time unknown, resumed on { DATE($resumed) }
paper-interruption-unknown = time unknown, not resumed

paper-passes = Passes
paper-pass-number = No.
paper-pass-content = Content written
paper-pass-start = Start (UTC)
paper-pass-end = End (UTC)
paper-pass-bytes = Written
paper-pass-rate = Rate
paper-pass-faults = Errors
paper-pass-errors = { NUMBER($count) }
paper-pass-check = Read back
paper-pattern = pattern { $pattern }
paper-pattern-long = pattern of { $count } bytes, { $pattern }…
paper-stream = random stream { $algorithm }
paper-stream-waiting = random stream
paper-passes-alike = complete passes, without error
paper-bytes = { BYTES($size) }
paper-rate = { BYTES($rate) }/s
paper-check-full = 100%
paper-check-part = not finished
paper-check-sample = sample of { PERCENT($permille) }
paper-check-differences = { BYTES($size) } unexpected
paper-check-unread = { BYTES($size) } not read
paper-none = –

paper-result = Result
paper-reasons = Why no erasure is proven
paper-remarks = Remarks
paper-no-remarks = No error, no remark.
paper-more = … and { NUMBER($count) } more, in the attached file.
paper-unwritten = Blocks not overwritten
paper-unreadable = Unreadable blocks
paper-mismatching = Blocks with unexpected content
paper-range = { NUMBER($first) } to { NUMBER($last) }
paper-ranges = { $blocks ->
    [one] one block: { $places }
   *[other] { NUMBER($blocks) } blocks in { $count ->
        [one] one range
       *[other] { NUMBER($count) } ranges
    }: { $places }
}
paper-block = { NUMBER($first) }
paper-overcome = Errors overcome
paper-overcome-retried = { $count ->
    [one] one on a new try
   *[other] { NUMBER($count) } on a new try
}
paper-overcome-cured = { $count ->
    [one] one by writing the block again
   *[other] { NUMBER($count) } by writing the block again
}
paper-overcome-rewritten = { $count ->
    [one] one by writing again after an interruption
   *[other] { NUMBER($count) } by writing again after an interruption
}
paper-health = Health
paper-health-unknown = not assessed by this version of the bench
paper-not-covered = Not covered by this erasure

paper-validation = Validation
paper-validation-reserved = reserved for the donor
paper-validator = Name and position
paper-decision = Decision
paper-date-signature = Date and signature

paper-origin = Origin and integrity
paper-origin-meaning = The signature shows where this document comes from and that it was not altered; by itself it does not prove that the erasure took place. The original is the file { $file } attached to this PDF. Check it with: { $command }. Compare the key’s fingerprint with the one the workshop gave you by another way.
paper-key = Key fingerprint
paper-digest = SHA-256 of the original
paper-ledger = Ledger
paper-ledger-place = record { NUMBER($position) } of { NUMBER($size) }
paper-ledger-root = Root of the ledger
paper-journal = Journal
paper-journal-value = { NUMBER($events) } events
paper-journal-digest = SHA-256 of the journal
paper-tools = Tool
paper-tool = { $program } { $version }, Python { $python }, kernel { $kernel } ({ $architecture }), station { $station }
paper-tool-commit = { $tool }, revision { $commit }
paper-attachment = Signed original: record, signature and proof of its entry in the ledger

## Checking a file

certificate-intact = Document unchanged since it was issued by { $station }, which declares that the drive { $model }, serial number { $serial }, { $verdict ->
        [erased] was erased
        [erased-with-remarks] was erased, with remarks
        [failed] could not be erased and may hold data
        [aborted] was not erased to the end (abandoned)
       *[unproven] has no proven erasure
    } (document no. { $number }){ $simulated ->
        [yes] {" "}– SIMULATION, no real drive
       *[no] {""}
    }.
certificate-unknown-key = Unknown key: this document says it was issued by { $station } (no. { $number }, drive { $model }, serial number { $serial }, { $verdict ->
        [erased] erased
        [erased-with-remarks] erased with remarks
        [failed] not erased
        [aborted] abandoned
       *[unproven] erasure not proven
    }){ $simulated ->
        [yes] {" "}– SIMULATION, no real drive
       *[no] {""}
    } and has not changed since it was signed, but you do not know the key that signed it. Ask the workshop for its key’s fingerprint by another way and compare.
certificate-altered = Altered document: it is no longer what was issued. Do not rely on it; ask the workshop for the original.
certificate-unreadable = This file is not a certificate that this version can read. Ask the workshop for the original, or get a later version of Table Rase.

check-skipped = Not examined.
check-readable-passed = The file holds a record, a signature and a proof.
check-form-passed = The file is written in its original form.
check-form-failed = The file was rewritten in another form than the original, even if its meaning may be the same. Ask for the original file.
check-schema-passed = The record’s fields are those of its format.
check-schema-failed = The record’s fields are not those of the known format: first difference at “{ $place }”, { $count } in all.
check-signature-passed = The signature matches the record.
check-signature-failed = The signature does not match the record: one of the two was altered.
check-key-passed = The signing key is known: { $fingerprint }
check-key-unknown = The signing key is not known: { $fingerprint }
check-leaf-passed = The proof is about this record.
check-leaf-failed = The proof is not about this record.
check-inclusion-passed = The record is entered in the ledger that the proof describes.
check-inclusion-failed = The proof does not show that the record is entered in the ledger.
check-head-passed = The state of the ledger { $origin } ({ NUMBER($size) } records, on { DATE($at) }) is signed by the same key.

unreadable-too-large = The file is too large ({ BYTES($size) }): a certificate never exceeds { BYTES($limit) }.
unreadable-too-deep = The file nests more than { $limit } levels: it is not a certificate.
unreadable-not-utf8 = The file is not UTF-8 text (byte { NUMBER($position) }).
unreadable-not-json = The file is not JSON (character { NUMBER($position) }).
unreadable-not-an-object = The file is JSON, but not a certificate.
unreadable-duplicate-name = The file gives two values to the same field: there is no telling which to believe.
unreadable-number = The file holds a number that a certificate never holds (with a fraction, or too large).
unreadable-not-a-certificate = The file does not have the three parts of a certificate (record, signature, proof) in their expected form.

## Ledger

ledger-head-unreadable = The signed state of the ledger cannot be read. Ask the workshop for the original.
ledger-head-altered = The signed state of the ledger { $origin } was altered: its signature no longer matches. Ask the workshop for the original.
ledger-head-other-key = The state of the ledger { $origin } is not signed by the expected key. Compare the key’s fingerprint with the one the workshop gave.

## Keys

key-exists = There is a key already ({ $path }): it was not replaced. Move it away first if a new one is wanted.
key-cannot-open = The key { $path } cannot be opened ({ $error }). Check the path and the rights.
key-not-a-file = The key { $path } is not an ordinary file. Name the key’s file.
key-readable-by-others = The private key { $path } is open to others (rights { $mode }). Take it from them with chmod 600, then ask yourself who may have read it.
key-unreadable = The file { $path } holds no readable key (PEM without a password is expected). Name the right file or restore it.
key-not-ed25519 = The key { $path } is not of type Ed25519. Name the station’s key.

## Language

language-unknown = Unknown language: { $language }. Choose among: { $choices }.
