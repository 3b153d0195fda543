"""Front ends that show a virtual drive to a real kernel: by TCMU, as a USB dock, as an NVMe/TCP target."""
