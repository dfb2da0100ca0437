"""`python -m avenant`."""

from avenant.cli.main import main

main()
