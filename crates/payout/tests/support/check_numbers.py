"""Says of each line `module number` whether python-stdnum's module finds the number valid."""

import importlib
import sys

for line in sys.stdin:
    module, number = line.split()
    valid = importlib.import_module("stdnum." + module).is_valid(number)
    print("good" if valid else "bad")
