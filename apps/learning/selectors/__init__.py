"""What learning reads, by subject: the lesson player, quizzes, cards."""
