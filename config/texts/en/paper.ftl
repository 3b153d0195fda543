# The paper: what is read on a certificate or a failure report, in the order of the page.

## Head

paper-title-erasure-certificate = Erasure certificate
paper-title-failure-report = Failure report
paper-not-a-certificate = THIS DOCUMENT ATTESTS NO ERASURE
paper-simulation = SIMULATION
paper-simulation-notice = SIMULATION – no real drive was erased. This document serves for trying the bench and for nothing else.
paper-number = No. { $number }
paper-page = page
paper-issued = Issued on { DATE($at) } by station { $station } – clock { $clock ->
        [synchronised] synchronised
        [not-synchronised] not synchronised
        [simulated] simulated
       *[unknown] of unknown synchronisation
    }
paper-supersedes = Replaces no. { $number }: { $reason }
paper-qr = QR code: the document’s number and the SHA-256 of its original, as printed further down.
paper-declaration-erasure-certificate = Station { $station } declares that the drive described below { $by ->
        [drive] was erased by its own erase command, whose effect was checked
        [both] was erased by its own erase command, then by overwriting
       *[bench] was erased by overwriting
    }.
paper-declaration-failure-report = Station { $station } declares that the erasure of the drive described below is not proven.

## The drive

paper-drive = Drive
paper-vendor = Vendor
paper-model = Model
paper-serial = Serial number
paper-wwn = WWN, EUI
paper-firmware = Firmware
paper-kind = Kind
paper-interface-value = { $interface ->
        [sata] SATA
        [sas] SAS
        [scsi] SCSI
        [nvme] NVMe
        [usb] USB
        [virtio] virtio (virtual machine)
        [mmc] memory card (MMC, SD)
        [loop] loop device
        [simulated] simulated interface
       *[unknown] unknown interface
    }
paper-medium-value = { $medium ->
        [rotating] rotating disk
        [flash] flash memory
        [file] file
       *[unknown] medium of unknown kind
    }
paper-size = Capacity
paper-size-value = { BYTES($size) } ({ NUMBER($size) } bytes)
paper-sectors = logical sectors of { $sector } bytes
paper-size-readings-agree = the same size by { $count } readings
paper-size-reading = { $source }: { NUMBER($size) } bytes
paper-identity-end = Identity at end
paper-identity-same = read again, unchanged
paper-identity-differs = DIFFERENT from that at the start

## Parties

paper-parties = Parties
paper-donor = Donor
paper-donor-role = data controller
paper-refurbisher = Workshop
paper-refurbisher-role = data processor
paper-siret = SIRET { $siret }
paper-reference = reference { $reference }
paper-lot = Lot
paper-operator = Operator
paper-station = Station

## The erasure

paper-process = Erasure
paper-method = Method
paper-method-source = According to
paper-level = Level aimed at
paper-level-achieved = Level achieved
paper-verification = Final check
paper-verification-full = read back to 100%
paper-verification-full-part = reading back of 100% asked, stopped at { BYTES($compared) }
paper-verification-sample = sample of { PERCENT($permille) } ({ NUMBER($places) } places)
paper-verification-sample-part = sample of { PERCENT($permille) }, not finished
paper-verification-full-unfinished = reading back of 100% asked, not finished
paper-verification-bad = read back to the end: { $found }
paper-verification-unread = { BYTES($size) } unreadable
paper-verification-different = { BYTES($size) } with unexpected content
paper-verification-none = none
paper-planned = Ordered
paper-concluded = Verdict given
paper-date = { DATE($at) }
paper-interruptions = Interruptions
paper-interruptions-count = { $count ->
    [0] none
    [one] one, told in the annex
   *[other] { NUMBER($count) }, told in the annex
}

## The passes

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
paper-passes-in-annex = passes, told in the annex
paper-see-annex = see annex
paper-bytes = { BYTES($size) }
paper-rate = { BYTES($rate) }/s
paper-count = { NUMBER($count) }
paper-check-full = 100%
paper-check-part = not finished
paper-check-sample = sample of { PERCENT($permille) }
paper-check-differences = { BYTES($size) } unexpected
paper-check-unread = { BYTES($size) } not read
paper-none = –

## The result

paper-result = Result
paper-reasons = Why no erasure is proven
paper-remarks = Remarks
paper-no-remarks = No error, no remark.
paper-more = … and { NUMBER($count) } more, in the attached file.
paper-unwritten = Not overwritten
paper-unreadable = Unreadable blocks
paper-mismatching = Unexpected content
paper-range = { NUMBER($first) } to { NUMBER($last) }
paper-ranges = { $blocks ->
    [one] one block: { $places }
   *[other] { NUMBER($blocks) } blocks in { $count ->
        [one] one range
       *[other] { NUMBER($count) } ranges
    }: { $places }
}
paper-ranges-listed = from { NUMBER($first) } to { NUMBER($last) }, listed in the annex
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

## Validation and origin

paper-validation = Validation
paper-validation-reserved = reserved for the donor
paper-validator = Name and position
paper-decision = Decision
paper-date-signature = Date and signature
paper-origin = Origin and integrity
paper-origin-meaning = The signature shows where this document comes from and that it was not altered; by itself it does not prove that the erasure took place. The original is the file { $file } attached to this PDF. Check it with: { $command }. Compare the key’s fingerprint with the one the workshop gave you by another way.
paper-key = Key fingerprint
paper-seal = Seal certificate
paper-digest = SHA-256 of the original
paper-ledger = Ledger
paper-ledger-place = record { NUMBER($position) } of { NUMBER($size) }
paper-ledger-root = Root of the ledger
paper-attachment = Signed original: record, signature and proof of its entry in the ledger

## Annex: the surface

paper-annex = Annex
paper-surface = Surface of the drive
paper-surface-written = writing, pass { $pass }
paper-surface-read = reading back, pass { $pass }
paper-surface-earlier = earlier passes
paper-surface-what = Measurement
paper-surface-lowest = Lowest rate
paper-surface-mean = mean
paper-surface-highest = highest
paper-surface-usual = Usual latency
paper-surface-worst = worst
paper-surface-slow = Slow requests
paper-surface-retried = Retried requests
paper-surface-meaning = Rate and latency by zone of the drive; the usual latency is the median of the zones’ medians. Slow: more than half a second and more than twenty times the median. Retried: failed or incomplete, then tried again.
paper-surface-alt-throughput = Line chart of the throughput by position, pass { $pass } and its reading back, in { NUMBER($zones) } zones from start to end of a drive of { BYTES($size) }. Marked beneath, over all passes: { NUMBER($slow) } slow and { NUMBER($retried) } retried requests, and the blocks whose overwriting is not proven. The numbers are in the table that follows.
paper-surface-alt-latency = Line charts of the latency by position, pass { $pass } and its reading back, in { NUMBER($zones) } zones from start to end of a drive of { BYTES($size) }: median, 99th percentile and worst request of each zone. Over all passes, { NUMBER($slow) } slow and { NUMBER($retried) } retried requests. The numbers are in the table that follows.
paper-axis-rate = Rate ({ $prefix }B/s)
paper-axis-latency = Latency
paper-axis-position = position on the drive ({ $prefix }B)
paper-latency-median = median
paper-latency-band = from the median to the 99th percentile
paper-latency-worst = worst request
paper-latency-us = { NUMBER($count) } µs
paper-latency-ms = { NUMBER($count) } ms
paper-latency-s = { NUMBER($count) } s
paper-strip-slow = slow
paper-strip-retried = retried
paper-strip-bad = unproven

## Annex: the rest

paper-ranges-title = { $kind }: { NUMBER($count) } ranges
paper-interruptions-title = Interruptions
paper-interruption-number = No.
paper-interruption-cause = Cause
paper-interruption-stopped = Stopped (UTC)
paper-interruption-resumed = Resumed (UTC)
paper-interruption = { $cause ->
        [operator] stopped by the operator
        [operator-at-once] stopped by the operator, at once
        [paused] pause asked by the operator
        [worker-lost] writing program lost
        [drive-gone] drive unplugged or silent
        [power-awaited] power cut asked for, not seen
       *[program-ended] bench stopped (power cut or breakdown)
    }
paper-drive-more = How the drive was read
paper-identity-source = Identity read by
paper-identity-digest = Digest of the identity
paper-size-readings = Size, by reading
paper-physical-sector = Physical sectors
paper-journal = Journal of the job
paper-job = Job
paper-journal-events = Events
paper-journal-digest = SHA-256 of the journal
paper-tools = Tools
paper-tool-program = Program
paper-tool-revision = Revision
paper-tool-python = Python
paper-tool-kernel = Kernel
paper-tool-kernel-value = { $kernel } ({ $architecture })
paper-tool-station = Station
paper-tool-clock = Clock
paper-tool-clock-value = { $clock ->
        [synchronised] synchronised
        [not-synchronised] not synchronised
        [simulated] simulated
       *[unknown] of unknown synchronisation
    } ({ $source })
