"""Drills: put a real server through what happens at home, and print the figures.

python -m scripts.drills [kill] [disk] [postgres] [slow] [memory] [writes] [fuzz] [pictures]

The exit status says whether all of them held. They take some minutes altogether.
"""
