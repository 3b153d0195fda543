# The drives’ firmware at the command line: what a drive can do, the stages planned, how far they are.

cli-metavar-level = clear|purge
cli-metavar-psid = SERIAL=PSID
cli-option-level = Level to reach: clear, out of reach of any computer, or purge, out of reach of a laboratory. The drives are then asked what they can do, and erase themselves where that is needed. Without this option and --policy the bench overwrites, and reaches Clear at most.
cli-option-policy = Policy (TOML) that says which techniques are allowed, in which order, and what is accepted; see config/policies/. By default, that of the level asked for.
cli-option-psid = PSID printed on the label of a drive locked by Opal, with its serial number; may be repeated.
cli-option-consent = Accept a lesser level where the one asked for is out of reach, if the policy leaves the choice. The consent is recorded on the certificate.
cli-option-drives-verbose = Also ask each drive that may be erased what it can do: command sets, sanitize, locks, hidden areas. Nothing is changed.
cli-not-a-level = “{ $found }” is not a level: choose clear or purge.
cli-not-a-psid = “{ $found }” is not a PSID: write SERIAL=PSID, the PSID having 32 letters and digits at most.
cli-method-or-level = Say how to erase: --method to overwrite, --level or --policy to have the drive erase itself where that is needed.
cli-consent-word = agreed

cli-keys-password-short = Show this station’s ATA password
cli-keys-password-help = Shows this station’s ATA password. It is set on a drive while it erases itself; after a breakdown it is what unlocks it.
cli-keys-password = ATA password of this station: { $password }
cli-keys-none = ATA password: none was drawn yet; it will be at the first erasure that needs one.

## Plan

cli-column-stage = Stage
cli-column-technique = Technique
cli-column-because = Why
cli-stages-heading = { $device } – policy “{ $policy }” – { $level } – { $overwriting ->
    [alone] overwriting by the bench
    [on-top] erasure by the drive, then overwriting by the bench
   *[none] erasure by the drive
}
cli-stage-by = { $kind }: { $technique }
cli-technique-overwrite = Overwriting by the bench

## Progress

cli-in-stage = stage { $number }/{ $stages }, { $kind }
cli-stage-elapsed = for { DURATION($milliseconds) }
cli-stage-estimate = for { DURATION($milliseconds) }, the drive announces { DURATION($estimate) }
cli-line-stage-progress = { $device }: { $stage }, { $percent }, { $times }
cli-request = { $device } – { $what } { $why }
cli-unfinished-stage = Stage { $number } of { $stages }: { $kind ->
    [wait] waiting
    [power-cycle] power cut
    [unlock] unlocking
    [restore] opening a hidden area
    [plant] planting canaries
    [erase] erasure by the drive
    [reformat] reformatting
    [check] looking for canaries
    [compare] comparison with before
   *[read-back] reading back
}.
cli-unfinished-end = All stages are done; the drive’s identity remains to be confirmed.

## What a drive can do

cli-capabilities = { $device } – what the drive says of itself
cli-capabilities-not-asked = Not asked: it may not be erased, the reasons are above.
cli-capability-commands = Commands
cli-capability-rotation = Medium
cli-capability-erasing = Can erase itself by
cli-capability-sanitize = Latest sanitize
cli-capability-security = ATA security
cli-capability-hidden = Hidden area
cli-capability-opal = Encryption (TCG)
cli-capability-namespaces = Namespaces
cli-capability-sectors = Sectors
cli-capability-zoned = Write zones
cli-capability-depopulated = Elements removed
cli-capability-retired = Retired sectors
cli-capability-asked = Asked with
cli-answer = { $answer ->
    [yes] yes
    [no] no
   *[indeterminate] indeterminate
}
cli-command-set = { $set ->
    [ata] ATA
    [scsi] SCSI
    [nvme] NVMe
   *[none] no safe command
}{ $bridge ->
    [none] {""}
   *[other] , through { $bridge }
}
cli-rotation = { $rpm ->
    [0] flash memory
   *[other] { NUMBER($rpm) } revolutions per minute
}{ $hybrid ->
    [yes] , hybrid: treated as flash
   *[other] {""}
}
cli-sanitize-state = { $state ->
    [never] none
    [running] under way, { PERCENT($permille) }
    [done] succeeded
    [failed] failed: the drive accepts nothing but another sanitize
   *[unknown] indeterminate
}{ $frozen ->
    [yes] , frozen
   *[other] {""}
}
cli-security-enabled = { $answer ->
    [yes] password set
    [no] no password
   *[indeterminate] password: indeterminate
}
cli-security-locked = { $answer ->
    [yes] locked
    [no] not locked
   *[indeterminate] lock: indeterminate
}
cli-security-frozen = { $answer ->
    [yes] frozen
    [no] not frozen
   *[indeterminate] freeze: indeterminate
}
cli-security-minutes = erasure announced to take { NUMBER($minutes) } min
cli-security-enhanced-minutes = enhanced erasure announced to take { NUMBER($minutes) } min
cli-hidden-area = { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
}: { $answer ->
    [yes] in use, whole drive { BYTES($size) } (0 if unknown)
    [no] not in use
   *[indeterminate] indeterminate
}
cli-opal = { $kind ->
    [none] none
    [opal] Opal
    [pyrite] Pyrite, which encrypts nothing
    [enterprise] Enterprise
    [other] other
   *[indeterminate] indeterminate
}{ $locked ->
    [yes] , locked
   *[other] {""}
}{ $shadowed ->
    [yes] , shadow MBR active
   *[other] {""}
}{ $blocked ->
    [yes] , SID blocked
   *[other] {""}
}
cli-namespace = no. { $nsid } ({ BYTES($size) })
cli-nvme = { $controllers ->
    [one] one controller
   *[other] { NUMBER($controllers) } controllers
}, { BYTES($unallocated) } in no namespace
cli-sector-format = { $size } bytes{ $protected ->
    [yes] , with protection
   *[no] {""}
}
cli-commands-sent = { $count ->
    [one] one command
   *[other] { NUMBER($count) } commands
}
cli-retired-sectors = { $count ->
    [0] none
    [one] one, which overwriting does not reach
   *[other] { NUMBER($count) }, which overwriting does not reach
}

## On paper

paper-firmware-title = Erasure by the drive itself
paper-period-value = from { DATE($start) } to { DATE($end) }
paper-stage = Stage { $number }: { $kind }
paper-stage-state = { $state ->
    [done] completed
    [failed] failed
    [refused] refused by the drive
    [waiting] not begun
   *[started] interrupted
}
paper-seen-running = seen at work by its own status
paper-starts = begun { NUMBER($count) } times
paper-canaries = Canary blocks
paper-canaries-unchecked = { NUMBER($planted) } planted, not looked for
paper-canaries-value = { NUMBER($planted) } planted and { NUMBER($kept) } original; survivors: { NUMBER($survivors) }; unreadable: { NUMBER($unread) }
paper-read-back = Read back in samples
paper-read-back-value = { PERCENT($permille) } ({ BYTES($size) } read, { BYTES($blank) } of them uniform); unreadable: { BYTES($unread) }; known blocks: { NUMBER($survivors) }. This shows the drive’s logical view.
paper-hidden = Hidden areas
paper-hidden-area = Hidden area { $kind ->
    [hpa] HPA
    [dco] DCO
   *[ama] AMA
}
paper-hidden-value = before: { $before ->
    [yes] in use
    [no] not in use
   *[indeterminate] indeterminate
}; { $action ->
    [none-needed] nothing to do
    [restored] opened
    [left] left
    [not-done] opening planned, not done
   *[unknown] nothing done
}; after: { $after ->
    [yes] in use
    [no] not in use
    [indeterminate] indeterminate
   *[unsaid] not read
}
paper-power-not-seen = asked for, not seen
paper-power-vanished = on { DATE($at) }; the drive vanished and came back
paper-power-counted = on { DATE($at) }; the drive counts { NUMBER($after) } power-ons, { NUMBER($before) } before
