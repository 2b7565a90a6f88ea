"""What a bureau does with a year's submissions: carry them over, add them up, write about them, send some back."""
