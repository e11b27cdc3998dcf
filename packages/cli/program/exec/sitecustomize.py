"""Run by every Python under `pinfold exec`, through PYTHONPATH, so it is written for old ones too and does two things:
a connection to one of Pinterest's hosts goes to Pinfold's port on this machine, and the authority that vouches for it
there is trusted beside whatever a program trusts. urllib3, httpx and aiohttp read no proxy unless they are told to, and
trust the certificates they bring along; such a program would reach Pinterest itself."""

import os
import sys


def _redirect(hosts, tls_port):
    import socket

    # Of this machine, and nobody's: connections to it are told by it, whatever resolved the name.
    stand_in = "127.80.73.78"
    resolve = socket.getaddrinfo
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def is_redirected(host):
        if isinstance(host, (bytes, bytearray)):
            host = bytes(host).decode("ascii", "replace")
        return isinstance(host, str) and host.lower().rstrip(".") in hosts

    def getaddrinfo(host, *args, **kwargs):
        return resolve(stand_in if is_redirected(host) else host, *args, **kwargs)

    def redirected(address):
        is_pair = isinstance(address, tuple) and len(address) == 2
        if is_pair and (address[0] == stand_in or is_redirected(address[0])):
            return ("127.0.0.1", tls_port)
        return address

    socket.getaddrinfo = getaddrinfo
    socket.socket.connect = lambda self, address: connect(self, redirected(address))
    socket.socket.connect_ex = lambda self, address: connect_ex(self, redirected(address))


def _trust(authority):
    import ssl

    load = ssl.SSLContext.load_verify_locations

    def load_verify_locations(self, *args, **kwargs):
        load(self, *args, **kwargs)
        load(self, cafile=authority)

    ssl.SSLContext.load_verify_locations = load_verify_locations


def _run_the_next():
    """Runs the sitecustomize that there would be without this one."""
    this = sys.modules.pop("sitecustomize", None)
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder or os.curdir) != here]
    try:
        import sitecustomize
    except ImportError as error:
        if getattr(error, "name", None) != "sitecustomize":
            raise
    finally:
        if this is not None:
            sys.modules.setdefault("sitecustomize", this)


if sys.version_info >= (3, 0) and "PINFOLD_EXEC_TLS_PORT" in os.environ:
    try:
        _redirect(frozenset(os.environ["PINFOLD_EXEC_HOSTS"].split(",")), int(os.environ["PINFOLD_EXEC_TLS_PORT"]))
        _trust(os.environ["PINFOLD_EXEC_CA"])
    except ImportError:
        pass  # A Python without sockets or TLS reaches nobody.
_run_the_next()
