"""The published record: what one job's evidence says, in the form that is signed, stored and given to donors."""
