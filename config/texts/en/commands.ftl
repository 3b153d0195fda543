# What drives answer to commands. Codes in parentheses are the drive's own, as they came.

## A command refused, or left without a clear answer

command-refused =
    { $why ->
        [unsupported] The drive does not know this command ({ $code }).
        [invalid] The drive knows this command, but not in this form ({ $code }).
        [out-of-range] The drive refuses the address asked for ({ $code }).
        [not-ready] The drive is not ready ({ $code }). Wait a minute, then try again.
        [no-medium] There is no medium in the drive ({ $code }).
        [sanitize-running] A sanitize is running in the drive ({ $code }). Wait until it ends.
        [sanitize-failed] The drive's last sanitize failed ({ $code }). Do it again, or the drive has to be destroyed.
        [sanitize-frozen] Sanitize is blocked until the drive's next power-on ({ $code }). Switch its power off and on.
        [format-running] A format is running in the drive ({ $code }). Wait until it ends.
        [format-corrupt] The drive's last format did not come to its end ({ $code }). It has to be formatted again.
        [depopulating] The drive is taking a part of itself out of use, or back into it ({ $code }). Wait until it ends.
        [locked] The drive is locked ({ $code }). The password is needed, or the PSID printed on its label.
        [protected] The drive is write-protected ({ $code }).
        [medium] The drive cannot read or write its medium ({ $code }).
        [hardware] The drive reports a failure of its own ({ $code }).
        [aborted] The drive refused the command without saying why ({ $code }).
        [attention] The drive was just reset or changed ({ $code }); the command was not executed.
        [reserved] Another machine has reserved the drive ({ $code }).
        [busy] The drive is busy ({ $code }).
       *[other] The drive refused the command ({ $code }).
    }
command-unclear =
    { $doubt ->
        [lost] The command or its answer was lost on the way ({ $detail }). Check the cable and the enclosure.
        [malformed] The drive's answer does not have the form it should have ({ $detail }); nothing is concluded from it.
        [no-registers] The answer came back without the result asked for ({ $detail }); a USB enclosure may be losing it.
       *[contradiction] The drive's answer contradicts itself ({ $detail }); nothing is concluded from it.
    }
command-stopped = After { $count } lost commands the drive was not asked any more. Connect it in another way to learn more.

## What is between the bench and the drive

command-interface-none = This way ({ $interface }), no erase command reaches a drive: only overwriting is possible.
command-not-a-disk = The device says that it is of another type than a disk ({ $kind }); no erase command is sent to it.
command-identify-failed = The drive does not say who it is as it should; no erase command is sent to it.
command-usb-nvme-bridge = { $bridge } is a USB enclosure for NVMe drives, which does not pass all commands on: only overwriting is possible. For a purge, connect the drive to a PCIe port (M.2).
command-bridge-silent = The USB enclosure { $bridge } does not pass commands on to the drive: only overwriting is possible. For a purge, connect the drive directly by SATA.
command-twelve-only = The USB enclosure { $bridge } passes only short commands on: sanitize is out of reach. Connect the drive directly by SATA.
command-bridge-serial = The USB enclosure gives the serial number { $bridge }, the drive itself { $drive }; the drive's counts.
command-identity-differs = The drive now gives the serial number { $drive }, the system knows { $system } ({ $source }). Unplug the drive, plug it in again and start over.
command-size-differs = The drive says that it has { $drive } bytes, but { $way } bytes of them can be reached this way. Connect the drive directly, or the rest would not be overwritten.

## What the drive does not say

command-hidden-unknown =
    { $kind ->
        [hpa] It cannot be known whether a host protected area (HPA) reduces the drive's capacity.
        [dco] It cannot be known whether a configuration overlay (DCO) reduces the drive's capacity.
       *[ama] It cannot be known whether an accessible maximum address (AMA) reduces the drive's capacity.
    }
command-sanitize-half = The state of sanitize comes back incomplete, probably because of the USB enclosure: a sanitize could not be proven. Connect the drive directly by SATA.
command-opal-closed = The drive can encrypt itself, but whether it is locked could not be read. For SATA, the kernel has to be started with “libata.allow_tpm=1”.
command-sector-unknown = The size of the drive's sectors could not be read.
command-namespaces-unlisted = The list of all NVMe namespaces could not be read: there may be more of them.
command-namespaces-unread = NVMe namespaces that were not looked at one by one: { $count }.
command-controllers-unknown = The NVMe drive has several controllers, and their list could not be read: another machine may be using it.
