# What is proven about the data, and why. The drive’s health is another axis and other words.

## Verdicts, as read on the screen and on paper

verdict-erased = ERASED
verdict-erased-with-remarks = ERASED – WITH REMARKS
verdict-failed = DESTROY – MAY HOLD DATA
verdict-aborted = REDO – ERASURE NOT PROVEN
verdict-unproven = REDO – ERASURE NOT PROVEN

## What follows

verdict-erased-consequence = The data was erased and the erasure was checked. The drive’s health was not assessed: assess it before any reuse.
verdict-erased-with-remarks-consequence = The data was erased and the erasure was checked; read the remarks below before the drive leaves. Its health was not assessed.
verdict-failed-consequence = The erasure failed: the drive must not be reused, and must not leave the workshop except for recorded destruction.
verdict-aborted-consequence = The erasure was abandoned: the drive must not leave the bench before a complete erasure.
verdict-unproven-consequence = A proof is missing: the drive must not leave the bench before a complete erasure.

## Levels of erasure

level-none = none
level-clear = Clear – everything that a computer can address is erased
level-purge = Purge – the erasure also withstands a laboratory

## Why no erasure is proven

reason-unwritten = The last pass could not write { $count ->
    [one] one block ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocks in { $ranges ->
        [one] one range
       *[other] { NUMBER($ranges) } ranges
    }, between { NUMBER($first) } and { NUMBER($last) }
}. Data may remain there: destroy the drive, unless an erase by its own firmware (sanitize) reaches it.
reason-unread = After the last pass, reading back could not read { $count ->
    [one] one block ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocks in { $ranges ->
        [one] one range
       *[other] { NUMBER($ranges) } ranges
    }, between { NUMBER($first) } and { NUMBER($last) }
}. What they hold could not be checked: destroy the drive, unless an erase by its own firmware (sanitize) reaches it.
reason-mismatch = After the last pass, reading back found something other than what was written: { $count ->
    [one] one block ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocks in { $ranges ->
        [one] one range
       *[other] { NUMBER($ranges) } ranges
    }, between { NUMBER($first) } and { NUMBER($last) }
}. Data may remain there: destroy the drive.
reason-fake-capacity = Fake capacity: the drive claims { BYTES($claimed) } but has room for { BYTES($size) } at most, and overwrites its beginning with its end. It can neither be proven erased nor reused: destroy it.
reason-no-answer = Pass { $pass }: the drive did not answer for { NUMBER($seconds) } seconds, near block { NUMBER($lba) }. Data may remain: destroy the drive.
reason-may-be-another = Nothing shows that the drive is the one worked on before the interruption. It has no worldwide name (WWN), and may be another one with the same serial number ({ $serial }); so nothing was written to it. Look which drive is in the dock, then start its erasure anew.
reason-gave-up-sync = Pass { $pass }: the drive did not confirm that it stored what was written, even when asked several times. Data may remain: destroy the drive.
reason-gave-up-too-many-ranges = Pass { $pass }: too many bad ranges, work was stopped. Data may remain: destroy the drive.
reason-gave-up-too-many-sectors = Pass { $pass }: too many bad blocks, work was stopped. Data may remain: destroy the drive.
reason-gave-up-too-long = Pass { $pass }: looking for bad blocks took too long, work was stopped. Data may remain: destroy the drive.
reason-gave-up-other-data = Pass { $pass }: reading back finds something other than what was written everywhere, it was stopped. Data may remain: destroy the drive.
reason-inconsistent-journal = The journal contradicts itself ({ $what }): it proves nothing. Erase again and report this defect.
reason-identity-changed = The drive that was read during the work is not the one that was planned. Check the cabling, then erase again.
reason-identity-not-confirmed = The drive’s identity was not read again after the last step: nothing proves that this drive stayed the same to the end.
reason-pass-incomplete = Pass { $pass } did not reach the end of the drive: the rest keeps what it held.
reason-pass-not-synced = The drive did not confirm that it stored the whole of pass { $pass }: a part may have been lost.
reason-not-verified = The last pass was not read back, as asked: nothing proves what the drive holds. Erase again and read back.
reason-verification-incomplete = Reading back pass { $pass } is not finished: the rest of the drive is not checked.

## Remarks on a proven erasure

remark-sampled = Sample of { PERCENT($permille) }: only this share of the drive was read back after the last pass. A badly written block elsewhere would not have been seen.
remark-interrupted-operator = Stopped by the operator on { DATE($at) }, then resumed. The erasure went on from the last point confirmed by the drive, checked before resuming: only its duration is changed.
remark-interrupted-operator-at-once = Stopped at once by the operator on { DATE($at) }, then resumed. The erasure went on from the last point confirmed by the drive, checked before resuming: a part may have been written twice.
remark-interrupted-worker-lost = The program that was writing ended without a report on { DATE($at) }, then was started again. The erasure went on from the last point confirmed by the drive, checked before resuming: a part may have been written twice.
remark-interrupted-program-ended = The bench stopped without notice (power cut or breakdown) and resumed on { DATE($at) }. The erasure went on from the last point confirmed by the drive, checked before resuming: a part may have been written twice.
remark-pass-restarted = Pass { $pass } started anew { $count ->
        [one] once
       *[other] { $count } times
    }: the drive no longer gave back what it said it had stored. The pass was done again in full; a drive that loses writes deserves examination before reuse.
remark-earlier-errors = Pass { $pass }: errors on { $count ->
    [one] one block ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocks in { $ranges ->
        [one] one range
       *[other] { NUMBER($ranges) } ranges
    }, between { NUMBER($first) } and { NUMBER($last) }
}. A later pass wrote these blocks again and the last reading found them as they should be; watch the drive’s health.
remark-earlier-errors-sampled = Pass { $pass }: errors on { $count ->
    [one] one block ({ NUMBER($first) })
   *[other] { NUMBER($count) } blocks in { $ranges ->
        [one] one range
       *[other] { NUMBER($ranges) } ranges
    }, between { NUMBER($first) } and { NUMBER($last) }
}. A later pass wrote these blocks again without error; the last reading, a sample, may not have come by them. Watch the drive’s health.
remark-cured = Pass { $pass }: { $count ->
    [one] one block ({ NUMBER($first) }), unreadable at first, was written again and then read as it should be
   *[other] { NUMBER($count) } blocks in { $ranges ->
        [one] one range
       *[other] { NUMBER($ranges) } ranges
    }, between { NUMBER($first) } and { NUMBER($last) }, unreadable at first, were written again and then read as they should be
}. The drive may have put aside the old place, which nothing reaches any more; watch its health.
remark-retried = Pass { $pass }: { $times ->
    [one] one access succeeded
   *[other] { NUMBER($times) } accesses succeeded
} on a later try. The erasure is not affected; watch the drive’s health.
remark-buffered-io = Direct access to the drive was not possible: it was written and read through the system’s cache, which was emptied before reading back. Reading back proves a little less than with direct access.

## What the erasure did not cover, and why

not-covered-reallocated-sectors = Reallocated sectors
not-covered-reallocated-sectors-why = The disk may have set defective sectors aside: nothing addresses them any more, so overwriting does not reach them.
not-covered-overprovisioning-on-flash = Spare flash memory
not-covered-overprovisioning-on-flash-why = A flash drive keeps more blocks than it shows and changes them with every write: old copies may remain there, out of reach of overwriting.
not-covered-hpa-dco-not-examined = Hidden areas (HPA, DCO, AMA)
not-covered-hpa-dco-not-examined-why = They were not looked for: a hidden area would have been neither seen nor erased.
not-covered-namespaces-not-examined = Other NVMe namespaces and unallocated capacity
not-covered-namespaces-not-examined-why = They were not looked for: only the namespace that was named was erased.
not-covered-hidden-capacity-not-examined = Hidden capacity
not-covered-hidden-capacity-not-examined-why = A SCSI or SAS disk can be set to show less than it holds; this setting was not looked for.
not-covered-boot-areas-not-examined = The card’s boot areas
not-covered-boot-areas-not-examined-why = These areas have an address of their own; they were neither read nor erased.
not-covered-storage-beneath-not-examined = Underlying storage
not-covered-storage-beneath-not-examined-why = This drive rests on a file or on other storage: copies, snapshots or journals kept at that level are not reached.

## Why an entry is empty

absent-not-reported-by-drive = not reported by the drive
absent-not-asked = not asked for
absent-not-applicable = not applicable
absent-not-given = not given
absent-not-recorded = not recorded
absent-not-started = not started
absent-not-finished = not finished
absent-not-yet-supported = not recorded by this version of the bench
absent-reserved-for-donor = reserved for the donor
