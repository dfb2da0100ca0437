"""Reading a whole folder before it goes online: every text in it, whatever the format, and its history in git."""
