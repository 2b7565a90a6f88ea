"""From grids to records: recognise, align, bind, coerce."""
