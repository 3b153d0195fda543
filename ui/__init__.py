"""What people and scripts use: command line, documents, and later the HTTP API and the touchscreen."""
