# Certificates and failure reports: checking a file, the ledger, the keys.

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
check-head-passed = The state of the ledger { $origin } ({ $size ->
        [one] one record
       *[other] { NUMBER($size) } records
    }, on { DATE($at) }) is signed by the same key.

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
