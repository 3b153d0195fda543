"""The same devices, simulated at their lowest interface."""
