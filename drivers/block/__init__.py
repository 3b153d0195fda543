"""Real block devices: everything that can be found out about one without writing to it, and holding it exclusively."""
