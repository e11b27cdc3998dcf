#!/usr/bin/python3
"""with-swift.py COMMAND…: runs it beside a server that speaks S3: OpenStack Swift, of Debian's packages swift-proxy,
swift-account, swift-container and swift-object, and memcached, which halves the time. PINFOLD_TEST_S3 is its address, AWS_ACCESS_KEY_ID and
AWS_SECRET_ACCESS_KEY are what it takes. Everything is on 127.0.0.1 and in a temporary folder, and gone at the end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from getpass import getuser
from pathlib import Path

ACCESS_KEY, SECRET_KEY = 'pinfold:tester', 'testing'
SHARED = """
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
workers = 0
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
"""
BACKEND = """
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
# No updater runs here, so each list is right before a write is answered.
container_update_timeout = 60
"""
PROXY = f"""
[pipeline:main]
pipeline = catch_errors cache listing_formats s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
node_timeout = 60
conn_timeout = 10
[filter:tempauth]
use = egg:swift#tempauth
user_{ACCESS_KEY.replace(':', '_')} = {SECRET_KEY} .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:slo]
use = egg:swift#slo
rate_limit_segments_per_sec = 0
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{{cache_port}}
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:listing_formats]
use = egg:swift#listing_formats
"""
# What swift-proxy-server and the others do, with our swift.conf instead of the one in /etc.
RUN = """
import sys
from swift.common import utils
conf, kind, utils.SWIFT_CONF_FILE = sys.argv[1:]
from swift.common.wsgi import run_wsgi
prepare = lambda *_: None
if kind == 'object':
    from swift.obj.server import global_conf_callback as prepare
if kind == 'proxy':
    # A list of unfinished uploads has as many, not 1,000: to begin an upload takes it long.
    from swift.common.middleware.s3api.controllers import multi_upload
    multi_upload.DEFAULT_MAX_UPLOADS = 20
sys.exit(run_wsgi(conf, kind + '-server', global_conf_callback=prepare, verbose=True))
"""


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as server:
        return server.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(('127.0.0.1', port), timeout=5).close()
        return True
    except OSError:
        return False


def main(command):
    folder = Path(tempfile.mkdtemp(prefix='pinfold-swift-'))
    servers = []
    try:
        endpoint = start(folder, servers)
        variables = {'PINFOLD_TEST_S3': endpoint, 'AWS_ACCESS_KEY_ID': ACCESS_KEY, 'AWS_SECRET_ACCESS_KEY': SECRET_KEY}
        return subprocess.call(command, env={**os.environ, **variables})
    finally:
        for server in servers:
            server.kill()
            server.wait()
        shutil.rmtree(folder)


def start(folder, servers):
    """Starts the servers, and gives the address of the one that speaks S3 when all take connections."""
    ports = {kind: free_port() for kind in ('cache', 'account', 'container', 'object', 'proxy')}

    def run(kind, command):
        with open(folder / f'{kind}.log', 'w') as log:
            servers.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    (folder / 'swift.conf').write_text(
        '[swift-hash]\nswift_hash_path_suffix = pinfold\n[storage-policy:0]\nname = only\ndefault = yes\n')
    (folder / 'devices' / 'd1').mkdir(parents=True)
    run('cache', ['memcached', '-u', getuser(), '-l', '127.0.0.1', '-p', str(ports['cache']), '-U', '0'])
    for kind in ('account', 'container', 'object', 'proxy'):
        if kind != 'proxy':
            make_ring(folder / f'{kind}.builder', ports[kind])
        conf = folder / f'{kind}-server.conf'
        text = SHARED + (PROXY if kind == 'proxy' else BACKEND)
        names = {'user': getuser(), 'folder': folder, 'kind': kind, 'cache_port': ports['cache']}
        conf.write_text(text.format(port=ports[kind], **names))
        run(kind, ['/usr/bin/python3', '-c', RUN, str(conf), kind, str(folder / 'swift.conf')])
    for _ in range(300):
        if any(server.poll() is not None for server in servers):
            break
        if all(listens(port) for port in ports.values()):
            return f'http://127.0.0.1:{ports["proxy"]}'
        time.sleep(0.1)
    for log in sorted(folder.glob('*.log')):
        print(f'── {log.name}', *log.read_text().splitlines()[-10:], sep='\n', file=sys.stderr)
    sys.exit('Swift did not start')


def make_ring(builder, port):
    """One device, one copy of everything."""
    for arguments in (['create', '4', '1', '0'], ['add', f'r1z1-127.0.0.1:{port}/d1', '1'], ['rebalance']):
        subprocess.run(['swift-ring-builder', str(builder), *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
