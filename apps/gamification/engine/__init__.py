"""The habit as pure functions: what a person did goes in, points, streak, level and badges come out.

Nothing here knows a database. Whoever folds the same acts in the order of the log gets the same.
"""
