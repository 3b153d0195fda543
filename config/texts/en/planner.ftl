# What the operator must know before arming an erasure.

plan-rounds-out-of-range = { $rounds } rounds of the method are asked for: choose 1 to { $max } rounds. One is enough.

plan-warning-flash = This medium is flash memory: overwriting reaches neither spare nor reallocated blocks. The level achieved will be Clear at most (data out of reach of ordinary commands).
plan-warning-medium-unknown = Whether this medium is a disk or flash memory is not known. If it is flash, spare or reallocated blocks will stay out of reach.
plan-warning-not-verified = Nothing will be read back: the erasure will stay unproven and the drive cannot leave the bench.
plan-warning-sampled = Reading back will be a sample: { PERCENT($permille) } of the drive. The certificate will carry this remark.
plan-warning-several-passes = The drive will be overwritten { $passes } times. One pass is enough: NIST (SP 800-88) calls further ones unnecessary.
