"""The verification page: one HTML file that checks certificates in any current browser, without network or server."""
