"""Data shipped with the bench: erasure methods, the certificate's template and schema, the texts."""
