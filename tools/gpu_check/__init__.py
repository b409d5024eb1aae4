"""The parts of gpu_check.py. Part A runs exported files in Python, part B runs segtrain."""
