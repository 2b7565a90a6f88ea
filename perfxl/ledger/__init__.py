"""Filed forms as tables: kept on the disk while they are added up, what they come to, and data bases and files of them."""
