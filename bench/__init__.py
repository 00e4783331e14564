"""One script a claim: each prints its figures beside those of a named peer or limit."""
