# What happens when an order to erase is given to a drive, or cannot be.

## An order that was not taken

erase-another-running = The drive is erasing itself already, on somebody else’s order. Wait for its end; nothing is given on top.
erase-status-stale = After the order the drive showed nothing but the outcome of an older erasure: nothing says that it began. Cut its power and try again, else destroy it.
erase-never-began = The drive accepted the order, but nothing shows that it set about erasing. Cut its power and try again, else destroy it.
erase-status-unreadable = The state of the erasure could not be read for { $seconds } seconds; nothing is concluded. Connect the drive directly, without a USB bridge.
erase-interrupted = This erasure was interrupted and nobody saw its end: it must be begun again.
erase-never-given = The order had not yet gone to the drive: the stage is to be begun.
erase-worker-busy = An order of this bench is still at work on this drive. Resume that job with “tablerase resume”.
erase-no-namespace = The drive shows no active namespace: there is nothing to format.

## The ATA password

erase-security-unsupported = The drive shows no ATA security that could be used.
erase-enhanced-unsupported = The drive does not know the enhanced secure erase.
erase-security-frozen = The drive’s security is frozen. Switch its power off and on, then try again.
erase-security-tries-spent = Too many wrong passwords were tried: the drive accepts none before its power is cut.
erase-password-refused = The drive refuses this station’s password; it is not tried again, as attempts are counted. Its owner can take the password off, else destroy the drive.
erase-password-left = The erasure was not taken ({ $why }), and the password that was set could not be taken off: the drive stays protected by this station’s password. Resume this job.

## Opal, hidden areas

erase-psid-refused = The drive refuses this PSID ({ $code }). Read the label again, character by character; attempts are counted.
erase-revert-impossible = This station cannot revert an Opal drive to its factory state: neither the kernel nor “sedutil-cli” can do it here. Install sedutil-cli or use another station.
erase-hidden-refused =
    { $kind ->
        [hpa] The drive refuses to open its hidden area (HPA). It accepts that once per power-on: cut its power and try again.
        [dco] The drive refuses to open its hidden area (DCO). It accepts that once per power-on: cut its power and try again.
       *[ama] The drive refuses to open its hidden area (AMA). It accepts that once per power-on: cut its power and try again.
    }
erase-native-differs = The drive gave two different capacities in a row; its hidden area is left alone. Connect it directly and try again.

## The drive, its power, the canaries

erase-drive-lost = Drive { $serial } no longer answers ({ $detail }). Check its power and its cable, then resume this job.
erase-drive-hangs = Drive { $serial } is there, and does not answer a command in the time it is given. Cut its power and try again; if it happens again, destroy it.
erase-not-to-be-disturbed = Drive { $serial } is in the middle of an erasure and must not be asked anything: that could interrupt it. Wait for its end.
erase-worker-silent = An order of this bench still holds { $node } and does not answer. Wait a few minutes, then resume this job.
erase-failure-mode-stays = The drive keeps its medium closed after its failed sanitize. Run it again, else destroy the drive.
erase-power-failed = The power of drive { $serial } could not be switched off and on ({ $why }).
erase-power-not-seen = Nothing shows that drive { $serial } was without power. Cut it for ten seconds, give it back, then resume this job.
erase-power-not-back = Drive { $serial } did not come back after the power cut. Check its cable and its power, then resume this job.
erase-power-not-counted = Drive { $serial } went and came back, but its own count of power-ons is still { $count }: it had power all the time. Cut its power itself, then resume this job.
erase-power-other = Another drive ({ $other }) is in the place of drive { $serial }, which did not come back: nothing was done to the other one. Put { $serial } back, then resume this job.
power-request-off = Drive { $serial }: CUT its power and wait ten seconds. ({ $minutes } min left)
power-request-on = Drive { $serial }: it is off. RESTORE its power, here or on another port. ({ $minutes } min left)
power-request-other = Another drive ({ $other }) is in the place of { $serial }: take it out and put { $serial } back. ({ $minutes } min left)
erase-plant-failed = A canary could not be written at byte { $offset } ({ $why }).
erase-namespace-out-of-reach = NVMe namespace { $nsid } cannot be reached this way: no canary can be planted there.
erase-block-odd = The drive has sectors of { $length } bytes, which the system can neither read nor write: no canary can be planted there.
