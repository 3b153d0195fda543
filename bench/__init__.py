"""The domain: what happens to a drive, and what may be claimed about it. No hardware, no screen."""
