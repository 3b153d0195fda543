"""The scenarios are the guest's to import; here they are one item each of test_rig.py."""

collect_ignore = ["scenarios"]
