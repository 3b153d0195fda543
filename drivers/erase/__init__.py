"""How each technique is done: small state machines over a `Transport` and a clock, one module for each family."""
