"""Questions and cards as files: pure functions between other programs' formats and our own shapes."""
