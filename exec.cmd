@rem The scripts of package.json say `exec`, so that npm speaks to the server and not to a shell. cmd.exe has no such word.
@%*
