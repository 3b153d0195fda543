# The command line: help pages, tables, progress, refusals.
# Names of commands and options stay as they are.

## Help pages

cli-usage = Usage:
cli-arguments = Arguments:
cli-options = Options:
cli-commands = Commands:

cli-metavar-options = [OPTIONS]
cli-metavar-command = COMMAND [ARGUMENTS]…
cli-metavar-devices = DRIVE…
cli-metavar-addresses = [DRIVE…]
cli-metavar-jobs = [JOB…]
cli-metavar-name = [NAME]
cli-metavar-drive-name = [SERIAL]
cli-metavar-drive-name-one = SERIAL
cli-metavar-number = NUMBER
cli-metavar-numbers = [NUMBER…]
cli-metavar-files = FILE…
cli-metavar-file = FILE
cli-metavar-dir = FOLDER
cli-metavar-method = METHOD
cli-metavar-verify = full|sample:P%|none
cli-metavar-count = N
cli-metavar-code = CODE
cli-metavar-seconds = SECONDS
cli-metavar-text = TEXT

cli-tablerase-short = A bench that erases drives
cli-tablerase-help =
    Table Rase erases whole drives, several at a time, checks the result and issues for each a certificate, or a failure report.

    A drive is named by its address: /dev/sdb, or sim:FOLDER for a simulated drive. Nothing is written before you confirm.

    Exit status: 0 if all drives are erased, remarks included; 1 if one of them is not, or if a document is not intact; 2 for a refusal; 3 for an interruption.
cli-option-state = The bench’s folder: journal, ledger, certificates and key. Default: /var/lib/tablerase for root, otherwise the user’s state folder. Variable: { $variable }. May also follow the command.
cli-option-lang = Language, French or English. Default: the system’s. May also follow the command.
cli-option-version = Show the version.
cli-option-help = Show this help.
cli-option-json = Write the result for a program, one JSON object per line.

cli-drives-short = List drives, and say which may be erased
cli-drives-help = Lists the whole drives of this machine, or those you name: who they are, and whether they may be erased or every reason why not. Nothing is written.
cli-argument-addresses = Addresses to look at, such as /dev/sdb or sim:FOLDER. Without one, all drives of the machine except simulated ones.

cli-methods-short = List the erasure methods, or show one in detail
cli-methods-help = Lists the erasure methods, or shows every pass of the one you name.
cli-argument-name = Method to show.
cli-option-methods-file = TOML file with the workshop’s own methods, besides the built-in ones.

cli-plan-short = Say what would be done, without writing anything
cli-plan-help = Says what would be done to each drive, pass by pass, and why; or every reason why it is refused. Nothing is written.
cli-argument-devices = Addresses of the drives: /dev/sdb, or sim:FOLDER. A single refusal stops the whole set.
cli-option-method = Erasure method; “tablerase methods” lists them. Required without --level and --policy.
cli-option-verify = Reading back the last pass: full (all of it, the default), sample:5% (a sample), none (the erasure will remain unproven).
cli-option-rounds = How many times the method is applied. Default: 1.
cli-option-blank = Add a last pass of zeros.

cli-erase-short = Erase drives
cli-erase-help =
    Erases the drives you name, all at once, and reads back the last pass. Each drive gets a verdict and, if proven erased, a certificate; otherwise a failure report.

    Before writing, the command shows model, serial number and size of every drive, and asks you to type a word.

    Ctrl-C stops cleanly, at the next point that each drive confirms; a second Ctrl-C stops without waiting. “tablerase resume” goes on later.

    Example: tablerase erase /dev/sdb /dev/sdc --method nist-clear --operator OP7
cli-option-operator = The operator’s code, for the certificates. A code, not a name.
cli-option-yes = Do not ask for confirmation. The certificate will say so.
cli-option-checkpoint = Time between two points to resume from, 0.05 to 3600 seconds. Default: 30.

cli-resume-short = Resume, list or abandon unfinished jobs
cli-resume-help = Resumes the jobs you name, or all unfinished ones, where each drive confirmed what it had written. That point is checked before going on.
cli-argument-jobs = Jobs to resume; without one, all. --list gives their names.
cli-option-resume-list = List the unfinished jobs and resume nothing.
cli-option-abandon = End the named jobs for good: erasure abandoned, with a failure report. The exit status is 1: the drive is not erased.

cli-protect-short = Keep the list of drives never to be erased
cli-protect-help = Puts a drive on the list of those that must never be erased here, by its serial number or WWN.
cli-argument-drive-name = Serial number or WWN of the drive to protect.
cli-option-why = Why this drive is protected.
cli-option-protect-list = Show the list.
cli-option-remove = Take the drive with this serial number or WWN off the list.

cli-certificate-short = List, show, export or verify certificates
cli-certificate-help = Erasure certificates and failure reports of this bench.
cli-certificate-list-short = List the documents issued
cli-certificate-list-help = Lists certificates and failure reports, oldest first.
cli-certificate-show-short = Show a document
cli-certificate-show-help = Shows a certificate or failure report. With --json, writes the signed file itself, byte for byte.
cli-argument-number = Number of the document.
cli-certificate-export-short = Copy documents to a folder
cli-certificate-export-help = Writes the signed file (JSON) and the pages (PDF) of the named documents, or of all, to a folder.
cli-argument-numbers = Numbers of the documents; without one, all.
cli-option-to = Folder to write to. Required.
cli-certificate-verify-short = Check that documents are unchanged
cli-certificate-verify-help =
    Checks that certificates are unchanged since they were issued, and who issued them. The JSON file and the workshop’s public key are enough.

    Exit status: 0 if all documents are unchanged and their key is known; 1 otherwise.
cli-argument-files = JSON files to check.
cli-option-keys = Public key (PEM) that you trust, or the station’s key list; may be repeated. Default: this bench’s own, if there is one.

cli-ledger-short = Check the ledger, give its signed head and its proofs
cli-ledger-help = The ledger in which every certificate and report is entered, in order.
cli-ledger-verify-short = Check the whole ledger
cli-ledger-verify-help = Checks every record, every signature and the journal they come from, with the public keys alone. What was altered, added or removed is named.
cli-option-key = A public key (PEM) of the station, or its key list; may be repeated. Default: all that this folder knows.
cli-option-head = Signed head that you kept: what it covered must still be there, unchanged.
cli-ledger-head-short = Write the ledger’s latest signed head
cli-ledger-head-help = Writes the ledger’s latest signed head as it is. A donor who keeps it can show that nothing was removed since.

## A command line that is not right

cli-see-help = Help: { $command }
cli-unknown-command = “{ $name }” is not a command. The help lists them.
cli-unknown-command-close = “{ $name }” is not a command. Did you mean: { $close }?
cli-unknown-option = There is no option { $name } here.
cli-unknown-option-close = There is no option { $name } here. Did you mean: { $close }?
cli-option-value-missing = Option { $option } expects a value.
cli-option-value-surplus = Option { $option } expects no value.
cli-missing-option = Option { $name } is missing.
cli-missing-argument = An argument is missing: { $name }
cli-too-many-arguments = { $count ->
        [one] This argument is one too many:
       *[other] These arguments are too many:
    } { $found }
cli-bad-value = The value given for { $name } will not do. { $why }
cli-usage-problem = The command cannot be understood ({ $what }).
cli-one-of = Only one of these options at a time: { $options }.
cli-not-a-verification = “{ $found }” is not a verification: choose full, none or sample:P%, with P from 0.1 to 100.
cli-not-a-count = “{ $found }” is not a whole number.
cli-not-seconds = “{ $found }” is not a time: give 0.05 to 3600 seconds.
cli-file-unreadable = The file { $file } cannot be read ({ $why }). Check its path and permissions.
cli-system-error = The system refused an operation: { $what }. Check permissions and free space, then try again.
cli-interrupted = Interrupted. Nothing more will be written.

## Tables

cli-column-drive = Drive
cli-column-erasable = May it be erased?
cli-column-warnings = To know
cli-column-refusal = Why it is refused
cli-column-verdict = Verdict
cli-column-key = Name
cli-column-passes = Passes
cli-column-title = Method
cli-column-pass = Pass
cli-column-content = What is written
cli-column-check = Read back
cli-column-job = Job
cli-column-state = How far it is
cli-column-number = Document
cli-column-name = Serial number or WWN
cli-column-since = Since
cli-column-why = Why

cli-none = –
cli-size = { BYTES($size) }
cli-date = { DATE($at) }
cli-duration = { DURATION($milliseconds) }
cli-percent = { PERCENT($permille) }
cli-rate = { BYTES($rate) }/s
cli-position = { BYTES($offset) } / { BYTES($size) }
cli-simulated = SIMULATED
cli-all-simulated = SIMULATION – no real drive is erased.
cli-serial = no. { $serial }
cli-kind = { $interface ->
        [sata] SATA
        [sas] SAS
        [scsi] SCSI
        [nvme] NVMe
        [usb] USB
        [virtio] virtio
        [mmc] memory card
        [loop] loop
        [simulated] simulated
       *[unknown] unknown interface
    }, { $medium ->
        [rotating] rotating disk
        [flash] flash memory
        [file] file
       *[unknown] unknown medium
    }
cli-erasable = May be erased
cli-not-erasable = May not be erased
cli-no-drives = No drive is visible on this machine. Check the cabling; a simulated drive must be named (sim:FOLDER).

## Methods and plan

cli-method-source = { $name } – after: { $source }
cli-methods-footnote = Unless asked otherwise, the last pass is always read back in full. One pass is enough: NIST (SP 800-88) finds further ones unnecessary.
cli-content-pattern = pattern { $pattern }
cli-content-long-pattern = pattern { $pattern }… ({ $count } bytes)
cli-content-random = random stream
cli-content-drawn = byte { $letter }, drawn for each drive
cli-content-complement = complement of byte { $letter }
cli-content-shuffled = { $count } patterns, in an order drawn for each drive
cli-check = { $kind ->
        [full] { PERCENT($permille) } read back
        [sample] sample of { PERCENT($permille) }
       *[none] –
    }
cli-plan-rounds = { $count ->
        [one] The method is applied once.
       *[other] The method is applied { $count } times.
    }
cli-plan-level = Level asked for: { $level }
cli-plan-check = { $kind ->
        [full] { PERCENT($permille) } of the last pass is read back and compared: this is what proves the erasure.
        [sample] Checked by a sample of { PERCENT($permille) }: the rest of the drive will not be read back.
       *[none] Nothing is read back: the erasure will remain unproven.
    }
cli-plan-bytes = In all, { BYTES($size) } will be written and read back.
cli-plan-refused = The set is refused: nothing would be erased as long as these reasons remain.

## Confirmation

cli-nothing-done = Nothing was written, to none of the drives asked for.
cli-no-terminal = Confirming takes a terminal. To do without, in a script, add --yes.
cli-confirm-warning = { $count ->
        [one] All that this drive holds will be destroyed. This cannot be undone.
       *[other] All that these { $count } drives hold will be destroyed. This cannot be undone.
    }
cli-confirm-question = To begin, type { $word }:
cli-confirm-word = ERASE
cli-not-confirmed = The word was not typed: nothing was written.

## Progress

cli-activity = { $activity ->
        [writing] writing
        [verifying] reading back
        [checking] checking
       *[other] waiting
    }
cli-stage = pass { $number }/{ $passes }, { $activity }
cli-progress-waiting = preparing…
cli-progress-stopped = STOPPED – CAN BE RESUMED
cli-progress-more = { $count ->
        [one] … and one more drive, for want of room
       *[other] … and { $count } more drives, for want of room
    }
cli-progress-footer = { $count ->
        [one] 1 drive
       *[other] { $count } drives
    }: { $running } at work, { $judged } with a verdict.
cli-progress-eta = Left for the whole set: { $eta }
cli-line-start = { $device } ({ $model }, no. { $serial }, { BYTES($size) }): start, { $stages ->
        [0] { $passes ->
            [one] 1 pass
           *[other] { $passes } passes
        }
        [one] 1 stage
       *[other] { $stages } stages
    }
cli-line-stage = { $device }: { $stage }
cli-line-progress = { $device }: { $stage }, { $percent }, { $rate }, { $eta } left
cli-line-ended = { $device }: { $result }
cli-stopping = Stop requested: each drive stops at its next confirmed point. Ctrl-C once more not to wait.
cli-stopping-at-once = Stopping at once: what was not confirmed will be written again when resumed.

## Result

cli-levels = Level asked for: { $asked }. Level achieved: { $achieved }.
cli-document-certificate = Certificate no. { $number }
cli-document-failure-report = Failure report no. { $number }
cli-document-waiting = Its files could not be written; they will be with the bench’s next command.
cli-documents = Documents (PDF and JSON): { $folder }
cli-more-reasons = { $count ->
        [one] … and one more reason, in the document.
       *[other] … and { $count } more reasons, in the document.
    }
cli-resume-hint = { $count ->
        [one] One job is unfinished, without a certificate: “tablerase resume” goes on with it.
       *[other] { $count } jobs are unfinished, without a certificate: “tablerase resume” goes on with them.
    }

## Resuming

cli-nothing-to-resume = No job is unfinished.
cli-abandon-which = Name the jobs to abandon: “tablerase resume --list” lists them.
cli-unfinished-progress = Pass { $number } of { $passes }; { PERCENT($permille) } of the work is proven.
cli-stopped-why = { $cause ->
        [operator] Stopped by the operator on { DATE($at) }.
        [operator-at-once] Stopped at once by the operator on { DATE($at) }.
        [paused] Paused on { DATE($at) }.
        [worker-lost] The writing program was lost on { DATE($at) }.
        [drive-gone] The drive no longer answered on { DATE($at) }: plug it in again, then resume.
        [power-awaited] The drive’s power was to be cut, and nothing showed that it was (on { DATE($at) }). Resume to be asked again.
       *[program-ended] The bench stopped without notice.
    }
cli-stopped-unrecorded = At work in another command, or stopped without notice (power cut, breakdown). Last heard of on { DATE($at) }.

## Protected drives

cli-protect-one-of = Give one thing to do: a serial number to protect, --list, or --remove SERIAL.
cli-protected = { $name } will never be erased by this bench.
cli-unprotected = { $name } is no longer on the list: it may be erased again.
cli-nothing-protected = The list of drives never to be erased is empty.

## Certificates and ledger

cli-no-records = No document has been issued yet.
cli-issued = issued on { DATE($at) }
cli-unstamped = Issued without the time stamp it should have: its date is the station’s own.
cli-fact = { $label }:
cli-exported = { $count ->
        [0] No document to write.
        [one] One document written to { $folder }.
       *[other] { $count } documents written to { $folder }.
    }
cli-ledger-intact = Ledger unchanged: { $records ->
        [0] no record.
        [one] 1 record, signed and in its place.
       *[other] { NUMBER($records) } records, all signed and in their places.
    }
cli-ledger-altered = Ledger altered: { $findings ->
        [one] 1 finding
       *[other] { $findings } findings
    } for { $records ->
        [0] no record
        [one] 1 record
       *[other] { NUMBER($records) } records
    }. Do not rely on it; keep this folder as evidence.
cli-key-fingerprint = The station’s key: { $fingerprint }
