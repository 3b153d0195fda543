# Running the stages: what keeps them from going on, and what to do.

job-not-held-again = After the power cut the drive could not be taken hold of again. Check how it is plugged in, then “tablerase resume”.
stage-run-not-stored = Of { NUMBER($planted) } canary blocks planted, the drive does not give back { NUMBER($count) }. Without canaries nothing would prove its erasure: check how it is plugged in, or destroy it.
stage-run-psid-missing = The PSID of drive { $serial } is missing. Resume with --psid { $serial }=PSID, as printed on its label.
drive-not-answering = { $node }: the drive did not answer for { NUMBER($seconds) } seconds when it was asked what it can do. Cut its power, plug it in again and start over.
plan-consent-missing = A lesser level needs your consent: run again with --consent to give it. Nothing was done.
state-password-unusable = { $file } does not hold an ATA password: it takes 1 to 32 characters without spaces. Restore it from a backup; a drive may be locked with it.
reason-stage-no-name = Stage { $stage }: the drive did not say who it is for { NUMBER($seconds) } seconds. Nothing is proven: cut its power and start over, or destroy it.
reason-end-no-name = At the end the drive did not say who it is for { NUMBER($seconds) } seconds: nothing proves that it stayed the same. Start over.
remark-interrupted-drive-gone = The drive stopped answering on { DATE($at) } (unplugged, or without power), then was found again, recognised, and the work went on where it had stopped.
remark-interrupted-power-awaited = The power cut that was asked for was not seen (on { DATE($at) }); it was asked for again on resuming.
