# The demonstration (tablerase demo)

demo-planting = Preparing eight simulated drives of { BYTES($size) }, full of recognisable data…
demo-planted-files = Each drive carries an ext4 file system; { NUMBER($count) } marked lines in all.
demo-planted-text = Each drive carries marked text; { NUMBER($count) } lines in all. (With e2fsprogs it would be a real file system.)
demo-title = SIMULATION: no real drive was erased
demo-column-traces = Data found
demo-traces = { $count ->
    [0] none
    [one] { NUMBER($count) } line
   *[other] { NUMBER($count) } lines
}
demo-ledger-intact = Ledger and documents checked with the public key alone: { NUMBER($count) } records, unchanged since they were issued.
demo-ledger-altered = The ledger or a document does not agree with the public key ({ NUMBER($count) } records): do not rely on them.
demo-documents = Certificates and failure reports: { $folder }
demo-traces-none = Search of every drive declared erased: none of the original data.
demo-traces-found = Search of the drives declared erased: { NUMBER($count) } original lines found. This is a grave defect of the program: please report it.
demo-folder-taken = The folder { $folder } holds something else than a demonstration: nothing was touched. Choose another one with --folder.
demo-bad-size = Size “{ $found }” refused: give a number followed by M or G, at least { BYTES($least) }. Example: 256M.
cli-demo-help = Shows the whole journey on eight simulated drives, two of them sick: recognisable data, erasure in parallel, verdicts, ledger, certificates, then a search of every drive for the data. No real drive is touched.
cli-demo-short = Show the whole journey on simulated drives
cli-metavar-size = SIZE
cli-option-demo-size = size of each simulated drive, like 64M or 1G (64M by default)
cli-option-demo-folder = folder of the demonstration, replaced if it holds one (demo by default)
demo-planned = { $serial }: { $what }
demo-refused = Refused: { $serial } ({ $device }). A single refusal stops the set: this drive is left aside.
demo-consent = { $device }: Purge is out of reach, { $level ->
    [clear] Clear
   *[other] less
} at best. The demonstration’s operator agrees; that will be on the certificate.
demo-not-begun = REFUSED – NOTHING WAS DONE
