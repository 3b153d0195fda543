"""Certificates and failure reports on paper: the record's words, laid out by typst."""
