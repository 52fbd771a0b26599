"""`cdktf-immuta adopt`: a program of what a tenant has already. The running provider does not load it."""
