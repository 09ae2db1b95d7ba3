"""`backbeat bench`: how long things take on this machine, each beside a limit or beside another design."""
