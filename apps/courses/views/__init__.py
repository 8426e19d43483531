"""The site's side of courses: generated covers and the teacher's studio."""
