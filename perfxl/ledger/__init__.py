"""Filed forms as tables: kept on the disk while they are added up, and written as data bases and files."""
