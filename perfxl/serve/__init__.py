"""The work in a browser: pages over what the commands do, served from this machine or on the bureau's own network."""
