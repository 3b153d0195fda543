# Stages of an erasure by the drive’s firmware: what will be done, why, and what is proven of it.

stage-kind-wait = waiting
stage-kind-power-cycle = power cycle
stage-kind-unlock = unlocking
stage-kind-restore = opening a hidden area
stage-kind-plant = planting canaries
stage-kind-erase = erasure by the drive
stage-kind-reformat = reformatting
stage-kind-check = looking for canaries
stage-kind-compare = comparison of before and after
stage-kind-read-back = reading back

## What will be done, and why

stage-wait-foreign = A sanitize that this bench did not start is running: it cannot be stopped. The bench waits for its end, concludes nothing from it, then erases itself.
stage-power-cycle-thaw = The drive is frozen, or accepts no more passwords: only cutting its power frees it.
stage-power-cycle-identify = A drive shows its true size only after its power was cut: it is then identified again.
stage-power-cycle-forget = The power is cut before reading back, to read the medium and not the drive’s cache.
stage-unlock-opal = The drive is locked by Opal: the PSID on its label brings it back to its factory state. This does not count as an erasure.
stage-unlock-password = The drive carries this station’s password, set by an interrupted erasure: it is taken off, then the drive is erased again.
stage-restore = The hidden area { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} is opened, so that erasing and reading back reach it.
stage-restore-again = The HPA is opened again: it may reappear once the DCO is restored.
stage-plant = { NUMBER($count) } canary blocks of random content are written, stored by the drive and read back: none may survive.
stage-erase-sanitize = The drive erases itself; a power cut only suspends that erasure, and nothing can cancel it.
stage-erase-once = The drive erases itself; its power must not be cut before the end, or all of it must be done again.
stage-reformat = The drive is reformatted to sectors that the bench can read.
stage-check = The canaries’ places are read again: a single survivor shows that the drive did not erase itself.
stage-compare = The drive is identified and questioned again: its size, locks and hidden areas must be as before, or better.
stage-read-back = { PERCENT($permille) } of the drive is read back, at places drawn at random.

## Techniques chosen or passed over

stage-chosen-first = Chosen: the policy’s first one that reaches the level aimed at on this drive.
stage-chosen-beside-block = Chosen as well: the key is destroyed first, then the blocks are erased.
stage-passed-less-preferred = Passed over: the policy prefers another one, which is enough.
stage-passed-policy = Passed over: the policy “{ $policy }” does not allow it on this medium.
stage-passed-not-offered = Passed over: the drive does not offer it.
stage-passed-no-commands = Passed over: no command reaches the drive safely through its adapter. Attach it directly (SATA, SAS or PCIe).
stage-passed-status-unreadable = Passed over: the state of a sanitize cannot be read here, so its success would stay unknown. Attach the drive directly.
stage-passed-siblings = Passed over: it would also erase { $siblings }, which are not in the plan. If nobody needs what they hold, name them in the same order; else overwrite this address alone.
stage-passed-units = Passed over: the drive has other addresses ({ $units }), and no standard says whether it would erase these too. Overwrite each of them.
stage-passed-one-namespace = Passed over: the host overwrites one namespace at a time, and { NUMBER($count) } are to be erased together. Order them one by one.
stage-passed-namespaces-unknown = Passed over: the NVMe namespaces that the erasure would hit are not known.
stage-passed-namespaces = Passed over: it would erase all { NUMBER($count) } namespaces of the drive, among them { $namespaces }, which are not in the plan. Overwrite, or first erase and delete the other namespaces (nvme format --ses=1, then nvme delete-ns, from nvme-cli) and plan again.
stage-passed-controllers = Passed over: { NUMBER($count) } controllers share this drive, and another machine may be using it. Isolate it first.
stage-passed-medium-closed = Passed over: a sanitize failed, and the drive accepts nothing but another sanitize.
stage-passed-frozen = Passed over: the drive is frozen, and the policy does not allow cutting its power.
stage-passed-no-psid = Passed over: it needs the PSID printed on the drive’s label, which was not given.
stage-passed-revert-unlocks = Passed over as an erasure: it already serves to unlock the drive.
stage-passed-retired-sectors = Passed over: { $count ->
    [one] one retired sector
   *[other] { NUMBER($count) } retired sectors
} of the drive would stay out of reach, and the policy excludes that. Erase by sanitize, or destroy the drive.

## Refusals and consent

stage-refused-level = The level asked, { $asked ->
    [purge] Purge
   *[clear] Clear
}, is out of reach for this drive; { $reached ->
    [purge] Purge
   *[clear] Clear
} at best, and the policy “{ $policy }” refuses to do less. Attach it otherwise, change the policy, or destroy it.
stage-refused-nothing-usable = No allowed technique can erase this drive here. The reasons follow; failing that, destroy it.
stage-refused-password-set = An ATA password unknown to this station protects the drive, which would lock at the first power cut. Its owner can remove it in the machine it came from.
stage-refused-password-locked = The drive is locked by an ATA password unknown to this station. Its owner can remove it in the machine it came from (some BIOSes transform what is typed); failing that, destroy the drive.
stage-refused-opal-locked = The drive is locked by Opal. Give the PSID printed on its label, or have its owner unlock it; failing that, destroy it.
stage-refused-opal-shadowed = Opal shows a boot image (shadow MBR) in place of the data: reading back would prove nothing. Give the PSID printed on the label, or have its owner unlock it.
stage-refused-no-revert = The PSID was given, but the drive cannot be brought back to its factory state from this station. Try a station with direct SATA, or destroy it.
stage-refused-lock-out-of-reach = The drive is locked, and no command reaches it safely through its adapter. Attach it directly (SATA, SAS or PCIe).
stage-refused-own-sanitize = The sanitize of this bench’s job { $job } is running on this drive: continue that job with “tablerase resume”.
stage-refused-hidden = A hidden area { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} is in use (whole drive: { BYTES($size) }, 0 if unknown), and the policy refuses that. Open it (hidden_areas = "restore") or put the drive aside.
stage-refused-sectors = The drive has sectors of { $sector } bytes, or protected ones, that the bench cannot read, and it cannot be reformatted here. Attach it to a SAS controller that passes FORMAT UNIT.
stage-consent-question = The level asked, { $asked ->
    [purge] Purge
   *[clear] Clear
}, is out of reach for this drive. Do you accept { $reached ->
    [purge] Purge
   *[clear] Clear
} instead? Your consent will be recorded on the certificate.
stage-consent-operator = Consent given by operator { $operator } on { DATE($at) }.
stage-consent-policy = The policy “{ $policy }” allows { $reached ->
    [purge] Purge
   *[clear] Clear
} where { $asked ->
    [purge] Purge
   *[clear] Clear
} is asked and out of reach.

## Remarks of the plan

stage-remark-no-commands = { $bridge ->
    [none] No command reaches this drive’s firmware, so it cannot erase itself here. Attached to a SATA, SAS or NVMe port, it perhaps could.
   *[other] Adapter ({ $bridge }): no command passes it safely, so the drive cannot erase itself. Attached directly, it perhaps could.
}
stage-remark-hidden-indeterminate = Hidden area { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
}: the drive did not say whether it has one. If it exists, overwriting did not reach it.
stage-remark-hidden-left = The hidden area { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} stays in use (whole drive: { BYTES($size) }, 0 if unknown): the drive stays smaller than it is, and only a sanitize erases it.
stage-remark-retired-sectors = { $count ->
    [one] One retired sector
   *[other] { NUMBER($count) } retired sectors
} of the drive: this technique may leave data there.
stage-remark-unallocated = { BYTES($size) } of the drive belong to no namespace: this technique does not reach them, old data may remain there.
stage-remark-namespaces = { NUMBER($count) } other namespaces of this drive are not covered by this erasure: their data remains there.
stage-remark-together = One command erases { NUMBER($count) } namespaces of this drive together; they are held together, and looked at one by one before and after.
stage-remark-namespace = { $node }: namespace { $nsid }, { BYTES($size) }.
stage-remark-one-overwritten = The passes that follow overwrite { $node } only: the other namespaces are erased by the drive itself, and not overwritten.
stage-remark-no-canaries = No canary can be planted on this drive in its state: the proof rests on what the drive shows of its erasure.

## Why no erasure is proven

reason-stage-failed = Stage { $stage }: the drive reports that its own erasure failed. Data may remain: try again, failing that destroy the drive.
reason-stage-failed-left = Stage { $stage }: the drive’s own erasure failed, and the drive was only opened again afterwards. Data may remain: try again, failing that destroy the drive.
reason-canaries-survived = Stage { $stage }: { $count ->
    [one] one canary block
   *[other] { NUMBER($count) } canary blocks
} survived an erasure that the drive calls a success. This drive lies, or does not erase itself: destroy it.
reason-capacity-shrunk = The drive lost { BYTES($size) } of capacity during the work: what is no longer visible is not proven erased. Destroy it.
reason-stage-refused = Stage { $stage }: the drive refused the command. It is not erased; the reason follows where it is known.
reason-stage-unreadable = Stage { $stage }: the drive took the command, and what became of it could not be read. It counts as not erased; the reason follows.
reason-stage-stale = Stage { $stage }: the drive took the command, and tells of an older erasure only. It counts as not erased; the reason follows.
reason-stage-never-began = Stage { $stage }: the drive took the command, and never showed that it began. It is not erased; the reason follows.
reason-stage-unanswered = Stage { $stage }: the drive did not answer, so what it did is not known. It counts as not erased; the reason follows.
reason-stage-not-stored = Stage { $stage }: the drive does not give back what was written on it, so no erasure was begun. It is not erased; the reason follows.
reason-stage-unfinished = Stage { $stage }: the drive was given a command whose end is not known. Leave it powered and continue the job.
reason-stage-not-done = Stage { $stage }: it was not brought to its end. What follows is missing too.
reason-stage-over-another = Stage { $stage }: another erasure was running when the command was given; nothing says which one succeeded. Erase again.
reason-stage-mark-differs = Stage { $stage }: the success that the drive reports is another command’s than ours. Erase again.
reason-stage-never-seen = Stage { $stage }: the drive says that it succeeded, but was never seen at work and no canary confirms it; it may be an old success. Erase again.
reason-stage-given-twice = Stage { $stage }: the erasure had to be given again after an interruption. The drive shows nothing of this kind of erasure while it works, and the canaries may have been lost to the first attempt. Start a new erasure of this drive: uninterrupted, it will prove it.
reason-canaries-not-checked = Stage { $stage }: canaries were planted, and were not looked for after the erasure.
reason-namespaces-without-canaries = Stage { $stage }: namespaces { $namespaces } had no canary on their first and last block, so nothing shows that they were erased.
reason-canaries-unread = Stage { $stage }: { $count ->
    [one] one canary block could not be read
   *[other] { NUMBER($count) } canary blocks could not be read
}: neither gone nor survived. Erase again, with overwriting on top.
reason-read-back-unread = Stage { $stage }: { BYTES($size) } could not be read after the erasure. Erase again, with overwriting on top.
reason-not-compared = The drive was not questioned again after its erasure: its size and locks are not known.
reason-security-worse = The drive is locked after the work, or no longer says whether it is. Unlock it, then erase again.
reason-sanitize-not-done-at-end = At the end, the drive does not report its sanitize as ended with success. Let it finish under power, then erase again.
reason-namespaces-changed = At the end, namespaces { $namespaces } are gone or have another size than before: what became of their data is not known.
reason-hidden-remains = The hidden area { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} was to be opened, and the drive does not say that it is. Cut its power and erase again.
reason-hidden-new = A hidden area { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
} appeared during the work: it is not erased. Erase again.
reason-hidden-size = With its hidden areas opened, the drive should offer { BYTES($wanted) } and offers only { BYTES($size) }: the rest is not erased. Cut its power and erase again.
reason-level-not-reached = The level { $level ->
    [purge] Purge
   *[clear] Clear
} was planned, and what the drive shows afterwards does not bear it. The reason follows.

## Remarks on a proven erasure

remark-crypto-basis = Erasing the key counts on the word of this statement, which the policy names: { $statement }. The drive itself says nothing of it.
remark-foreign-sanitize = Stage { $stage }: a sanitize of unknown origin was running and was waited for. Nothing is concluded from it: the drive was erased afterwards.
remark-stage-adopted = Stage { $stage }: the bench stopped while the drive was erasing itself, and found it again { $count ->
    [one] once
   *[other] { $count } times
}. The erasure went on without it.
remark-stage-started-again = Stage { $stage }: begun { NUMBER($count) } times, because of an interruption or a failure. The last time went to the end.
remark-failure-mode-left = Stage { $stage }: a first sanitize failed and the drive was opened again, then erased again with success. Such a drive deserves examination before reuse.
remark-stages-buffered = The canaries or the reading back went through the system’s cache: they prove a little less than direct access.

paper-verification-by-drive = by canaries and reading back, after the drive’s own erasure: see the annex
