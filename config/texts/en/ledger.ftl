# The ledger's proofs

ledger-empty = The ledger is empty: it has no signed head yet. It will have one after the first erasure.
ledger-no-such-size = The ledger has no signed head of { NUMBER($size) } records. “tablerase ledger head” gives the latest.
ledger-head-too-old = The signed head of { NUMBER($size) } records is earlier than document { $number }, which is record { NUMBER($place) }. Take a later head.
ledger-damaged = What the ledger keeps does not match its latest signed head: the journal was damaged or altered. Nothing is added to it. Keep this folder as evidence, see what “tablerase ledger verify” says, then restore the latest backup.
ledger-states-reversed = The first head ({ NUMBER($old) } records) is later than the second ({ NUMBER($new) }). Give the earlier one first.
ledger-state-of-another-key = The signed head of { NUMBER($size) } records, dated { DATE($at) }, is signed by no key of this station. Check that it comes from there, and compare the key’s fingerprint.
ledger-state-removed = The head signed on { DATE($at) } counts { NUMBER($size) } records, the ledger has only { NUMBER($found) } left: records were removed.
ledger-state-differs = The first { NUMBER($size) } records of the ledger are not those covered by the head signed on { DATE($at) }: at least one of them was rewritten, added or removed.
record-of-another-format = Document { $number } has a format that this version of the program does not know. Use a newer version.
record-of-another-key = Document { $number } is signed by no known key of this station. Restore the list of its keys (keys/station.keys.json), or see what “tablerase ledger verify” says.

cli-ledger-superseded = { $count ->
        [one] One of these records takes the place of another.
       *[other] { NUMBER($count) } of these records take the place of others.
    }
cli-metavar-record = NUMBER
cli-metavar-old = OLD
cli-metavar-new = [NEW]
cli-argument-record = Number of the document, or its place in the ledger as on the certificate, counted from 1.
cli-argument-old = A number of records, or a file with a signed head that you kept.
cli-argument-new = Likewise. By default, the latest head.
cli-option-size = At this number of records, instead of the latest head.
cli-option-head-to = Write the signed head to this file.
cli-option-prove-to = Write the certificate (JSON) to this file, with this proof, which is later than its first one.
cli-ledger-prove-short = Prove that a document is entered in the ledger
cli-ledger-prove-help =
    Gives the proof (RFC 9162) that a document is entered in the ledger that the latest signed head describes: its hash, the hashes beside it, the signed head. Nothing else of the ledger is revealed.

    The certificate carries such a proof already, in the ledger as it was when it was issued. This one renews it: a donor can compare it with a head received since.
cli-ledger-consistency-short = Show that nothing was rewritten between two heads
cli-ledger-consistency-help =
    Compares two states of the ledger, each known by its signed head, and proves (RFC 9162) that all the first one covered stands unchanged in the second. If not, says which of them contradicts the ledger.

    A donor who kept a signed head can send it: tablerase ledger consistency head.txt

    Exit status: 0 if nothing was rewritten; 1 if a head contradicts the ledger; 2 if they cannot be compared.
cli-proven = Document { $number } is record { NUMBER($place) } of { NUMBER($size) } in the ledger signed on { DATE($at) }.
cli-proof-leaf = hash of the record
cli-proof-path = hash beside it
cli-proof-written = Certificate written with this proof: { $file }
cli-head-written = Signed head of the ledger ({ $size ->
        [one] 1 record
       *[other] { NUMBER($size) } records
    }) written to { $file }
cli-consistent = Nothing was rewritten between the two heads: { $old ->
        [one] the record of { DATE($old_at) } is, unchanged and in its place, the first
       *[other] the { NUMBER($old) } records of { DATE($old_at) } are, unchanged and in their places, the first
    } of the { NUMBER($new) } of { DATE($new_at) }.
cli-consistent-same = Nothing was rewritten: both heads, signed on { DATE($old_at) } and on { DATE($new_at) }, describe the same { $old ->
        [one] record.
       *[other] { NUMBER($old) } records.
    }
cli-inconsistent = Do not rely on this ledger. Keep it as evidence, with the signed head that contradicts it.
cli-file-unwritable = The file { $file } cannot be written ({ $why }). Check the path, the rights and the room left.
