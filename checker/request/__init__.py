"""What a customer takes along: the letter, the pictures, the archive, the calendar entry."""
