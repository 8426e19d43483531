"""What people type about quizzes, read and checked."""
