"""What sentences say: whom they instruct, what they are about, and which of them are alike."""
