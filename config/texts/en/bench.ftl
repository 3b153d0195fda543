# What the bench itself says: folder, journal, jobs, simulated drives.

## Folder and journal

state-absent = There is no bench in { $folder } yet. Check --state, or erase a first drive.
state-unusable = The bench’s folder { $folder } cannot be used ({ $why }). Check its permissions, or choose another with --state.
state-locked = The bench { $folder } is already held by process { $holder }. Wait until it has finished, or stop it cleanly (Ctrl-C in its terminal).
journal-unreadable = The journal { $path } cannot be read ({ $why }). Leave it as it is: copy the folder, then restore a backup.
journal-older = The journal { $path } is of an earlier version of this program, and a command that only reads does not change it. Open it once with “tablerase resume”: that brings it up to date, and goes on with unfinished jobs if there are any. Copy the folder before.
journal-unwritable = The journal { $path } can no longer be written ({ $why }). Free some space on that disk or repair it, then run “tablerase resume”.
journal-not-understood = The journal holds what this version cannot read ({ $why }). Use the version of Table Rase that wrote it, or a later one.
document-unwritable = The documents cannot be written to { $folder } ({ $why }). Free some space or correct the permissions; nothing is lost, the ledger holds them.
record-unknown = The ledger has no document no. { $number }. “tablerase certificate list” lists them.

## Jobs

plan-empty = Nothing was armed: not all of the set may be erased.
job-broke-off = Job { $job } broke off on a defect of the program ({ $what }). Nothing more was written; “tablerase resume” can go on with it. Please report this defect.
job-not-running = Job { $job } is not running. “tablerase resume --list” lists the unfinished ones.
job-not-resumable = Job { $job } is not unfinished, or does not exist. “tablerase resume --list” lists those that are.
drive-being-erased = { $address } is being erased (job { $job }). Wait until that job ends.
drive-not-claimed = { $address } cannot be claimed ({ $why }). Close what uses it or plug it in again, then try again.
drive-not-found = The drive expected at { $address } was not found ({ $why }). Plug it in again, then run “tablerase resume”.

reason-cancelled = The erasure was abandoned by order (operator: { $operator }).
reason-replaced = A new erasure of the same drive replaced this one before its end.
reason-worker-lost = The writing program was lost several times in a row ({ $what }). Examine the machine, then erase again.

## Drives never to be erased

protect-no-name = “{ $name }” is neither a serial number nor a WWN: it takes at least one letter or digit.
protect-unknown = “{ $name }” is not on the list of drives never to be erased. “tablerase protect --list” shows it.

## Simulated drives
sim-absent = There is no simulated drive at { $address }. Check the folder.
sim-another-drive = At { $address } is another simulated drive, with serial number { $serial }: nothing is written to it. Put the expected drive back.
sim-busy = The simulated drive { $address } is already claimed. Wait until whatever uses it has ended.
sim-no-answer = The simulated drive { $address } does not answer ({ $error }). Stop it and start it again.
sim-off = The simulated drive { $address } is switched off. Start it.
