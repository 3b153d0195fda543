"""The command line: `tablerase …`, in French and English, for people and for scripts."""
