"""What erasing costs here, against named peers measured in the same run: `make bench`. No part of the product."""
