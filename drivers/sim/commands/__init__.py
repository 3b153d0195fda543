"""The firmware of virtual drives: answers to raw SCSI commands (ATA inside, by SAT) and NVMe admin commands."""
