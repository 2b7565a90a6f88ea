"""退回通知: for each return that goes back what is to be corrected, as a page that goes with it."""
