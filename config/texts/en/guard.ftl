# Why a drive may not be erased: what was found, and what to do.
# Paths (/dev/sda), error codes and the kernel's names stay as they are.

## The address

guard-not-there = There is no drive at { $node }. Check its name and its cable; “tablerase drives” lists the drives present.
guard-not-block-device = { $node } is not a drive (block device). Give the address of a whole drive, such as /dev/sdb.
guard-not-in-sysfs = { $node } looks like a drive, but the kernel knows none by that number. Check that /sys is mounted, then plug the drive in again.
guard-node-missing = { $address } leads to the drive that the kernel calls { $node }, but { $node } is missing from /dev or leads elsewhere. Put /dev right before erasing.
guard-permission = The system denies access to { $node }. Run the command as root; in a container, also pass the device on to it.
guard-open-failed = { $node } cannot be opened (error { $error }). Check power and cable, plug the drive in again and retry.
guard-survey-failed = { $node } could not be examined ({ $what }). Until the cause is removed, this drive is not erased.
guard-silent = { $node } did not answer within { NUMBER($seconds) } seconds. Take this drive out, or switch its power off and on, and try again.

## What it is

guard-partition = { $node } is a partition. Only whole drives are erased: give { $disk }.
guard-stacked = { $node } is a volume built on { $beneath }. Take the volume apart, then erase the drives themselves.
guard-not-a-drive = { $node } is no drive that the bench can erase (an optical drive, memory, or a volume of the kernel). Give the address of a whole drive.
guard-loop-empty = { $node } is attached to no file. Attach one with “losetup”, or leave it out.
guard-loop-over-device = { $node } is only another way to the drive { $disk }. Detach it with “losetup -d { $node }” and give { $disk }.
guard-loop-in-state = { $node } is the file { $file }, which lies in the bench's own folder { $where }. Move that file or choose another.
guard-loop-file-missing = The file behind { $node } ({ $file }) was deleted, replaced, or cannot be seen from here. Detach it with “losetup -d { $node }” and attach the right file.
guard-zoned = { $node } is a host-managed zoned (SMR) drive, which this version cannot overwrite. Put it aside for destruction.

## It is in use

guard-mounted = { $node } is mounted on { $where }. If this drive really is to be erased, unmount it first with “umount”.
guard-holder = { $node } is used by { $holders } (LVM, encryption, RAID or a cache). If this drive really is to be erased, stop that volume first.
guard-swap = { $node } carries the active swap area { $where }. Turn it off with “swapoff” if this drive really is to be erased.
guard-held = Another program has claimed { $node }. Close it (“fuser -v { $node }” names it) and retry.
guard-system = { $node } carries this machine's system ({ $where }). It is never erased: leave it out.
guard-state = { $node } carries the bench's own folder ({ $where }) with its evidence. It is never erased: leave it out.
guard-program = { $node } carries the program itself ({ $where }). It is never erased: leave it out.
guard-read-only = { $node } is write-protected. Remove the protection (the card's switch, or “blockdev --setrw { $node }”) and retry.
guard-untraceable = The drive that carries { $where } could not be found ({ $found }): it might be { $node }. Run the bench from a system installed on an ordinary drive.

## Size and sectors

guard-size-unknown = The size of { $node } is not confirmed by a second reading. Plug the drive in again and retry; otherwise put it aside for destruction.
guard-size-zero = { $node } says that its size is zero: it has no medium, is broken or still busy. Wait, plug it in again and retry; otherwise put it aside for destruction.
guard-size-ask-level = If it is a SAS drive with sectors of 520 or 528 bytes, add --level (clear or purge), or --policy: the drive itself is then asked for its size.
guard-own-size-none = Asked itself, { $node } does not give a size in sectors of 520 or 528 bytes either. Switch its power off and on and retry; otherwise put it aside for destruction.
guard-sanitize-running = { $node } is erasing itself (sanitize), and gives no size meanwhile. That cannot be stopped: wait for its end, then plug the drive in again.
guard-note-own-size = The host cannot read the sectors of { $node }, of { $sector } bytes, and says that its size is zero. The drive itself gives { $size } bytes ({ $source }).
guard-size-differs = The sizes read for { $node } do not agree ({ $answers }, in bytes). Plug the drive in again; if they still differ, put it aside for destruction.
guard-size-unread = The size of { $node } could not be read by { $source } (error { $error }). Plug the drive in again and retry.
guard-sector-size = { $node } has sectors of { $sector } bytes; the bench writes sectors of 512 or 4096 bytes. Reformat the drive to one of these, or put it aside for destruction.
guard-size-not-sectors = The size of { $node } ({ $size } bytes) is not a whole number of sectors of { $sector } bytes. Correct the size of the file or drive.
guard-attribute-missing = The kernel says nothing about “{ $attribute }” of { $node }. Check that /sys is mounted and complete, then plug the drive in again.

## Who it is

guard-identity-unread = { $node } did not say who it is. Plug it into a SATA, SAS or NVMe dock and retry.
guard-identify-damaged = The answer of { $node } to IDENTIFY DEVICE cannot be used ({ $what }). Check the cable and plug the drive in again.
guard-behind-bridge = { $node } hides behind its USB bridge: only the bridge answers, not the drive. Plug the drive into a SATA or NVMe dock. A USB stick cannot be identified.
guard-command-at-work = { $node } is erasing itself by a command of this bench. Behind its USB bridge the drive cannot say who it is before the end. Wait for it, then try again.
guard-note-enclosure = The USB bridge of { $node } has the serial number { $serial }; this is not the drive's own.
guard-note-udev-serial = This system calls { $node } by the serial number { $serial } (lsblk, /dev/disk/by-id); the drive itself tells another, which counts.
guard-no-model = { $node } gives no model: it cannot be told from another drive. Plug it into another dock, or put it aside for destruction.
guard-no-serial = { $node } gives no serial number: it cannot be told from another drive. Plug it into another dock, or put it aside for destruction.

## The never-erase list, and the set asked for

guard-protected = { $node } is on the list of drives never to be erased ({ $name }, since { DATE($since) }: { $why }). Take it off the bench.
guard-same-node = { $address } and { $other } lead to the same drive, { $node }. Give it only once.
guard-may-be-same = { $node } and { $other } may be one and the same drive (serial number { $serial }). Disconnect one of the two ways to it and retry.
guard-siblings-apart = { $node } and { $other } are namespaces of one drive. With --level or --policy the drive erases both at once; without, order them one after the other.
guard-mixed = { $node } is in one set with others, some of them simulated and some real. Make two sets of them.

## What has changed since the plan

guard-replaced = The drive at { $node } is not the same one any more. Nothing will be written to it; put the planned drive back, or plan again.
guard-not-found = The drive { $model }, serial number { $serial }, is neither at { $hint } nor elsewhere on this machine. Plug it in again to resume.
guard-changed-source = The identity of { $node } is no longer read in the same way ({ $now } instead of { $was }). Put the drive back in its dock, or plan again.
guard-changed-model = The model of { $node } has changed: “{ $now }” instead of “{ $was }”. Put the planned drive back, or plan again.
guard-changed-serial = The serial number of { $node } has changed: “{ $now }” instead of “{ $was }”. Put the planned drive back, or plan again.
guard-changed-wwn = The WWN of { $node } has changed: “{ $now }” instead of “{ $was }”. Put the planned drive back, or plan again.
guard-changed-size = The size of { $node } has changed: { $now } bytes instead of { $was }. Plug the drive in again and plan again.
guard-changed-sector = The sector size of { $node } has changed: { $now } bytes instead of { $was }. Plug the drive in again and plan again.
guard-changed-siblings = The drive of { $node } now has { NUMBER($now) } addresses, instead of { NUMBER($was) }, or others than before. Look what became of them and plan again.
guard-changed-attachment = { $node } is attached differently ({ $now } instead of { $was }). Put the drive back in its dock, or plan again.
