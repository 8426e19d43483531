"""Every write of learning, by subject: questions, quizzes, attempts, digests, notes, reviews."""
