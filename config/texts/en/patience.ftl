# When a drive is given up while it still answers, and how the kernel’s flushes are made sure of.

## Given up

reason-too-slow = Pass { $pass }: for { DURATION($period) } the drive itself moved only { BYTES($speed) } per second (given up below { BYTES($limit) } per second, its share of the connection considered). Data may remain: destroy the drive, or plug it in elsewhere and erase it again if the cable or the dock is in doubt.
reason-errors-growing = Pass { $pass }: { $count ->
        [one] one error
       *[other] { NUMBER($count) } errors
    } over { BYTES($moved) } within { DURATION($period) } (given up above { NUMBER($limit) }, or above one per { BYTES($every) }). Data may remain: destroy the drive, or check cable and power supply and erase it again if they are in doubt.
reason-eta-too-long = Pass { $pass }: the time left stayed too long for { DURATION($period) }, last { DURATION($left) } (given up above { DURATION($limit) }). Data may remain: destroy the drive, or plug it in at a faster connection and erase it again.
reason-no-name = Pass { $pass }: asked for its identity, the drive did not answer for { NUMBER($seconds) } seconds. Data may remain: destroy the drive.

## Flushes

write-cache-flushed = The kernel took { $node } to have no write cache (“{ $found }”) and would have sent it no flush. As long as the drive is held, flushes are sent; the drive answered a first one. The kernel’s setting is put back afterwards.
write-cache-untried = The kernel took { $node } to have no write cache (“{ $found }”) and would have sent it no flush. As long as the drive is held, flushes are sent; none was tried at first, as the drive was still erasing or formatting itself. The kernel’s setting is put back afterwards.
write-cache-not-flushed = The kernel takes { $node } to have no write cache (“{ $found }”) and sends it no flush; that could not be changed ({ $why }). If the drive or its adapter has one after all, a power cut loses what was written last: a resumed erasure therefore goes back well before its last checkpoint.
write-cache-unknown = The kernel does not say whether { $node } has a write cache, so it is not known whether flushes are sent. A resumed erasure goes back well before its last checkpoint.
