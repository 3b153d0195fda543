"""Commands to drives, as typed values: ATA through SAT, SCSI and NVMe admin, over one small transport."""
