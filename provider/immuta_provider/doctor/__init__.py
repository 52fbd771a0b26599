"""`cdktf-immuta doctor`: checks what a first deploy needs, on this machine and at the tenant."""
