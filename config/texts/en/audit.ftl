# What auditing the ledger finds

audit-record-missing = The record at position { NUMBER($position) } is missing: position { NUMBER($found) } stands in its place. Restore the latest backup and keep the present state as evidence.
audit-record-altered = Record { $number } (position { NUMBER($position) }) was altered after it was signed. Its original certificate, with the donor, stands.
audit-record-unreadable = Record { $number } (position { NUMBER($position) }) carries an intact signature but has a format this version does not know. Use a newer version of the program.
audit-events-altered = The journal of job { $job } is no longer the one record { $number } was drawn from: an event was altered, added or removed.
audit-head-missing = The signed head of size { NUMBER($size) } is missing.
audit-head-altered = The signed head of size { NUMBER($size) } was altered or does not come from this station.
audit-head-misplaced = The head filed under size { NUMBER($size) } is that of size { NUMBER($found) }.
audit-root-differs = From record { $number } on, the ledger is not the one covered by the signed head of size { NUMBER($size) }.
audit-records-removed = Records were removed: a signed head counts { NUMBER($known) }, { NUMBER($found) } are left.
audit-known-head-differs = The first { NUMBER($size) } records are not those of the head you kept: the ledger was rewritten.
audit-known-head-refused = The head you kept was not signed by a key of this station, or was altered. Check that it comes from there.
audit-tree-differs = The hashes that the ledger keeps for its proofs are no longer those of its records, from { NUMBER($size) } records on. No certificate depends on them; restore the latest backup.
audit-record-unlogged = Record { $number } is not the one that the journal of job { $job } says it issued: its verdict, or the correction that it claims to be, is not logged there, or the job’s documents do not follow each other as logged.
audit-record-not-derived = Record { $number } is signed, but does not follow from the events of job { $job }: it says something else than they prove, or corrects what cannot be corrected.
