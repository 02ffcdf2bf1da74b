"""Drills: what a server at home goes through, done to a real one, with the figures printed.

    python -m scripts.drills [kill] [disk] [postgres] [slow] [memory] [writes] [fuzz] [pictures]

Each holds or does not; the exit status says so. They take some minutes altogether.
"""
