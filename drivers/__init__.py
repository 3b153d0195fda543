"""Everything that touches the outside: drives, clocks, and later power, sensors and printers."""
