"""The pages, a module each: what it asks of the other rooms, and what it shows. Each gives its routes."""
