"""Ctrl-C reaches the processes of the tests, also where a shell that runs these in the background has them ignore it."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
