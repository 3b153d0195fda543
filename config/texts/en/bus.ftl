# How much all docks together can move: `tablerase bus`.

cli-bus-short = Measure how much the docks can move together
cli-bus-help =
    Reads each drive by itself, then all at once, and says what they reach. Where they hold each other up, the bus is the limit: write the value shown into the settings file, and the time left is told with regard to it. Nothing is written to any drive.

    Have as many fast drives in the docks as there will be at work. Do not measure while drives are being erased.
cli-argument-bus-addresses = Addresses of the drives. Without one, all of the machine that nothing else uses; simulated ones must be named.
cli-option-bus-seconds = For how long each drive is read, and all together. Default 3.

bus-step-alone = { $step } of { $steps }: { $address } by itself …
bus-step-together = { $step } of { $steps }: all together …
bus-column-alone = By itself
bus-column-together = With the others
bus-total = Together
bus-left-out = { $address } was left out: it is in use or must not be touched. “tablerase drives { $address }” says why.
bus-silent = { $address } could not be read. It may be sick, or its cable loose; leave it out of the measurement.
bus-full = Together they reach { $percent } % of what they could by themselves: the bus is the limit. For the settings file, at its top:
bus-roomy = The drives hardly hold each other up: the bus can do at least { BYTES($rate) }/s. Leave bus_bandwidth at 0, or measure again with more drives.
bus-too-few =
    At least two drives are needed to see whether they hold each other up; { $count } { $count ->
        [one] is
       *[other] are
    } free. { $left ->
        [0] Put more drives into the docks, or name simulated ones.
       *[other] “tablerase drives” says why others are not.
    }
bus-seconds-out-of-range = “{ $given }”: a whole number from { $least } to { $most } is expected.
